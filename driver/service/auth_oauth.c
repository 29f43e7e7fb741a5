#include "service/auth_oauth.h"

#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "service/secret.h"
#include "service/document.h"
#include "service/request.h"

enum { LONGEST_FORM = 256 * 1024, LONGEST_ANSWER = 64 * 1024, ANSWER_MS = 30000 };

/* What an authority says of a request that it does not grant: RFC 6749 section 5.2, RFC 8628 section 3.5. */
static const struct {
    const char *code; /* NULL closes the table: everything else */
    enum ca_oauth_answer answer;
    const char *hint;
} refusals[] = {
    {"authorization_pending", CA_OAUTH_PENDING, "The sign-in is not finished yet."},
    {"slow_down", CA_OAUTH_SLOW_DOWN, "The sign-in is not finished yet."},
    {"invalid_grant", CA_OAUTH_REFUSED,
     "The sign-in is over or was withdrawn. Sign in again: connectai-dsn sign-in and the data source's "
     "name."},
    {"expired_token", CA_OAUTH_REFUSED, "The code has expired. Begin the sign-in again."},
    {"access_denied", CA_OAUTH_REFUSED, "The sign-in was declined."},
    {"invalid_client", CA_OAUTH_REFUSED, "Check OAuthClientId and OAuthClientSecret."},
    {"unauthorized_client", CA_OAUTH_REFUSED,
     "Your OAuth application is not allowed to sign in in this way."},
    {"unsupported_grant_type", CA_OAUTH_REFUSED, "The authority does not know this way to sign in."},
    {"invalid_scope", CA_OAUTH_REFUSED, "Check OAuthScope and OAuthAudience."},
    {"server_error", CA_OAUTH_FAILED, "Try again later."},
    {"temporarily_unavailable", CA_OAUTH_FAILED, "Try again later."},
    {NULL, CA_OAUTH_REFUSED, "Check the OAuth options."},
};

/* ---- forms ---- */

void ca_oauth_form_add(struct ca_buffer *form, const char *name, const char *value)
{
    if (!*value)
        return;
    if (form->length)
        ca_buffer_add_char(form, '&');
    ca_buffer_add_format(form, "%s=", name);
    ca_address_encode(form, value);
}

bool ca_oauth_form(struct ca_buffer *form, const struct ca_options *options, const char *grant_type,
                   struct ca_error *error)
{
    char *secret = ca_secret_option(options, CA_OPTION_OAUTH_CLIENT_SECRET, error);
    *form = (struct ca_buffer)CA_BUFFER_INIT_SECRET(LONGEST_FORM);
    if (secret) {
        ca_oauth_form_add(form, "grant_type", grant_type);
        ca_oauth_form_add(form, "client_id", ca_option_text(options, CA_OPTION_OAUTH_CLIENT_ID));
        ca_oauth_form_add(form, "client_secret", secret);
    }
    ca_free_secret(secret);
    return secret != NULL;
}

/* Authorities have been seen to quote what they were sent: its values, but for those that are no secret. */
static void mask_form(char *text, const struct ca_buffer *form)
{
    static const char *const plain[] = {"grant_type=", "client_id=", "redirect_uri=", "scope=", "audience="};
    for (const char *pair = form->data; pair && *pair;) {
        size_t octets = strcspn(pair, "&");
        bool secret = true;
        for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
            secret = secret && strncmp(pair, plain[i], strlen(plain[i])) != 0;
        const char *value = pair + strcspn(pair, "=") + 1;
        char *encoded = secret ? ca_strndup(value, (size_t)(pair + octets - value)) : NULL;
        char *decoded = encoded ? curl_easy_unescape(NULL, encoded, 0, NULL) : NULL;
        ca_text_mask(text, encoded);
        ca_text_mask(text, decoded);
        if (decoded)
            ca_wipe(decoded, strlen(decoded));
        curl_free(decoded);
        ca_free_secret(encoded);
        pair += octets + (pair[octets] == '&');
    }
}

/* ---- answers ---- */

