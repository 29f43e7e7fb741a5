/* The device flow (RFC 8628): the user enters a code on a device that has a browser, and the authority is
 * asked until that is done. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "odbc/version.h"
#include "command.h"
#include "service/auth_oauth.h"
#include "service/document.h"

enum {
    INTERVAL_S = 5,
    MORE_S = 5,
    LIFE_S = 900,
    LONGEST_LIFE_S = 3600,
    MOST_FAILURES = 3,
    LONGEST_FORM = 65536
};

static int64_t read_number(struct json_object *document, const char *name, int64_t initial, int64_t most)
{
    const char *text = ca_json_text(ca_json_member(document, name));
    int64_t number = 0;
    if (!ca_text_integer(text, strcspn(text, "."), &number) || number < 1)
        return initial;
    return number < most ? number : most;
}

/* What says who asks. The client's secret is for the authority that has the token address, which wants it
 * here as there (RFC 8628 section 3.1); another server does not get it. */
static bool begin_form(struct ca_buffer *form, const struct ca_options *options,
                       const struct ca_transport *device, const struct ca_transport *authority,
                       struct ca_error *error)
{
    if (strcmp(device->scheme, authority->scheme) == 0 && ca_text_same(device->host, authority->host))
        return ca_oauth_form(form, options, "", error);
    *form = (struct ca_buffer)CA_BUFFER_INIT(LONGEST_FORM);
    ca_oauth_form_add(form, "client_id", ca_option_text(options, CA_OPTION_OAUTH_CLIENT_ID));
    return true;
}

/* Asks for a code; the document is the caller's. */
static struct json_object *begin(const struct ca_options *options, const struct ca_transport *authority,
                                 struct ca_error *error)
{
    struct ca_transport device = {0};
    struct json_object *document = NULL;
    struct ca_buffer form = CA_BUFFER_INIT(LONGEST_FORM);
    const struct ca_wait wait = {.deadline = CA_NO_DEADLINE};
    bool done = ca_transport_init(&device, options, CA_OPTION_OAUTH_DEVICE_URL,
                                  "connectai-odbc/" CA_VERSION_TEXT " (connectai-dsn)", error) &&
                begin_form(&form, options, &device, authority, error);
    ca_oauth_form_add(&form, "scope", ca_option_text(options, CA_OPTION_OAUTH_SCOPE));
    ca_oauth_form_add(&form, "audience", ca_option_text(options, CA_OPTION_OAUTH_AUDIENCE));
    if (done)
        ca_oauth_post(&device, &form, true, &wait, &document, error);
    ca_transport_free(&device);
    ca_buffer_free(&form);
    return document;
}

static const char *member(struct json_object *document, const char *name)
{
    return ca_json_text(ca_json_member(document, name));
}

static bool show(struct json_object *document, struct ca_error *error)
{
    const char *address = member(document, "verification_uri");
    const char *whole = member(document, "verification_uri_complete");
    const char *code = member(document, "user_code");
    if (!*address)
        address = member(document, "verification_url"); /* as drafts had it */
    if (!*address || !*code || !*member(document, "device_code"))
        return ca_error_set(error, "HY000", 0, "the authority gave no code. Check OAuthDeviceURL.");
    printf("Open this address on any device and sign in:\n    ");
    ca_print_plain(address);
    printf("\nand enter this code:\n    ");
    ca_print_plain(code);
    if (*whole) {
        printf("\nThis address holds the code already:\n    ");
        ca_print_plain(whole);
    }
    puts("\nWaiting ...");
    return fflush(stdout) == 0;
}

/* Asks until the user is done, the code has ended or the authority says no. */
static bool poll_token(const struct ca_transport *authority, const struct ca_buffer *form,
                       struct json_object *document, struct ca_token *token, struct ca_error *error)
{
    const struct ca_wait wait = {.deadline = CA_NO_DEADLINE};
    int64_t life_s = read_number(document, "expires_in", LIFE_S, LONGEST_LIFE_S);
    int64_t interval_s = read_number(document, "interval", INTERVAL_S, life_s);
    int64_t until = ca_deadline_after(1000 * life_s);
    for (int failures = 0; ca_clock_ms() < until;) {
        ca_error_clear(error);
        sleep((unsigned)interval_s);
        switch (ca_oauth_ask(authority, form, true, &wait, token, error)) {
        case CA_OAUTH_GRANTED:
            return true;
        case CA_OAUTH_PENDING:
            failures = 0;
            break;
        case CA_OAUTH_SLOW_DOWN:
            interval_s += MORE_S;
            break;
        case CA_OAUTH_FAILED: /* RFC 8628 section 3.5: back off and go on */
            interval_s *= 2;
            if (++failures == MOST_FAILURES)
                return false;
            break;
        case CA_OAUTH_REFUSED:
            return false;
        }
    }
    ca_error_clear(error);
    return ca_error_set(error, "28000", 0, "The code has expired. Begin the sign-in again.");
}

bool ca_sign_in_by_device(const struct ca_options *options, const struct ca_transport *authority,
                          struct ca_token *token, struct ca_error *error)
{
    static const char grant[] = "urn:ietf:params:oauth:grant-type:device_code";
    struct ca_buffer form;
    struct json_object *document = begin(options, authority, error);
    bool done = document && show(document, error);
    if (done) {
        done = ca_oauth_form(&form, options, grant, error);
        ca_oauth_form_add(&form, "device_code", member(document, "device_code"));
        done = done && poll_token(authority, &form, document, token, error);
        ca_buffer_free(&form);
    }
    json_object_put(document);
    return done;
}
