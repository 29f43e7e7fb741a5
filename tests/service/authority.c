/*
 * Owns what the authority has given out. Knows nothing of HTTP.
 */
#include "authority.h"

#include "jwt.h"
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

enum { CODE_S = 60, LIFETIME_S = 3600 };
enum { ID_RAW = 16 };

enum grant_kind { GRANT_CODE, GRANT_ACCESS, GRANT_REFRESH, GRANT_DEVICE };
enum grant_state { GRANT_OPEN, GRANT_APPROVED, GRANT_DENIED, GRANT_USED };

struct grant {
    struct grant *next;
    enum grant_kind kind;
    enum grant_state state;
    int64_t ends_ns;   /* 0: never */
    int64_t polled_ns; /* of a device: the last time; 0: not yet */
    int64_t interval_s;
    char text[GRANT_TEXT];
    char user_code[USER_CODE_TEXT];
    char challenge[CHALLENGE_TEXT];
    char *redirect;
};

bool authority_open(struct authority *a, const struct options *options)
{
    *a = (struct authority){.options = options, .settings = {.lifetime_s = LIFETIME_S, .rotate = true}};
    pthread_mutex_init(&a->lock, NULL);
    if (options->jwt_key == NULL)
        return true;
    a->key = jwt_key_read(options->jwt_key);
    return a->key != NULL;
}

void authority_close(struct authority *a)
{
    while (a->grants != NULL) {
        struct grant *next = a->grants->next;
        free(a->grants->redirect);
        free(a->grants);
        a->grants = next;
    }
    EVP_PKEY_free(a->key);
    free(a->counts.claims);
    pthread_mutex_destroy(&a->lock);
}

bool authority_knows_client(const struct authority *a, const char *id, const char *secret)
{
    return a->options->oauth_client != NULL && strcmp(id, a->options->oauth_client) == 0 &&
           strcmp(secret, a->options->oauth_secret) == 0;
}

/* ---- giving out; with the lock held ---- */

static struct grant *add(struct authority *a, enum grant_kind kind, int64_t lifetime_s)
{
    static const char *const prefixes[] = {[GRANT_CODE] = "code-",
                                           [GRANT_ACCESS] = "access-",
                                           [GRANT_REFRESH] = "refresh-",
                                           [GRANT_DEVICE] = "device-"};
    unsigned char raw[ID_RAW];
    struct grant *g = calloc(1, sizeof *g);

    if (g == NULL || getrandom(raw, sizeof raw, 0) != (ssize_t)sizeof raw) {
        free(g);
        return NULL;
    }
    g->kind = kind;
    g->ends_ns = lifetime_s > 0 ? monotonic_ns() + lifetime_s * 1000000000 : 0;
    int at = snprintf(g->text, sizeof g->text, "%s", prefixes[kind]);
    for (size_t i = 0; i < sizeof raw; i++)
        at += snprintf(g->text + at, sizeof g->text - (size_t)at, "%02x", raw[i]);
    snprintf(g->user_code, sizeof g->user_code, "%02X%02X-%02X%02X", raw[0], raw[1], raw[2], raw[3]);
    g->next = a->grants;
    a->grants = g;
    return g;
}

static bool issue(struct authority *a, struct issued *issued)
{
    struct grant *access = add(a, GRANT_ACCESS, a->settings.lifetime_s);
    struct grant *refresh = access != NULL ? add(a, GRANT_REFRESH, 0) : NULL;

    if (refresh == NULL)
        return false;
    memcpy(issued->access, access->text, sizeof issued->access);
    memcpy(issued->refresh, refresh->text, sizeof issued->refresh);
    issued->lifetime_s = a->settings.lifetime_s;
    return true;
}

static struct grant *find(struct authority *a, enum grant_kind kind, const char *text)
{
    struct grant *g = a->grants;

    while (g != NULL && !(g->kind == kind && strcmp(g->text, text) == 0))
        g = g->next;
    return g;
}

static bool is_over(const struct grant *g)
{
    return g->state == GRANT_USED || (g->ends_ns != 0 && monotonic_ns() >= g->ends_ns);
}

bool authority_issue(struct authority *a, struct issued *issued)
{
    pthread_mutex_lock(&a->lock);
    bool fine = issue(a, issued);
    pthread_mutex_unlock(&a->lock);
    return fine;
}

/* ---- the browser ---- */

const char *authority_authorize(struct authority *a, const char *challenge, const char *redirect,
                                char code[GRANT_TEXT])
{
    const char *error = NULL;

    pthread_mutex_lock(&a->lock);
    struct grant *g = a->settings.deny ? NULL : add(a, GRANT_CODE, CODE_S);
    if (a->settings.deny) {
        error = "access_denied";
    } else if (g == NULL || (g->redirect = strdup(redirect)) == NULL) {
        error = "server_error";
    } else {
        snprintf(g->challenge, sizeof g->challenge, "%s", challenge);
        memcpy(code, g->text, GRANT_TEXT);
    }
    pthread_mutex_unlock(&a->lock);
    return error;
}

