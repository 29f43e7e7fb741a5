#include "service/session.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "service/global.h"
#include "service/governor.h"

enum { PROOF_MS = 60000, LONGEST_BACKOFF_MS = 60000, LONGEST_NAME = 1 << 20, LONGEST_LOGGED = 1 << 20 };

/* ---- opening ---- */

static bool digest_proof(const struct ca_session *session, const struct ca_credential *credential,
                         unsigned char digest[CA_PROOF_OCTETS])
{
    unsigned octets = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const char *base = session->transport.lane_key; /* address, account and TLS identity */
    const char *secret = credential->header;
    bool done = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) &&
                EVP_DigestUpdate(context, base, strlen(base) + 1) &&
                EVP_DigestUpdate(context, secret, strlen(secret)) &&
                EVP_DigestFinal_ex(context, digest, &octets) && octets == CA_PROOF_OCTETS;
    EVP_MD_CTX_free(context);
    return done;
}

/* Called with the lock held; NULL: there is none of that digest. */
static struct ca_proof *find_proof(struct ca_global *global, const unsigned char digest[CA_PROOF_OCTETS])
{
    for (unsigned i = 0; i < CA_PROOFS; i++)
        if (memcmp(global->proofs[i].digest, digest, CA_PROOF_OCTETS) == 0)
            return &global->proofs[i];
    return NULL;
}

static bool was_proved(struct ca_global *global, const unsigned char digest[CA_PROOF_OCTETS])
{
    pthread_mutex_lock(&global->lock);
    const struct ca_proof *proof = find_proof(global, digest);
    bool proved = proof && proof->proved_ms && ca_clock_ms() - proof->proved_ms < PROOF_MS;
    pthread_mutex_unlock(&global->lock);
    return proved;
}

static void remember_proof(struct ca_global *global, const unsigned char digest[CA_PROOF_OCTETS])
{
    pthread_mutex_lock(&global->lock);
    struct ca_proof *proof = find_proof(global, digest);
    if (!proof)
        proof = &global->proofs[global->next_proof++ % CA_PROOFS];
    memcpy(proof->digest, digest, CA_PROOF_OCTETS);
    proof->proved_ms = ca_clock_ms();
    pthread_mutex_unlock(&global->lock);
}

/* The service has refused the credential: a connection that comes with it asks again. */
static void forget_proof(struct ca_session *session, const struct ca_credential *credential)
{
    unsigned char digest[CA_PROOF_OCTETS];
    struct ca_global *global = ca_global();
    if (!digest_proof(session, credential, digest))
        return;
    pthread_mutex_lock(&global->lock);
    struct ca_proof *proof = find_proof(global, digest);
    if (proof)
        proof->proved_ms = 0;
    pthread_mutex_unlock(&global->lock);
}

static bool prove(struct ca_session *session, const struct ca_wait *wait, struct ca_error *error)
{
    struct ca_reply reply;
    struct ca_listing *catalogs = NULL;
    ca_reply_init(&reply);
    ca_address_begin(&reply.url, session->transport.base, "catalogs",
                     ca_option_text(session->options, CA_OPTION_WORKSPACE));
    enum ca_next next = ca_session_get(session, &reply, true, wait);
    bool done = next != CA_NEXT_FAILED;
    if (next == CA_NEXT_READ && reply.has_columns) {
        catalogs = ca_session_list(session, &reply, error);
        done = catalogs != NULL;
    }
    if (next == CA_NEXT_FAILED)
        ca_error_move(error, &reply.error);
    if (!done && strcmp(error->state, "08S01") == 0)
        memcpy(error->state, "08001", sizeof error->state);
    if (catalogs)
        ca_cache_put(&session->cache, reply.url.data, catalogs);
    ca_reply_free(&reply);
    return done;
}

