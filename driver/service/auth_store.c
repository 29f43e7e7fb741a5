#include "service/auth_store.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "data/parameter.h"
#include "service/auth_keyring.h"
#include "service/auth_oauth.h"
#include "service/secret.h"
#include "service/document.h"

enum { LOCK_SLICE_MS = 20, NO_LOCK = -1 };

static bool in_file(const struct ca_options *options)
{
    return *ca_option_text(options, CA_OPTION_TOKEN_FILE) != '\0';
}

static bool in_keyring(const struct ca_options *options)
{
    return ca_text_same(ca_option_text(options, CA_OPTION_CREDENTIAL_STORE), "libsecret");
}

bool ca_auth_store_is_set(const struct ca_options *options)
{
    return in_file(options) || in_keyring(options);
}

bool ca_auth_store_read(const struct ca_options *options, struct ca_buffer *text, struct ca_error *error)
{
    return in_file(options) ? ca_secret_file_read(options, CA_OPTION_TOKEN_FILE, text, error)
                            : ca_keyring_read(options, text, error);
}

/* ---- the file ---- */

static bool write_all(int descriptor, const char *text)
{
    size_t octets = strlen(text);
    size_t done = 0;
    while (done < octets) {
        ssize_t written = write(descriptor, text + done, octets - done);
        if (written < 0 && errno != EINTR)
            return false;
        done += written > 0 ? (size_t)written : 0;
    }
    return fsync(descriptor) == 0;
}

/* Writes beside the file and renames: a reader sees the old one or the new one whole. mkostemp makes it 0600;
 * a program that is started meanwhile does not inherit it. */
static bool replace_file(const char *path, const char *text, struct ca_error *error)
{
    char *target = realpath(path, NULL); /* what a link leads to is replaced, not the link */
    struct ca_buffer beside = CA_BUFFER_INIT(1 << 16);
    int descriptor = -1;
    bool done =
        ca_buffer_add_format(&beside, "%s.XXXXXX", target ? target : path) || ca_error_no_memory(error);
    if (done)
        descriptor = mkostemp(beside.data, O_CLOEXEC);
    if (descriptor >= 0) {
        done = write_all(descriptor, text);
        done = close(descriptor) == 0 && done && rename(beside.data, target ? target : path) == 0;
    } else if (done) {
        done = false;
    }
    if (!done && !ca_error_is_set(error))
        ca_error_set(error, "HY000", 0, "TokenFile=%s cannot be written: %s.", path, strerror(errno));
    if (!done && descriptor >= 0)
        unlink(beside.data);
    ca_buffer_free(&beside);
    free(target);
    return done;
}

bool ca_auth_store_write(const struct ca_options *options, const char *text, struct ca_error *error)
{
    return in_file(options) ? replace_file(ca_option_text(options, CA_OPTION_TOKEN_FILE), text, error)
                            : ca_keyring_write(options, text, error);
}

/* The lock is on the file that the name leads to now: whoever waited for one that was replaced starts again.
 */
static bool is_current(int descriptor, const char *path)
{
    struct stat held;
    struct stat named;
    return fstat(descriptor, &held) == 0 && stat(path, &named) == 0 && held.st_dev == named.st_dev &&
           held.st_ino == named.st_ino;
}

/* The secret store has no locks of its own: a file of the session's stands for what it keeps. -1 where the
 * user has no directory for that. */
