/* AuthScheme=OAuth: an access token given or kept, and its renewal with a refresh token. Requests are
 * auth_oauth.c's, what is kept is auth_store.c's. */
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "service/auth_oauth.h"
#include "service/secret.h"
#include "service/auth_store.h"

/* A kept token with so little left is renewed before it is used at all. */
enum { SOON_S = 10 };

static const char sign_in_hint[] = "Sign in again: connectai-dsn sign-in and the data source's name.";

/* An application that knows user and password only hands the token over as the password. One in a data source
 * is another matter: it was a personal access token before the scheme became OAuth. */
static bool password_is_token(const struct ca_options *options)
{
    return options->origin[CA_OPTION_PWD] == CA_ORIGIN_STRING && *ca_option_text(options, CA_OPTION_PWD);
}

static bool token_is_given(const struct ca_options *options)
{
    return *ca_option_text(options, CA_OPTION_OAUTH_ACCESS_TOKEN) || password_is_token(options) ||
           *ca_option_text(options, CA_OPTION_OAUTH_REFRESH_TOKEN);
}

static const char *oauth_missing(const struct ca_options *options)
{
    if (token_is_given(options) || ca_auth_store_is_set(options))
        return NULL;
    return "No credentials: AuthScheme=OAuth needs a sign-in (connectai-dsn sign-in and the data source's "
           "name), "
           "OAuthAccessToken, or OAuthRefreshToken with OAuthClientId.";
}

static bool copy_token(struct ca_token *to, const struct ca_token *from, struct ca_error *error)
{
    *to = (struct ca_token){.access = from->access ? ca_strdup(from->access) : NULL,
                            .refresh = from->refresh ? ca_strdup(from->refresh) : NULL,
                            .expires_s = from->expires_s};
    if ((to->access || !from->access) && (to->refresh || !from->refresh))
        return true;
    ca_token_free(to);
    return ca_error_no_memory(error);
}

/* The newest token there is without asking: of an earlier renewal, given, or kept. */
static bool known_token(const struct ca_renewal *renewal, struct ca_token *token, struct ca_error *error)
{
    const struct ca_options *options = renewal->auth->options;
    const struct ca_account *account = renewal->auth->account;
    const struct ca_token *own = &account->token;
    bool over = account->refused && own->refresh && strcmp(account->refused, own->refresh) == 0;
    /* After a new sign-in the store holds what is worth more than what could not be saved there. */
    if (own->access && (!over || token_is_given(options)))
        return copy_token(token, own, error);
    if (!token_is_given(options))
        return ca_auth_store_read_token(options, token, error);
    bool given = *ca_option_text(options, CA_OPTION_OAUTH_ACCESS_TOKEN);
    enum ca_option access =
        !given && password_is_token(options) ? CA_OPTION_PWD : CA_OPTION_OAUTH_ACCESS_TOKEN;
    return ca_secret_take(&token->access, options, access, error) &&
           ca_secret_take(&token->refresh, options, CA_OPTION_OAUTH_REFRESH_TOKEN, error);
}

static bool is_usable(const struct ca_token *token, const char *stale)
{
    if (!token->access || (stale && strcmp(token->access, stale) == 0))
        return false;
    int64_t left_s = token->expires_s - (int64_t)time(NULL);
    return !token->expires_s || left_s > SOON_S || (left_s > 0 && !token->refresh);
}

/* Remembers a renewed token where the next renewal looks for it. One that cannot be saved stays in memory:
 * the one that is saved may be worth nothing any more. */
static void keep(const struct ca_renewal *renewal, const struct ca_token *token)
{
    struct ca_auth *auth = renewal->auth;
    struct ca_error error = CA_ERROR_INIT;
    bool given = token_is_given(auth->options);
    ca_token_free(&auth->account->token);
    auth->account->kept = given || !ca_auth_store_write_token(auth->options, token, &error);
    if (auth->account->kept)
        copy_token(&auth->account->token, token, &error);
    if (ca_error_is_set(&error))
        ca_log_write(auth->log, CA_LOG_WARNING, "The renewed token is not saved: %s", ca_error_text(&error));
    ca_error_clear(&error);
}