/* The digest of address, account and the credential of the moment. */
static bool make_proof(struct ca_session *session, unsigned char digest[CA_PROOF_OCTETS],
                       const struct ca_wait *wait, struct ca_error *error)
{
    struct ca_credential *credential = ca_auth_credential(&session->auth, true, wait, error);
    bool done = credential && (digest_proof(session, credential, digest) || ca_error_no_memory(error));
    ca_credential_release(credential);
    return done;
}

/* Proves the credentials, unless the same ones proved good a moment ago. Proving may have replaced them. */
static bool log_in(struct ca_session *session, const struct ca_wait *wait, struct ca_error *error)
{
    unsigned char digest[CA_PROOF_OCTETS];
    if (!make_proof(session, digest, wait, error))
        return false;
    if (was_proved(ca_global(), digest))
        return true;
    if (!prove(session, wait, error) || !make_proof(session, digest, wait, error))
        return false;
    remember_proof(ca_global(), digest);
    return true;
}

/* Whose requests the service counts: who signs in, however the options say who that is. */
static bool set_account(struct ca_session *session, struct ca_error *error)
{
    struct ca_buffer name = CA_BUFFER_INIT(LONGEST_NAME);
    ca_auth_name(&session->auth, &name);
    session->account = ca_buffer_take(&name);
    return session->account || ca_error_no_memory(error);
}

bool ca_session_open(struct ca_session *session, const struct ca_options *options, struct ca_log *log,
                     const char *user_agent, const struct ca_wait *wait, struct ca_error *error)
{
    memset(session, 0, sizeof *session);
    session->options = options;
    session->log = log;
    ca_cache_init(&session->cache, ca_option_number(options, CA_OPTION_METADATA_CACHE) * 1000);
    bool done = (ca_global() || ca_error_no_memory(error)) &&
                ca_transport_init(&session->transport, options, CA_OPTION_URL, user_agent, error) &&
                ca_auth_open(&session->auth, options, log, user_agent, error) &&
                set_account(session, error) && log_in(session, wait, error);
    if (!done)
        ca_session_close(session);
    return done;
}

struct ca_listing *ca_session_list(const struct ca_session *session, struct ca_reply *reply,
                                   struct ca_error *error)
{
    return ca_listing_read(reply, (size_t)ca_option_number(session->options, CA_OPTION_SPOOL_MEMORY), error);
}

void ca_session_close(struct ca_session *session)
{
    ca_cache_destroy(&session->cache);
    ca_auth_close(&session->auth);
    ca_transport_free(&session->transport);
    ca_free(session->account);
    session->account = NULL;
}

/* ---- sending ---- */

/* Milliseconds until the next attempt: what the service asks for, else doubling with jitter. */
static int64_t retry_delay(const struct ca_session *session, const struct ca_reply *reply, int attempt)
{
    if (reply->stream.content.transfer.died_kept && attempt == 0)
        return 0; /* not the service's failure: it had closed an idle connection */
    if (reply->stream.content.transfer.retry_after_s >= 0)
        return (int64_t)reply->stream.content.transfer.retry_after_s * 1000;
    int64_t delay = ca_option_number(session->options, CA_OPTION_RETRY_DELAY);
    for (int i = 0; i < attempt && delay < LONGEST_BACKOFF_MS; i++)
        delay *= 2;
    if (delay > LONGEST_BACKOFF_MS)
        delay = LONGEST_BACKOFF_MS;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return delay / 2 + (delay ? now.tv_nsec % (delay / 2 + 1) : 0);
}

/* false: cancelled meanwhile, or the deadline comes first. */
static bool sleep_before_retry(int64_t delay, const struct ca_wait *wait)
{
    int64_t until = ca_clock_ms() + delay;
    return until < wait->deadline && ca_cancel_sleep(wait->cancel, until);
}

static bool may_retry(const struct ca_session *session, const struct ca_reply *reply, int attempt)
{
    const struct ca_transfer *transfer = &reply->stream.content.transfer;
    if (attempt >= ca_option_number(session->options, CA_OPTION_MAX_RETRIES))
        return false;
    if (transfer->retry == CA_RETRY_NOT_SENT)
        return !transfer->exchange.connecting; /* a wrong address should show at once */
    return transfer->retry == CA_RETRY_REPEATABLE && transfer->exchange.repeatable;
}