static int open_keyring_lock(const struct ca_options *options)
{
    static const enum ca_option names[] = {CA_OPTION_URL, CA_OPTION_UID, CA_OPTION_AUTH_SCHEME};
    const char *directory = getenv("XDG_RUNTIME_DIR");
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned octets = 0;
    struct ca_buffer what = CA_BUFFER_INIT(1 << 20);
    struct ca_buffer path = CA_BUFFER_INIT(1 << 16);
    int descriptor = -1;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ca_buffer_add_text(&what, ca_option_text(options, names[i]));
        ca_buffer_add_char(&what, '\n');
    }
    if (directory && *directory == '/' && !what.failure &&
        EVP_Digest(what.data, what.length, digest, &octets, EVP_sha256(), NULL)) {
        ca_buffer_add_format(&path, "%s/connectai-odbc-", directory);
        for (unsigned i = 0; i < octets; i++)
            ca_buffer_add_format(&path, "%02x", digest[i]);
        if (ca_buffer_add_text(&path, ".lock"))
            descriptor = open(path.data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
    ca_buffer_free(&path);
    ca_buffer_free(&what);
    return descriptor;
}

bool ca_auth_store_lock(const struct ca_options *options, const struct ca_wait *wait, int *lock,
                        struct ca_error *error)
{
    *lock = NO_LOCK;
    for (;;) {
        int descriptor = in_file(options) ? ca_secret_file_open(options, CA_OPTION_TOKEN_FILE, error)
                                          : open_keyring_lock(options);
        if (descriptor < 0)
            return !in_file(options);
        bool locked = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
        /* Where the file system knows no locks, what is kept is read again before it is renewed: that must
         * do. */
        bool current =
            !in_file(options) || is_current(descriptor, ca_option_text(options, CA_OPTION_TOKEN_FILE));
        if ((locked && current) || (!locked && errno != EWOULDBLOCK && errno != EINTR)) {
            *lock = descriptor;
            return true;
        }
        close(descriptor);
        if (!locked &&
            ca_wait_is_over(wait, " Another process is renewing what is kept of the sign-in.", error))
            return false;
        if (!locked)
            ca_cancel_sleep(wait->cancel, ca_deadline_after(LOCK_SLICE_MS));
    }
}

void ca_auth_store_unlock(int lock)
{
    if (lock != NO_LOCK)
        close(lock);
}

/* ---- tokens ---- */

bool ca_auth_store_read_token(const struct ca_options *options, struct ca_token *token,
                              struct ca_error *error)
{
    struct ca_buffer text = CA_BUFFER_INIT_SECRET(2 * CA_LONGEST_SECRET_FILE);
    struct json_object *document = NULL;
    bool done = ca_auth_store_read(options, &text, error);
    size_t octets = text.length;
    const char *plain = ca_text_trim(ca_buffer_text(&text), &octets);
    if (done && octets && *plain == '{') {
        done = ca_json_parse(plain, octets, &document) ||
               ca_error_set(error, "28000", 0,
                            "What is kept of the sign-in is damaged. Sign in again: connectai-dsn sign-in.");
        done = done && ca_token_read(token, document, error);
    } else if (done && !octets) {
        done = ca_error_set(error, "28000", 0,
                            "What is kept of the sign-in is empty. Sign in again: connectai-dsn sign-in.");
    } else if (done) {
        token->access = ca_strndup(plain, octets);
        done = token->access != NULL || ca_error_no_memory(error);
    }
    json_object_put(document);
    ca_buffer_free(&text);
    return done;
}

static void write_member(struct ca_buffer *json, const char *name, const char *value)
{
    if (!value)
        return;
    ca_buffer_add_format(json, "%c\"%s\":", json->length ? ',' : '{', name);
    ca_json_write_text(json, value, strlen(value));
}

bool ca_auth_store_write_token(const struct ca_options *options, const struct ca_token *token,
                               struct ca_error *error)
{
    struct ca_buffer json = CA_BUFFER_INIT_SECRET(CA_LONGEST_SECRET_FILE);
    write_member(&json, "access_token", token->access);
    write_member(&json, "refresh_token", token->refresh);
    ca_buffer_add_format(&json, ",\"expires_at\":%lld}\n", (long long)token->expires_s);
    bool done = !json.failure || ca_error_no_memory(error);
    done = done && ca_auth_store_write(options, json.data, error);
    ca_buffer_free(&json);
    return done;
}