static bool can_refresh(const struct ca_renewal *renewal, const struct ca_token *token,
                        struct ca_error *error)
{
    const char *refused = renewal->auth->account->refused;
    if (!token->refresh)
        return ca_error_set(error, "28000", 0, "The access token is not or no longer valid.\n%s",
                            sign_in_hint);
    if (!*ca_option_text(renewal->auth->options, CA_OPTION_OAUTH_CLIENT_ID))
        return ca_error_set(error, "28000", 0,
                            "OAuthClientId is not set: the access token cannot be renewed without it.");
    if (refused && strcmp(refused, token->refresh) == 0)
        return ca_error_set(error, "28000", 0, "The authority no longer accepts this sign-in.\n%s",
                            sign_in_hint);
    return true;
}

/* Brings a new token in the place of this one. */
static bool refresh(const struct ca_renewal *renewal, struct ca_token *token, struct ca_error *error)
{
    struct ca_auth *auth = renewal->auth;
    struct ca_buffer form;
    struct ca_token fresh = {0};
    int64_t began = ca_clock_ms();
    if (!can_refresh(renewal, token, error))
        return false;
    bool done = ca_oauth_form(&form, auth->options, "refresh_token", error);
    enum ca_oauth_answer answer = CA_OAUTH_FAILED;
    if (done) {
        ca_oauth_form_add(&form, "refresh_token", token->refresh);
        answer =
            ca_oauth_ask(&auth->token_transport, &form, renewal->connecting, renewal->wait, &fresh, error);
    }
    ca_buffer_free(&form);
    ca_log_write(auth->log, answer == CA_OAUTH_GRANTED ? CA_LOG_REQUEST : CA_LOG_ERROR,
                 "token renewal at %s, %lld ms%s%s %s", auth->token_transport.host,
                 (long long)(ca_clock_ms() - began), *error->state ? ", " : "", error->state,
                 ca_error_text(error));
    if (answer == CA_OAUTH_REFUSED) {
        ca_free_secret(auth->account->refused);
        auth->account->refused = ca_strdup(token->refresh);
    }
    if (answer != CA_OAUTH_GRANTED)
        return false;
    if (!fresh.refresh) { /* not rotated: the old one stays good */
        fresh.refresh = token->refresh;
        token->refresh = NULL;
    }
    ca_token_free(token);
    *token = fresh;
    keep(renewal, token);
    return true;
}

/* After the authority has refused the refresh token: another process has used it up where no lock kept it
 * from that, and what it got in return is kept. */
static bool is_renewed_elsewhere(const struct ca_renewal *renewal, struct ca_token *token,
                                 struct ca_error *error)
{
    const struct ca_options *options = renewal->auth->options;
    const char *refused = renewal->auth->account->refused;
    struct ca_token kept = {0};
    struct ca_error problem = CA_ERROR_INIT;
    if (token_is_given(options) || !refused || !token->refresh || strcmp(refused, token->refresh) != 0)
        return false;
    bool renewed = ca_auth_store_read_token(options, &kept, &problem) && is_usable(&kept, renewal->stale) &&
                   (!kept.refresh || strcmp(kept.refresh, refused) != 0);
    ca_error_clear(&problem);
    if (renewed) {
        ca_error_clear(error);
        ca_token_free(token);
        *token = kept;
    } else {
        ca_token_free(&kept);
    }
    return renewed;
}

static struct ca_credential *make_credential(const struct ca_token *token, struct ca_error *error)
{
    int64_t left_s = token->expires_s ? token->expires_s - (int64_t)time(NULL) : 0;
    if (!ca_token_is_sendable(token->access)) {
        ca_error_set(error, "28000", 0,
                     "The access token holds blanks or other characters that no token has.");
        return NULL;
    }
    struct ca_credential *credential =
        ca_credential_bearer(token->access, left_s > 0 ? left_s * 1000 : 0, sign_in_hint);
    if (!credential)
        ca_error_no_memory(error);
    return credential;
}

static struct ca_credential *oauth_renew(const struct ca_renewal *renewal, struct ca_error *error)
{
    const struct ca_options *options = renewal->auth->options;
    struct ca_credential *credential = NULL;
    struct ca_token token = {0};
    int lock = -1;
    if (!token_is_given(options) && !ca_auth_store_lock(options, renewal->wait, &lock, error))
        return NULL;
    if (known_token(renewal, &token, error) &&
        (is_usable(&token, renewal->stale) || refresh(renewal, &token, error) ||
         is_renewed_elsewhere(renewal, &token, error)))
        credential = make_credential(&token, error);
    ca_auth_store_unlock(lock);
    ca_token_free(&token);
    return credential;
}

const struct ca_auth_scheme ca_auth_oauth = {"OAuth", oauth_missing, oauth_renew, true};