static void note_outcome(struct ca_session *session, const struct ca_reply *reply,
                         const struct ca_exchange *exchange, enum ca_next next, int64_t began)
{
    const struct ca_error *error = &reply->error;
    const struct ca_transfer *transfer = &reply->stream.content.transfer;
    if (transfer->status == 429)
        ca_governor_refused(session->account,
                            transfer->retry_after_s > 0 ? (int64_t)transfer->retry_after_s * 1000 : 0,
                            ca_clock_ms());
    bool lost = next == CA_NEXT_FAILED && (strncmp(error->state, "08", 2) == 0);
    atomic_store_explicit(&session->broken, lost, memory_order_relaxed);
    enum ca_log_level level = next == CA_NEXT_FAILED ? CA_LOG_ERROR : CA_LOG_REQUEST;
    if (ca_log_wants(session->log, level))
        ca_log_write(session->log, level, "%s %s status %ld, %lld ms%s%s %s", exchange->body ? "POST" : "GET",
                     exchange->url, transfer->status, (long long)(ca_clock_ms() - began),
                     *error->state ? ", " : "", error->state, ca_error_text(error));
}

/* The wait for another attempt was cut short: that is what the application should hear. */
static void note_cancel(struct ca_reply *reply)
{
    ca_error_clear(&reply->error);
    ca_error_set(&reply->error, "HY008", 0, "The operation was cancelled.");
}

/* After a 429 the account's requests take turns. false: cancelled, or the turn comes too late; nothing was
 * sent. */
static bool wait_for_turn(struct ca_session *session, struct ca_reply *reply, const struct ca_wait *wait)
{
    int64_t limit = ca_option_number(session->options, CA_OPTION_RATE_LIMIT);
    for (;;) {
        int64_t now = ca_clock_ms();
        int64_t turn = ca_governor_turn(session->account, limit, now, wait->deadline);
        if (turn <= now)
            return true;
        if (turn >= wait->deadline)
            return ca_error_set(
                &reply->error, "HYT00", 429,
                "The request was not sent: the service has said that the account sends too many, "
                "and its turn comes in %lld ms, later than the timeout.",
                (long long)(turn - now));
        ca_log_write(session->log, CA_LOG_WARNING,
                     "The account sends too many requests, says the service: the next waits %lld ms.",
                     (long long)(turn - now));
        if (!ca_cancel_sleep(wait->cancel, turn))
            return ca_error_set(&reply->error, "HY008", 0, "The operation was cancelled.");
        if (limit <= 0 || ca_governor_hold(session->account) <= ca_clock_ms())
            return true;
    }
}

/* Fails a reply that was not asked for, or not again. */
static enum ca_next fail_unsent(struct ca_reply *reply, struct ca_error *error)
{
    ca_reply_close(reply);
    reply->stream.content.transfer.retry = CA_RETRY_NEVER;
    ca_error_move(&reply->error, error);
    return CA_NEXT_FAILED;
}

static enum ca_next send_once(struct ca_session *session, struct ca_reply *reply,
                              const struct ca_exchange *exchange, const struct ca_wait *wait)
{
    size_t max_row = (size_t)ca_option_number(session->options, CA_OPTION_MAX_ROW_BYTES);
    int64_t began = ca_clock_ms();
    enum ca_next next = CA_NEXT_FAILED;
    if (ca_reply_open(reply, &session->transport, exchange, wait, max_row))
        next = ca_reply_next_result(reply);
    if (next == CA_NEXT_READ && reply->stream.kept)
        next = ca_reply_take_whole(reply);
    if (next == CA_NEXT_FAILED && reply->stream.content.transfer.status == 401)
        forget_proof(session, exchange->credential);
    note_outcome(session, reply, exchange, next, began);
    return next;
}

