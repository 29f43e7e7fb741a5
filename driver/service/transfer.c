/* HTTP transfers: what libcurl is asked to do, what came of it, and waiting for it. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "service/global.h"
#include "service/lane.h"
#include "service/transport.h"

enum {
    RECEIVE_OCTETS = 512 * 1024, /* most that one read takes from the socket */
    /* libcurl reads on while there is something: then it is paused. Little at first, for the first row's
       sake. */
    FIRST_PULL_OCTETS = 64 * 1024,
    MOST_PULL_OCTETS = 384 * 1024,
    LONGEST_POLL_MS = 60000,
    DRAIN_MS = 20,
    DRAIN_OCTETS = 256 * 1024,
    LONGEST_RETRY_AFTER_S = 60
};

/* The time that nobody received is not the service's. */
static void resume(struct ca_transfer *transfer)
{
    int64_t now = ca_clock_ms();
    if (now - transfer->last_byte_ms > transfer->longest_pause_ms)
        transfer->longest_pause_ms = now - transfer->last_byte_ms;
    transfer->last_byte_ms = now;
}

/* To go on costs nothing; libcurl would copy what it has in hand for one that it pauses. */
static bool go_on(struct ca_transfer *transfer)
{
    const struct ca_sink *sink = &transfer->sink;
    transfer->last_byte_ms = ca_clock_ms();
    if (!sink->go_on || !sink->go_on(sink->context))
        return false;
    resume(transfer);
    transfer->pulled = 0;
    return true;
}

static size_t receive_body(char *data, size_t size, size_t count, void *context)
{
    struct ca_transfer *transfer = context;
    size_t octets = size * count;
    if (transfer->pulled >= transfer->pull_most && !go_on(transfer)) {
        transfer->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    transfer->pulled += octets;
    transfer->received += octets;
    if (transfer->sink.take(transfer->sink.context, data, octets))
        return octets;
    transfer->sink_failed = true;
    return 0;
}

static size_t send_body(char *data, size_t size, size_t count, void *context)
{
    struct ca_transfer *transfer = context;
    size_t room = size * count;
    size_t left = transfer->exchange.body_octets - transfer->body_sent;
    size_t octets = left < room ? left : room;
    memcpy(data, transfer->exchange.body + transfer->body_sent, octets);
    transfer->body_sent += octets;
    transfer->progress_ms = ca_clock_ms();
    return octets;
}

/* Called each time before a request goes out. libcurl would repeat one on its own when a kept connection
 * turns out dead: what is sent again is decided and counted in session.c alone. A proxy's refusal is an
 * answer. */
static int before_request(void *context, char *remote_address, char *local_address, int remote_port,
                          int local_port)
{
    struct ca_transfer *transfer = context;
    (void)remote_address;
    (void)local_address;
    (void)remote_port;
    (void)local_port;
    if (transfer->asked && !transfer->answered) {
        transfer->died_kept = true;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer->asked = true;
    transfer->answered = false;
    return CURL_PREREQFUNC_OK;
}

/* libcurl asks for this before it repeats a request, see above. */
static int rewind_body(void *context, curl_off_t offset, int origin)
{
    struct ca_transfer *transfer = context;
    bool may = transfer->answered || transfer->body_sent == 0;
    transfer->died_kept |= !may;
    if (origin != SEEK_SET || offset != 0 || !may)
        return CURL_SEEKFUNC_FAIL;
    transfer->body_sent = 0;
    return CURL_SEEKFUNC_OK;
}

static bool header_is(const char *line, size_t octets, const char *name, const char **value,
                      size_t *value_octets)
{
    size_t length = strlen(name);
    if (octets <= length || line[length] != ':' || !ca_text_same_n(line, length, name))
        return false;
    *value_octets = octets - length - 1;
    *value = ca_text_trim(line + length + 1, value_octets);
    return true;
}

/* Retry-After: seconds, or a date. */
static int read_retry_after(const char *value, size_t octets)
{
    char text[64];
    int64_t seconds;
    if (octets >= sizeof text)
        return -1;
    memcpy(text, value, octets);
    text[octets] = '\0';
    if (!ca_text_integer(text, octets, &seconds)) {
        time_t when = curl_getdate(text, NULL);
        if (when < 0)
            return -1;
        seconds = (int64_t)when - (int64_t)time(NULL);
    }
    if (seconds < 0)
        seconds = 0;
    return seconds > LONGEST_RETRY_AFTER_S ? LONGEST_RETRY_AFTER_S : (int)seconds;
}

static size_t receive_header(char *line, size_t size, size_t count, void *context)
{
    struct ca_transfer *transfer = context;
    size_t octets = size * count;
    const char *value;
    size_t length;
    if (octets > 5 && memcmp(line, "HTTP/", 5) == 0) {
        transfer->answered = true;
        transfer->encoding = CA_ENCODING_IDENTITY;
        transfer->html = false;
        transfer->retry_after_s = -1;
    } else if (header_is(line, octets, "Content-Encoding", &value, &length)) {
        bool gzip = ca_text_same_n(value, length, "gzip") || ca_text_same_n(value, length, "x-gzip");
        bool identity = ca_text_same_n(value, length, "identity");
        transfer->encoding = gzip ? CA_ENCODING_GZIP : identity ? CA_ENCODING_IDENTITY : CA_ENCODING_UNKNOWN;
    } else if (header_is(line, octets, "Content-Type", &value, &length)) {
        transfer->html = length >= 9 && ca_text_same_n(value, 9, "text/html");
    } else if (header_is(line, octets, "Retry-After", &value, &length)) {
        transfer->retry_after_s = read_retry_after(value, length);
    }
    return octets;
}

static bool add_header(struct ca_lane *lane, const char *header)
{
    struct curl_slist *list = curl_slist_append(lane->headers, header);
    if (list)
        lane->headers = list;
    return list != NULL;
}

static bool add_headers(const struct ca_transfer *transfer, struct ca_lane *lane)
{
    const struct ca_exchange *exchange = &transfer->exchange;
    bool added = add_header(lane, "Accept: application/json");
    if (exchange->credential)
        added = added && add_header(lane, exchange->credential->header);
    if (transfer->transport->compression)
        added = added && add_header(lane, "Accept-Encoding: gzip");
    if (exchange->body)
        added = added &&
                add_header(lane, exchange->form ? "Content-Type: application/x-www-form-urlencoded"
                                                : "Content-Type: application/json") &&
                add_header(lane, "Expect:");
    return added;
}

static void set_body(CURL *easy, struct ca_transfer *transfer)
{
    if (!transfer->exchange.body)
        return;
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->exchange.body_octets);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, send_body);
    curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_body);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer);
}

