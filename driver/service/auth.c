#include "service/auth.h"

#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "service/auth_scheme.h"
#include "service/secret.h"
#include "service/auth_store.h"
#include "service/global.h"

enum { WAIT_SLICE_MS = 20, TRY_AGAIN_MS = 10000, MOST_KEPT = 64 };

static const struct ca_auth_scheme *find_scheme(const struct ca_options *options)
{
    static const struct ca_auth_scheme *const schemes[] = {&ca_auth_oauth, &ca_auth_jwt};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (ca_text_same(ca_option_text(options, CA_OPTION_AUTH_SCHEME), schemes[i]->name))
            return schemes[i];
    return &ca_auth_basic;
}

bool ca_auth_wants_password(const struct ca_options *options)
{
    const struct ca_auth_scheme *scheme = find_scheme(options);
    return scheme != &ca_auth_jwt && scheme->missing(options);
}

/* ---- Basic ---- */

static const char *basic_missing(const struct ca_options *options)
{
    if (*ca_option_text(options, CA_OPTION_PWD) || ca_auth_store_is_set(options))
        return NULL;
    return "No credentials: set UID (the account's e-mail address) and PWD (a personal access token) in the "
           "connection string or the data source.";
}

static struct ca_credential *basic_renew(const struct ca_renewal *renewal, struct ca_error *error)
{
    const struct ca_options *options = renewal->auth->options;
    struct ca_buffer stored = CA_BUFFER_INIT_SECRET(2 * CA_LONGEST_SECRET_FILE);
    struct ca_credential *credential = NULL;
    char *password = NULL;
    if (*ca_option_text(options, CA_OPTION_PWD)) {
        password = ca_secret_option(options, CA_OPTION_PWD, error);
    } else if (ca_auth_store_read(options, &stored, error)) {
        size_t octets = stored.length;
        const char *text = ca_text_trim(ca_buffer_text(&stored), &octets);
        password = ca_strndup(text, octets);
        if (!password)
            ca_error_no_memory(error);
    }
    if (password && !*password)
        ca_error_set(error, "28000", 0,
                     "The personal access token that is kept for this connection is empty.");
    else if (password &&
             !(credential = ca_credential_basic(ca_option_text(options, CA_OPTION_UID), password)))
        ca_error_no_memory(error);
    ca_free_secret(password);
    ca_buffer_free(&stored);
    return credential;
}

const struct ca_auth_scheme ca_auth_basic = {"Basic", basic_missing, basic_renew, false};

/* ---- accounts ---- */

void ca_token_free(struct ca_token *token)
{
    ca_free_secret(token->access);
    ca_free_secret(token->refresh);
    *token = (struct ca_token){0};
}

static bool digest_option(EVP_MD_CTX *context, const struct ca_options *options, enum ca_option option,
                          struct ca_error *error)
{
    bool secret = ca_option_rows()[option].kind == CA_OPTION_KIND_SECRET;
    char *value =
        secret ? ca_secret_option(options, option, error) : ca_strdup(ca_option_text(options, option));
    bool done = value && EVP_DigestUpdate(context, value, strlen(value) + 1);
    ca_free_secret(value);
    return done || ca_error_no_memory(error);
}

/* Two connections are of one account if they agree in the address, in all that says who signs in, and in the
 * way to the token address: what an authority that nobody verified gave is not for who verifies it. */
static bool make_key(const struct ca_auth *auth, unsigned char key[CA_ACCOUNT_KEY_OCTETS],
                     struct ca_error *error)
{
    const struct ca_options *options = auth->options;
    const char *way = auth->token_transport.lane_key;
    unsigned octets = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL)) || ca_error_no_memory(error);
    done = done && digest_option(context, options, CA_OPTION_URL, error);
    for (int i = CA_OPTION_UID; done && i <= CA_OPTION_JWT_VALIDITY; i++)
        done = digest_option(context, options, (enum ca_option)i, error);
    if (done && way)
        done = EVP_DigestUpdate(context, way, strlen(way)) || ca_error_no_memory(error);
    done = done && (EVP_DigestFinal_ex(context, key, &octets) || ca_error_no_memory(error));
    EVP_MD_CTX_free(context);
    return done;
}