/* Sends the request with the credential of the moment. Where the service refuses that one and there is
 * another, it is sent again, once and whatever it does: a 401 says that nothing was done. */
static enum ca_next send_signed(struct ca_session *session, struct ca_reply *reply,
                                struct ca_exchange *exchange, const struct ca_wait *wait)
{
    struct ca_error error = CA_ERROR_INIT;
    struct ca_credential *credential = ca_auth_credential(&session->auth, exchange->connecting, wait, &error);
    if (!credential)
        return fail_unsent(reply, &error);
    exchange->credential = credential;
    enum ca_next next = send_once(session, reply, exchange, wait);
    if (next == CA_NEXT_FAILED && reply->stream.content.transfer.status == 401) {
        struct ca_credential *another =
            ca_auth_replace(&session->auth, credential, exchange->connecting, wait, &error);
        exchange->credential = another;
        if (another)
            next = send_once(session, reply, exchange, wait);
        else if (ca_error_is_set(&error))
            next = fail_unsent(reply, &error);
        ca_credential_release(another);
    }
    ca_credential_release(credential);
    return next;
}

static enum ca_next perform(struct ca_session *session, struct ca_reply *reply, struct ca_exchange *exchange,
                            const struct ca_wait *wait)
{
    enum ca_next next = CA_NEXT_FAILED;
    ca_reply_close(reply);
    reply->broken = &session->broken;
    for (int attempt = 0;; attempt++) {
        if (!wait_for_turn(session, reply, wait))
            break;
        next = send_signed(session, reply, exchange, wait);
        if (next != CA_NEXT_FAILED || !may_retry(session, reply, attempt) ||
            !sleep_before_retry(retry_delay(session, reply, attempt), wait))
            break;
    }
    if (next == CA_NEXT_FAILED && wait->cancel && ca_cancel_requested(wait->cancel))
        note_cancel(reply);
    return next;
}

enum ca_next ca_session_post(struct ca_session *session, struct ca_reply *reply, const char *path,
                             const struct ca_body *body, bool repeatable, const struct ca_wait *wait)
{
    ca_reply_close(reply); /* it reads from both */
    ca_buffer_clear(&reply->url);
    ca_buffer_clear(&reply->body);
    ca_address_begin(&reply->url, session->transport.base, path,
                     ca_option_text(session->options, CA_OPTION_WORKSPACE));
    if (reply->url.failure || !ca_body_write(&reply->body, body)) {
        ca_error_set(&reply->error, reply->body.failure == CA_BUFFER_TOO_BIG ? "HY000" : "HY001", 0,
                     "The request is too big or memory ran out.");
        return CA_NEXT_FAILED;
    }
    if (ca_log_wants(session->log, CA_LOG_DETAIL))
        ca_log_write(session->log, CA_LOG_DETAIL, "statement: %.*s",
                     (int)(body->query_octets < LONGEST_LOGGED ? body->query_octets : LONGEST_LOGGED),
                     body->query);
    struct ca_exchange exchange = {.url = reply->url.data,
                                   .body = reply->body.data,
                                   .body_octets = reply->body.length,
                                   .repeatable = repeatable};
    return perform(session, reply, &exchange, wait);
}

enum ca_next ca_session_get(struct ca_session *session, struct ca_reply *reply, bool connecting,
                            const struct ca_wait *wait)
{
    if (reply->url.failure) {
        if (reply->url.failure == CA_BUFFER_TOO_BIG)
            ca_error_set(&reply->error, "HY000", 0,
                         "The address of the request is too long: shorten Workspace, or the "
                         "names that are asked for.");
        else
            ca_error_no_memory(&reply->error);
        return CA_NEXT_FAILED;
    }
    struct ca_exchange exchange = {.url = reply->url.data, .repeatable = true, .connecting = connecting};
    return perform(session, reply, &exchange, wait);
}