static bool no_authority(const struct ca_transfer *transfer, struct ca_error *error)
{
    return ca_error_set(error, transfer->exchange.connecting ? "08001" : "08S01", (int32_t)transfer->status,
                        "%s does not answer as an OAuth authority does. Check the OAuth addresses.",
                        transfer->transport->host);
}

/* The answer's own time is over, while the application would wait on. */
static bool no_answer(const struct ca_transfer *transfer, struct ca_error *error)
{
    ca_error_clear(error);
    return ca_error_set(error, transfer->exchange.connecting ? "08001" : "08S01", 0,
                        "%s has not answered a token request within %d s. Try again later, and check the "
                        "OAuth addresses.",
                        transfer->transport->host, ANSWER_MS / 1000);
}

/* Nothing that would have to be unpacked was asked for. */
static bool is_packed(const struct ca_transfer *transfer, struct ca_error *error)
{
    if (transfer->encoding == CA_ENCODING_IDENTITY)
        return false;
    ca_error_set(
        error, transfer->exchange.connecting ? "08001" : "08S01", (int32_t)transfer->status,
        "%s sends a compressed answer to a token request, which did not ask for one. Check the proxy "
        "or the gateway before the authority.",
        transfer->transport->host);
    return true;
}

static bool take_answer(void *context, const char *data, size_t octets)
{
    return ca_buffer_add(context, data, octets);
}

/* Sends the form and receives the whole answer. */
static bool exchange(const struct ca_transport *transport, const struct ca_buffer *form, bool connecting,
                     const struct ca_wait *wait, struct ca_buffer *answer, struct ca_transfer *transfer,
                     struct ca_error *error)
{
    struct ca_exchange request = {.url = transport->base,
                                  .body = form->data,
                                  .body_octets = form->length,
                                  .form = true,
                                  .repeatable = true, /* nothing of the application's is lost with it */
                                  .connecting = connecting};
    struct ca_sink sink = {.take = take_answer, .context = answer};
    struct ca_wait limited = *wait;
    enum ca_pull pulled = CA_PULL_FAILED;
    limited.deadline = ca_deadline_earlier(wait->deadline, ca_deadline_after(ANSWER_MS));
    if (form->failure)
        return ca_error_no_memory(error);
    if (!ca_transfer_begin(transfer, transport, &request, &sink, error))
        return false;
    while ((pulled = ca_transfer_pull(transfer, &limited, error)) == CA_PULL_DATA)
        ;
    ca_transfer_end(transfer);
    if (pulled == CA_PULL_FAILED && strcmp(error->state, "HYT00") == 0 && ca_clock_ms() < wait->deadline)
        return no_answer(transfer, error);
    if (answer->failure == CA_BUFFER_TOO_BIG) {
        ca_error_clear(error);
        return no_authority(transfer, error);
    }
    return pulled == CA_PULL_END && !is_packed(transfer, error);
}

static enum ca_oauth_answer refused(const struct ca_transfer *transfer, struct json_object *document,
                                    struct ca_error *error)
{
    struct json_object *member = ca_json_member(document, "error");
    const char *code = json_object_is_type(member, json_type_string) ? ca_json_text(member) : "";
    const char *text = ca_json_text(ca_json_member(document, "error_description"));
    size_t row = 0;
    if (transfer->status >= 500 || transfer->status == 429) {
        struct ca_failure failure = ca_transfer_facts(transfer);
        failure.message = text;
        ca_failure_of_service(&failure, error);
        return CA_OAUTH_FAILED;
    }
    if (!*code) {
        no_authority(transfer, error);
        return CA_OAUTH_FAILED;
    }
    while (refusals[row].code && strcmp(refusals[row].code, code) != 0)
        row++;
    ca_error_set(error, refusals[row].answer == CA_OAUTH_FAILED ? "HY000" : "28000",
                 (int32_t)transfer->status, "%s refuses: %s%s%s\n%s", transfer->transport->host, code,
                 *text ? ": " : "", text, refusals[row].hint);
    return refusals[row].answer;
}

