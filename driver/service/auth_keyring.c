#include "service/auth_keyring.h"

#include <dlfcn.h>
#include <string.h>

/* The part of libsecret's interface that is used here: its types as they stand in libsecret-1.so.0. */
struct secret_attribute {
    const char *name;
    int type; /* 0 = string */
};
struct secret_schema {
    const char *name;
    int flags;
    struct secret_attribute attributes[32];
    int reserved;
    void *reserved_pointers[7];
};
struct glib_error {
    unsigned domain;
    int code;
    char *message;
};

struct library {
    void *handle;
    char *(*lookup)(const struct secret_schema *, void *cancellable, struct glib_error **, ...);
    int (*store)(const struct secret_schema *, const char *collection, const char *label, const char *secret,
                 void *cancellable, struct glib_error **, ...);
    void (*wipe)(char *secret);
    void (*error_free)(struct glib_error *);
};

static const struct secret_schema schema = {
    .name = "com.cdata.connectai.odbc",
    .attributes = {{"address", 0}, {"user", 0}, {"scheme", 0}},
};

/* dlsym gives an object pointer; POSIX says that its octets are the function's. */
static bool find(void *handle, const char *name, void *function)
{
    void *found = dlsym(handle, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

/* Never unloaded: GLib, which comes with it, does not bear that. */
static bool load(struct library *library, struct ca_error *error)
{
    library->handle = dlopen("libsecret-1.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library->handle && find(library->handle, "secret_password_lookup_sync", &library->lookup) &&
        find(library->handle, "secret_password_store_sync", &library->store) &&
        find(library->handle, "secret_password_free", &library->wipe) &&
        find(library->handle, "g_error_free", &library->error_free))
        return true;
    if (library->handle)
        dlclose(library->handle);
    return ca_error_set(
        error, "28000", 0,
        "CredentialStore=libsecret: the library libsecret-1.so.0 is not installed here (Debian: "
        "libsecret-1-0). Install it, or use TokenFile.");
}

static bool fail(struct library *library, struct glib_error *problem, struct ca_error *error)
{
    ca_error_set(error, "28000", 0, "CredentialStore=libsecret: the secret store cannot be used: %s",
                 problem->message ? problem->message : "no reason is given");
    library->error_free(problem);
    return false;
}

bool ca_keyring_read(const struct ca_options *options, struct ca_buffer *text, struct ca_error *error)
{
    struct library library = {0};
    struct glib_error *problem = NULL;
    if (!load(&library, error))
        return false;
    char *secret = library.lookup(&schema, NULL, &problem, "address", ca_option_text(options, CA_OPTION_URL),
                                  "user", ca_option_text(options, CA_OPTION_UID), "scheme",
                                  ca_option_text(options, CA_OPTION_AUTH_SCHEME), (void *)NULL);
    if (problem)
        return fail(&library, problem, error);
    if (!secret)
        return ca_error_set(
            error, "28000", 0,
            "CredentialStore=libsecret: nothing is kept for this URL, UID and AuthScheme. Sign in "
            "first: connectai-dsn sign-in and the data source's name.");
    bool done = ca_buffer_add_text(text, secret);
    library.wipe(secret);
    dlclose(library.handle);
    return done || ca_error_no_memory(error);
}

bool ca_keyring_write(const struct ca_options *options, const char *text, struct ca_error *error)
{
    struct library library = {0};
    struct glib_error *problem = NULL;
    if (!load(&library, error))
        return false;
    int done =
        library.store(&schema, NULL, "Connect AI (ODBC)", text, NULL, &problem, "address",
                      ca_option_text(options, CA_OPTION_URL), "user", ca_option_text(options, CA_OPTION_UID),
                      "scheme", ca_option_text(options, CA_OPTION_AUTH_SCHEME), (void *)NULL);
    if (problem)
        return fail(&library, problem, error);
    dlclose(library.handle);
    return done ||
           ca_error_set(error, "HY000", 0, "CredentialStore=libsecret: the secret store kept nothing.");
}