static void destroy(struct ca_account *account)
{
    if (!account)
        return;
    ca_credential_release(account->credential);
    ca_token_free(&account->token);
    ca_free_secret(account->refused);
    ca_error_clear(&account->failure);
    pthread_mutex_destroy(&account->lock);
    pthread_cond_destroy(&account->changed);
    ca_free(account);
}

static struct ca_account *create(const unsigned char key[CA_ACCOUNT_KEY_OCTETS])
{
    struct ca_account *account = ca_calloc(1, sizeof *account);
    if (!account)
        return NULL;
    memcpy(account->key, key, sizeof account->key);
    pthread_mutex_init(&account->lock, NULL);
    pthread_cond_init(&account->changed, NULL);
    return account;
}

/* Takes one reference to the account of that key; `spare` becomes it where there is none yet. */
static struct ca_account *take_account(struct ca_global *global, struct ca_account *spare)
{
    pthread_mutex_lock(&global->lock);
    struct ca_account *account = global->accounts;
    while (account && memcmp(account->key, spare->key, sizeof spare->key) != 0)
        account = account->next;
    if (!account) {
        account = spare;
        account->next = global->accounts;
        global->accounts = account;
    }
    account->references++;
    pthread_mutex_unlock(&global->lock);
    if (account != spare)
        destroy(spare);
    return account;
}

/* Whether this unused account is to go: nothing is lost with it, or enough newer ones are kept. */
static bool is_over(const struct ca_account *account, unsigned *kept)
{
    return !account->references && (!account->kept || ++*kept > MOST_KEPT);
}

static void give_account(struct ca_global *global, struct ca_account *given)
{
    struct ca_account *over = NULL;
    unsigned kept = 0;
    pthread_mutex_lock(&global->lock);
    given->references--;
    for (struct ca_account **link = &global->accounts; *link;) {
        struct ca_account *account = *link;
        if (!is_over(account, &kept)) {
            link = &account->next;
            continue;
        }
        *link = account->next;
        account->next = over;
        over = account;
    }
    pthread_mutex_unlock(&global->lock);
    while (over) {
        struct ca_account *next = over->next;
        destroy(over);
        over = next;
    }
}

bool ca_auth_open(struct ca_auth *auth, const struct ca_options *options, struct ca_log *log,
                  const char *user_agent, struct ca_error *error)
{
    unsigned char key[CA_ACCOUNT_KEY_OCTETS];
    *auth = (struct ca_auth){.options = options, .log = log, .scheme = find_scheme(options)};
    const char *missing = auth->scheme->missing(options);
    if (missing)
        return ca_error_set(error, "28000", 0, "%s", missing);
    if (auth->scheme->asks &&
        !ca_transport_init(&auth->token_transport, options, CA_OPTION_OAUTH_TOKEN_URL, user_agent, error))
        return false;
    if (!make_key(auth, key, error))
        return false;
    struct ca_account *spare = create(key);
    if (!spare)
        return ca_error_no_memory(error);
    auth->account = take_account(ca_global(), spare);
    return true;
}

void ca_auth_close(struct ca_auth *auth)
{
    if (auth->account)
        give_account(ca_global(), auth->account);
    ca_transport_free(&auth->token_transport);
    auth->account = NULL;
}

void ca_auth_name(const struct ca_auth *auth, struct ca_buffer *name)
{
    for (size_t i = 0; i < sizeof auth->account->key; i++)
        ca_buffer_add_format(name, "%02x", auth->account->key[i]);
}

/* ---- the credential ---- */

static bool is_another(const struct ca_credential *credential, const struct ca_credential *refused)
{
    return !refused || strcmp(credential->header, refused->header) != 0;
}

/* What those who waited for a renewal are told of its failure. The caller's own timeout or cancel is his
 * alone. */