enum ca_oauth_answer ca_oauth_post(const struct ca_transport *transport, const struct ca_buffer *form,
                                   bool connecting, const struct ca_wait *wait, struct json_object **document,
                                   struct ca_error *error)
{
    struct ca_buffer answer = CA_BUFFER_INIT_SECRET(LONGEST_ANSWER);
    struct ca_transfer transfer;
    enum ca_oauth_answer result = CA_OAUTH_FAILED;
    *document = NULL;
    if (exchange(transport, form, connecting, wait, &answer, &transfer, error)) {
        bool read = ca_json_parse(ca_buffer_text(&answer), answer.length, document) &&
                    json_object_is_type(*document, json_type_object);
        if (transfer.status >= 200 && transfer.status < 300 && read)
            result = CA_OAUTH_GRANTED;
        else if (transfer.status >= 400)
            result = refused(&transfer, *document, error);
        else
            no_authority(&transfer, error);
    }
    mask_form(error->text, form);
    if (result != CA_OAUTH_GRANTED) {
        json_object_put(*document);
        *document = NULL;
    }
    ca_buffer_free(&answer);
    return result;
}

/* A copy of a text member; the document's own is wiped, because json-c frees it as it is. */
static char *take_member(struct json_object *document, const char *name)
{
    struct json_object *member = ca_json_member(document, name);
    const char *text = ca_json_text(member);
    char *copy = json_object_is_type(member, json_type_string) && *text ? ca_strdup(text) : NULL;
    if (copy)
        ca_wipe((char *)(uintptr_t)text, strlen(text));
    return copy;
}

bool ca_token_is_sendable(const char *access)
{
    for (; *access; access++)
        if (*access <= 0x20 || *access >= 0x7F)
            return false;
    return true;
}

static int64_t read_seconds(struct json_object *document, const char *name)
{
    int64_t seconds = 0;
    const char *text = ca_json_text(ca_json_member(document, name));
    size_t octets = strcspn(text, "."); /* some write it as 3600.0 */
    return ca_text_integer(text, octets, &seconds) && seconds > 0 ? seconds : 0;
}

bool ca_token_read(struct ca_token *token, struct json_object *document, struct ca_error *error)
{
    enum { LONGEST_LIFE_S = 10 * 366 * 86400 };
    const char *type = ca_json_text(ca_json_member(document, "token_type"));
    int64_t now_s = (int64_t)time(NULL);
    int64_t lifetime_s = read_seconds(document, "expires_in");
    int64_t end_s = read_seconds(document, "expires_at");
    if (lifetime_s > 0)
        end_s = now_s + (lifetime_s < LONGEST_LIFE_S ? lifetime_s : LONGEST_LIFE_S);
    *token = (struct ca_token){.access = take_member(document, "access_token"),
                               .refresh = take_member(document, "refresh_token"),
                               .expires_s = end_s < now_s + LONGEST_LIFE_S ? end_s : now_s + LONGEST_LIFE_S};
    if ((token->access || token->refresh) && (!*type || ca_text_same(type, "Bearer")))
        return true;
    ca_token_free(token);
    return ca_error_set(error, "28000", 0, "The authority gave no bearer token. Check OAuthTokenURL.");
}

enum ca_oauth_answer ca_oauth_ask(const struct ca_transport *transport, const struct ca_buffer *form,
                                  bool connecting, const struct ca_wait *wait, struct ca_token *token,
                                  struct ca_error *error)
{
    struct json_object *document = NULL;
    enum ca_oauth_answer answer = ca_oauth_post(transport, form, connecting, wait, &document, error);
    if (answer == CA_OAUTH_GRANTED && !ca_token_read(token, document, error))
        answer = CA_OAUTH_REFUSED;
    if (answer == CA_OAUTH_GRANTED && !token->access) {
        ca_token_free(token);
        ca_error_set(error, "28000", 0, "The authority gave no access token. Check OAuthTokenURL.");
        answer = CA_OAUTH_REFUSED;
    }
    json_object_put(document);
    return answer;
}
