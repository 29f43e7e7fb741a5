#include "service/credential.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "data/base64.h"

enum { LONGEST_SECRET = 1 << 20, LONGEST_MARGIN_MS = 60000, MARGIN_PART = 5 };

/* Takes over the header; a NULL one is a failure of its maker. */
static struct ca_credential *make(char *header, const char *secret, const char *hint)
{
    struct ca_credential *credential = ca_calloc(1, sizeof *credential);
    char *copy = ca_strdup(secret);
    if (!header || !credential || !copy) {
        ca_free_secret(header);
        ca_free_secret(copy);
        ca_free(credential);
        return NULL;
    }
    atomic_init(&credential->references, 1);
    credential->header = header;
    credential->secret = copy;
    credential->hint = hint;
    credential->renew_ms = credential->expires_ms = CA_NO_DEADLINE;
    return credential;
}

struct ca_credential *ca_credential_basic(const char *user, const char *password)
{
    static const char prefix[] = "Authorization: Basic ";
    struct ca_buffer plain = CA_BUFFER_INIT_SECRET(LONGEST_SECRET);
    struct ca_buffer header = CA_BUFFER_INIT_SECRET(2 * LONGEST_SECRET);
    char *text = NULL;
    ca_buffer_add_text(&plain, user);
    ca_buffer_add_char(&plain, ':');
    ca_buffer_add_text(&plain, password);
    ca_buffer_add_text(&header, prefix);
    if (!plain.failure && ca_base64_write(&header, plain.data, plain.length))
        text = ca_buffer_take(&header);
    ca_buffer_free(&plain);
    ca_buffer_free(&header);
    return make(text, password,
                "Check UID (the account's e-mail address) and PWD (a personal access token that has not "
                "expired).");
}

struct ca_credential *ca_credential_bearer(const char *token, int64_t lifetime_ms, const char *hint)
{
    static const char prefix[] = "Authorization: Bearer ";
    struct ca_buffer header = CA_BUFFER_INIT_SECRET(2 * LONGEST_SECRET);
    ca_buffer_add_text(&header, prefix);
    ca_buffer_add_text(&header, token);
    struct ca_credential *credential = make(ca_buffer_take(&header), token, hint);
    if (credential && lifetime_ms > 0) {
        /* Renewed a fifth of its life before its end, a minute at most: the way to the service takes time. */
        int64_t margin = lifetime_ms / MARGIN_PART;
        credential->expires_ms = ca_deadline_after(lifetime_ms);
        credential->renew_ms =
            credential->expires_ms - (margin < LONGEST_MARGIN_MS ? margin : LONGEST_MARGIN_MS);
    }
    return credential;
}

struct ca_credential *ca_credential_retain(const struct ca_credential *credential)
{
    struct ca_credential *mine = (struct ca_credential *)(uintptr_t)credential; /* only the count changes */
    if (mine)
        atomic_fetch_add_explicit(&mine->references, 1, memory_order_relaxed);
    return mine;
}

void ca_credential_release(struct ca_credential *credential)
{
    if (!credential || atomic_fetch_sub(&credential->references, 1) != 1)
        return;
    ca_free_secret(credential->header);
    ca_free_secret(credential->secret);
    ca_free(credential);
}