static void note_failure(struct ca_account *account, const struct ca_error *problem, bool connecting)
{
    bool own = strcmp(problem->state, "HYT00") == 0 || strcmp(problem->state, "HY008") == 0;
    ca_error_clear(&account->failure);
    account->renewals++;
    if (ca_error_is_set(problem) && !own)
        ca_error_copy(&account->failure, problem);
    account->failed_connecting = connecting;
}

/* Whether a renewal that was waited for since `renewals` has failed, for a reason that holds for this thread
 * too. */
static bool share_failure(const struct ca_account *account, unsigned renewals, bool connecting,
                          struct ca_error *error)
{
    const struct ca_error *failure = &account->failure;
    if (account->renewals == renewals || !ca_error_is_set(failure) ||
        account->failed_connecting != connecting)
        return false;
    ca_error_copy(error, failure);
    return true;
}

/* Renews it; called with the lock held, which is free meanwhile. Returns the credential to use, borrowed. */
static struct ca_credential *renew(struct ca_auth *auth, const struct ca_credential *refused, bool connecting,
                                   const struct ca_wait *wait, struct ca_error *error)
{
    struct ca_account *account = auth->account;
    const struct ca_credential *stale = refused ? refused : account->credential;
    struct ca_renewal renewal = {auth, stale ? stale->secret : NULL, connecting, wait};
    struct ca_error problem = CA_ERROR_INIT;
    account->renewing = getpid();
    pthread_mutex_unlock(&account->lock);
    struct ca_credential *fresh = auth->scheme->renew(&renewal, &problem);
    pthread_mutex_lock(&account->lock);
    account->renewing = 0;
    note_failure(account, &problem, connecting);
    pthread_cond_broadcast(&account->changed);
    struct ca_credential *old = account->credential;
    if (fresh) {
        account->credential = fresh;
        ca_credential_release(old);
        return fresh;
    }
    if (old && is_another(old, refused) && ca_clock_ms() < old->expires_ms) {
        ca_log_write(auth->log, CA_LOG_WARNING, "The credential could not be renewed yet: %s",
                     ca_error_text(&problem));
        old->renew_ms = ca_deadline_after(TRY_AGAIN_MS);
        ca_error_clear(&problem);
        return old;
    }
    ca_error_move(error, &problem);
    return NULL;
}

static struct ca_credential *obtain(struct ca_auth *auth, const struct ca_credential *refused,
                                    bool connecting, const struct ca_wait *wait, struct ca_error *error)
{
    struct ca_account *account = auth->account;
    struct ca_credential *credential = NULL;
    pthread_mutex_lock(&account->lock);
    for (unsigned renewals = account->renewals;;) {
        credential = account->credential;
        bool other = credential && is_another(credential, refused);
        if (other && ca_clock_ms() < credential->renew_ms)
            break;
        /* After a fork, a renewal of the parent's never ends here. */
        if (account->renewing != getpid()) {
            bool failed = share_failure(account, renewals, connecting, error);
            credential = failed ? NULL : renew(auth, refused, connecting, wait, error);
            break;
        }
        /* It is being renewed early: until it ends it is good. */
        if (other && ca_clock_ms() < credential->expires_ms)
            break;
        credential = NULL;
        if (ca_wait_is_over(wait, "", error))
            break;
        ca_clock_wait(&account->changed, &account->lock, WAIT_SLICE_MS);
    }
    credential = ca_credential_retain(credential);
    pthread_mutex_unlock(&account->lock);
    return credential;
}

struct ca_credential *ca_auth_credential(struct ca_auth *auth, bool connecting, const struct ca_wait *wait,
                                         struct ca_error *error)
{
    return obtain(auth, NULL, connecting, wait, error);
}

struct ca_credential *ca_auth_replace(struct ca_auth *auth, const struct ca_credential *refused,
                                      bool connecting, const struct ca_wait *wait, struct ca_error *error)
{
    struct ca_credential *credential = obtain(auth, refused, connecting, wait, error);
    if (!credential || is_another(credential, refused))
        return credential;
    ca_credential_release(credential);
    return NULL;
}