static bool set_request(struct ca_transfer *transfer, struct ca_lane *lane)
{
    CURL *easy = lane->easy;
    const struct ca_transport *transport = transfer->transport;
    if (!add_headers(transfer, lane) || curl_easy_setopt(easy, CURLOPT_URL, transfer->exchange.url) ||
        curl_easy_setopt(easy, CURLOPT_USERAGENT, transport->user_agent) ||
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, transport->scheme) ||
        !ca_tls_apply(&transport->tls, easy, &lane->finding) || !ca_proxy_apply(&transport->proxy, easy))
        return false;
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lane->headers);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_OCTETS);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     transport->connect_timeout_ms ? (long)transport->connect_timeout_ms : 0x7FFFFFFL);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* nobody waits for a name that does not resolve */
    if (ca_global()->shared)
        curl_easy_setopt(easy, CURLOPT_SHARE, ca_global()->shared);
    set_body(easy, transfer);
    return true;
}

bool ca_transfer_begin(struct ca_transfer *transfer, const struct ca_transport *transport,
                       const struct ca_exchange *exchange, const struct ca_sink *sink, struct ca_error *error)
{
    *transfer = (struct ca_transfer){.transport = transport,
                                     .exchange = *exchange,
                                     .sink = *sink,
                                     .retry_after_s = -1,
                                     .last_byte_ms = ca_clock_ms(),
                                     .progress_ms = ca_clock_ms()};
    struct ca_lane *lane = ca_lane_take(transport->lane_key);
    if (!lane)
        return ca_error_no_memory(error);
    if (!set_request(transfer, lane) || curl_multi_add_handle(lane->multi, lane->easy)) {
        ca_lane_give(lane, 0);
        return ca_error_no_memory(error);
    }
    transfer->lane = lane;
    return true;
}

static void wake_lane(void *multi)
{
    curl_multi_wakeup(multi);
}

static void read_messages(struct ca_transfer *transfer)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(transfer->lane->multi, &left)))
        if (message->msg == CURLMSG_DONE) {
            transfer->finished = true;
            transfer->code = message->data.result;
        }
}