const char *authority_redeem(struct authority *a, const char *code, const char *verifier,
                             const char *redirect, struct issued *issued)
{
    const char *error = "invalid_grant";

    pthread_mutex_lock(&a->lock);
    struct grant *g = find(a, GRANT_CODE, code);
    if (g != NULL && !is_over(g) && strcmp(g->redirect, redirect) == 0 && pkce_fits(g->challenge, verifier))
        error = issue(a, issued) ? NULL : "server_error";
    if (g != NULL)
        g->state = GRANT_USED; /* a code is good for one try */
    pthread_mutex_unlock(&a->lock);
    return error;
}

/* ---- renewal ---- */

const char *authority_renew(struct authority *a, const char *refresh, struct issued *issued)
{
    const char *error = "invalid_grant";

    pthread_mutex_lock(&a->lock);
    struct grant *g = find(a, GRANT_REFRESH, refresh);
    if (g != NULL && g->state == GRANT_USED)
        a->counts.reuses++;
    if (g != NULL && !is_over(g)) {
        error = issue(a, issued) ? NULL : "server_error";
        a->counts.renewals++;
        if (a->settings.rotate)
            g->state = GRANT_USED;
        else
            issued->refresh[0] = '\0';
    }
    pthread_mutex_unlock(&a->lock);
    return error;
}

/* ---- the device ---- */

bool authority_begin_device(struct authority *a, struct device *device)
{
    pthread_mutex_lock(&a->lock);
    struct grant *g = add(a, GRANT_DEVICE, DEVICE_LIFE_S);
    if (g != NULL) {
        g->interval_s = DEVICE_INTERVAL_S;
        memcpy(device->code, g->text, sizeof device->code);
        memcpy(device->user_code, g->user_code, sizeof device->user_code);
    }
    pthread_mutex_unlock(&a->lock);
    return g != NULL;
}

bool authority_approve(struct authority *a, const char *user_code)
{
    bool found = false;

    pthread_mutex_lock(&a->lock);
    for (struct grant *g = a->grants; g != NULL; g = g->next)
        if (g->kind == GRANT_DEVICE && g->state == GRANT_OPEN && strcasecmp(g->user_code, user_code) == 0) {
            g->state = a->settings.deny ? GRANT_DENIED : GRANT_APPROVED;
            found = true;
        }
    pthread_mutex_unlock(&a->lock);
    return found;
}

/* Whether the device did not wait for its interval, which is then longer. */
static bool polls_too_soon(struct grant *g)
{
    int64_t now = monotonic_ns();
    bool soon = g->polled_ns != 0 && now - g->polled_ns < g->interval_s * 1000000000;

    g->polled_ns = now;
    if (soon)
        g->interval_s += DEVICE_SLOWER_S;
    return soon;
}

const char *authority_poll(struct authority *a, const char *code, struct issued *issued)
{
    const char *error = "authorization_pending";

    pthread_mutex_lock(&a->lock);
    struct grant *g = find(a, GRANT_DEVICE, code);
    a->counts.polls++;
    if (g == NULL || g->state == GRANT_USED) {
        error = "invalid_grant";
    } else if (is_over(g)) {
        error = "expired_token";
    } else if (polls_too_soon(g)) {
        error = "slow_down";
    } else if (a->settings.slow_downs > 0) {
        a->settings.slow_downs--;
        error = "slow_down";
    } else if (g->state == GRANT_DENIED) {
        error = "access_denied";
    } else if (g->state == GRANT_APPROVED) {
        error = issue(a, issued) ? NULL : "server_error";
        g->state = GRANT_USED;
    }
    pthread_mutex_unlock(&a->lock);
    return error;
}

/* ---- what the API asks ---- */

void authority_revoke(struct authority *a, bool refresh_tokens)
{
    pthread_mutex_lock(&a->lock);
    for (struct grant *g = a->grants; g != NULL; g = g->next)
        if (g->kind == (refresh_tokens ? GRANT_REFRESH : GRANT_ACCESS) && g->state == GRANT_OPEN)
            g->ends_ns = 1;
    pthread_mutex_unlock(&a->lock);
}

static bool accepts_jwt(struct authority *a, const char *token)
{
    char *claims = a->key != NULL ? jwt_claims(token, a->key) : NULL;
    char digest[65];

    if (claims == NULL)
        return false;
    jwt_digest(token, digest);
    if (strcmp(digest, a->counts.last_jwt) != 0) {
        a->counts.jwts++;
        memcpy(a->counts.last_jwt, digest, sizeof digest);
    }
    free(a->counts.claims);
    a->counts.claims = claims;
    return true;
}

bool authority_accepts(struct authority *a, const char *token)
{
    pthread_mutex_lock(&a->lock);
    const struct grant *g = find(a, GRANT_ACCESS, token);
    bool fine = g != NULL ? !is_over(g) : accepts_jwt(a, token);
    pthread_mutex_unlock(&a->lock);
    return fine;
}