/* How far the connection came: what certificates it showed, what a proxy said. */
static void note_way(const struct ca_transfer *transfer, struct ca_failure *failure)
{
    CURL *easy = transfer->lane->easy;
    const char *proxy = transfer->transport->proxy.host;
    long proxy_verified = 0;
    failure->finding = &transfer->lane->finding;
    curl_easy_getinfo(easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &proxy_verified);
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &failure->proxy_status);
    curl_easy_getinfo(easy, CURLINFO_PROXY_ERROR, &failure->proxy_code);
    failure->proxy_tls = proxy_verified != 0;
    if (proxy && (failure->proxy_tls || strstr(transfer->detail, proxy)))
        failure->proxy = transfer->transport->proxy.address;
}

static enum ca_pull fail(struct ca_transfer *transfer, struct ca_error *error)
{
    struct ca_failure failure = ca_transfer_facts(transfer);
    if (transfer->sink_failed) {
        ca_error_no_memory(error);
        transfer->retry = CA_RETRY_NEVER;
        return CA_PULL_FAILED;
    }
    CURLcode code = transfer->code;
    if (transfer->died_kept) {
        code = CURLE_GOT_NOTHING;
        transfer->detail[0] = '\0';
    }
    note_way(transfer, &failure);
    /* Connecting and waiting share libcurl's time-out code; only the first happens before anything was sent.
     */
    transfer->retry = ca_failure_of_transport(&failure, code, transfer->detail, error);
    if (transfer->retry == CA_RETRY_NOT_SENT && transfer->body_sent)
        transfer->retry = CA_RETRY_REPEATABLE;
    return CA_PULL_FAILED;
}

/* The request must leave within ConnectTimeout of the last progress: libcurl's own clock covers connecting
 * only. */
static int64_t send_deadline(struct ca_transfer *transfer)
{
    long request_octets = 0;
    int limit = transfer->transport->connect_timeout_ms;
    bool body_left = transfer->body_sent < transfer->exchange.body_octets;
    if (!limit || transfer->status)
        return CA_NO_DEADLINE;
    curl_easy_getinfo(transfer->lane->easy, CURLINFO_REQUEST_SIZE, &request_octets);
    return request_octets && !body_left ? CA_NO_DEADLINE : transfer->progress_ms + 2 * (int64_t)limit;
}

bool ca_wait_is_over(const struct ca_wait *wait, const char *more, struct ca_error *error)
{
    if (wait->cancel && ca_cancel_requested(wait->cancel))
        return !ca_error_set(error, "HY008", 0, "The operation was cancelled.%s", more);
    if (ca_clock_ms() >= wait->deadline)
        return !ca_error_set(error, "HYT00", 0, "The service did not answer in time.%s", more);
    return false;
}

/* What an error adds where a write was sent and nothing is known of it. */
static const char *unknown_outcome(const struct ca_transfer *transfer)
{
    return transfer->exchange.repeatable || !transfer->body_sent
               ? ""
               : " The statement was sent; its outcome is unknown.";
}

bool ca_transfer_wait_is_over(const struct ca_transfer *transfer, const struct ca_wait *wait,
                              int64_t heard_ms, struct ca_error *error)
{
    const char *unknown = unknown_outcome(transfer);
    if (ca_wait_is_over(wait, unknown, error))
        return true;
    if (wait->idle_ms && ca_clock_ms() - heard_ms >= wait->idle_ms)
        return !ca_error_set(error, "HYT01", 0, "No data from the service for %lld seconds (IdleTimeout).%s",
                             (long long)(wait->idle_ms / 1000), unknown);
    return false;
}

static bool waited_too_long(struct ca_transfer *transfer, const struct ca_wait *wait, struct ca_error *error)
{
    enum ca_retry retry = CA_RETRY_NEVER;
    if (!ca_transfer_wait_is_over(transfer, wait, transfer->last_byte_ms, error)) {
        if (ca_clock_ms() < send_deadline(transfer))
            return false;
        retry = transfer->body_sent ? CA_RETRY_NEVER : CA_RETRY_NOT_SENT;
        ca_error_set(error, transfer->exchange.connecting ? "08001" : "08S01", 0,
                     "The request could not be sent to %s in time (ConnectTimeout).%s",
                     transfer->transport->host, unknown_outcome(transfer));
    }
    ca_transfer_give_up(transfer, retry);
    return true;
}

static int poll_time(struct ca_transfer *transfer, const struct ca_wait *wait)
{
    int64_t until = ca_deadline_earlier(wait->deadline, send_deadline(transfer));
    if (wait->idle_ms)
        until = ca_deadline_earlier(until, transfer->last_byte_ms + wait->idle_ms);
    int left = ca_deadline_left(until, LONGEST_POLL_MS);
    return left > 0 ? left : 1;
}

static size_t pull_most(uint64_t received)
{
    if (received < FIRST_PULL_OCTETS)
        return FIRST_PULL_OCTETS;
    return received < MOST_PULL_OCTETS ? (size_t)received : MOST_PULL_OCTETS;
}

static enum ca_pull pull(struct ca_transfer *transfer, const struct ca_wait *wait, struct ca_error *error)
{
    CURLM *multi = transfer->lane->multi;
    for (;;) {
        uint64_t before = transfer->received;
        int running;
        if (waited_too_long(transfer, wait, error))
            return CA_PULL_FAILED;
        transfer->pulled = 0;
        transfer->pull_most = pull_most(before);
        if (transfer->paused) {
            transfer->paused = false;
            curl_easy_pause(transfer->lane->easy, CURLPAUSE_CONT);
        }
        if (curl_multi_perform(multi, &running)) {
            transfer->code = CURLE_OUT_OF_MEMORY;
            return fail(transfer, error);
        }
        read_messages(transfer);
        if (!transfer->status)
            curl_easy_getinfo(transfer->lane->easy, CURLINFO_RESPONSE_CODE, &transfer->status);
        if (transfer->finished && transfer->code != CURLE_OK && transfer->received == before)
            return fail(transfer, error);
        if (transfer->received != before) {
            transfer->last_byte_ms = ca_clock_ms();
            return transfer->sink_failed ? fail(transfer, error) : CA_PULL_DATA;
        }
        if (transfer->finished)
            return CA_PULL_END;
        curl_multi_poll(multi, NULL, 0, poll_time(transfer, wait), NULL);
    }
}

void ca_transfer_give_up(struct ca_transfer *transfer, enum ca_retry retry)
{
    transfer->retry = retry;
    transfer->given_up = true;
}

enum ca_pull ca_transfer_forked(struct ca_transfer *transfer, struct ca_error *error)
{
    ca_transfer_give_up(transfer, CA_RETRY_NEVER);
    ca_error_set(
        error, "08S01", 0,
        "This result is read by the process that asked for it: after fork, execute the statement again.");
    return CA_PULL_FAILED;
}

enum ca_pull ca_transfer_pull(struct ca_transfer *transfer, const struct ca_wait *wait,
                              struct ca_error *error)
{
    if (transfer->finished)
        return transfer->code == CURLE_OK ? CA_PULL_END : fail(transfer, error);
    if (!ca_lane_is_own(transfer->lane))
        return ca_transfer_forked(transfer, error);
    resume(transfer); /* the idle clock runs only while a call waits */
    if (wait->cancel)
        ca_cancel_attach(wait->cancel, wake_lane, transfer->lane->multi);
    enum ca_pull result = pull(transfer, wait, error);
    if (wait->cancel)
        ca_cancel_detach(wait->cancel);
    transfer->last_byte_ms = ca_clock_ms();
    return result;
}

static bool discard(void *context, const char *data, size_t octets)
{
    (void)context;
    (void)data;
    (void)octets;
    return true;
}

static void drain(struct ca_transfer *transfer)
{
    struct ca_error ignored = CA_ERROR_INIT;
    struct ca_wait brief = {.deadline = ca_deadline_after(DRAIN_MS)};
    uint64_t enough = transfer->received + DRAIN_OCTETS;
    transfer->sink = (struct ca_sink){.take = discard};
    while (!transfer->finished && transfer->received < enough &&
           ca_transfer_pull(transfer, &brief, &ignored) == CA_PULL_DATA)
        ;
    ca_error_clear(&ignored);
}

void ca_transfer_end(struct ca_transfer *transfer)
{
    if (!transfer->lane)
        return;
    if (!transfer->given_up)
        drain(transfer);
    bool whole = transfer->finished && transfer->code == CURLE_OK;
    ca_lane_give(transfer->lane, whole ? transfer->transport->keep_ms : 0);
    transfer->lane = NULL;
}
