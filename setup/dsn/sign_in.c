/* sign-in: gets a token in the user's name, by a browser or a code, and keeps it where the driver finds it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "odbc/version.h"
#include "command.h"
#include "service/auth_store.h"

enum { LONGEST_PATH = 1 << 16 };

/* Makes the directories of a path, for their owner alone. */
static bool make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

/* Where a token goes if the data source does not say: a file of the user's with the data source's name. */
static bool choose_file(struct ca_options *options, const struct ca_arguments *arguments,
                        struct ca_error *error)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    struct ca_buffer path = CA_BUFFER_INIT(LONGEST_PATH);
    bool placed = (data && *data == '/') || (home && *home == '/');
    if (arguments->system || !placed)
        return ca_error_set(error, "HY000", 0, "set TokenFile first: connectai-dsn edit %s TokenFile=PATH",
                            arguments->name);
    if (data && *data == '/')
        ca_buffer_add_format(&path, "%s/connectai-odbc/", data);
    else
        ca_buffer_add_format(&path, "%s/.local/share/connectai-odbc/", home);
    for (const char *c = arguments->name; *c; c++)
        ca_buffer_add_char(&path, *c == '/' ? '_' : *c);
    ca_buffer_add_text(&path, ".token");
    bool done = (!path.failure || ca_error_no_memory(error)) &&
                (make_directories(path.data) ||
                 ca_error_set(error, "HY000", 0, "%s cannot be made: %s", path.data, strerror(errno))) &&
                ca_options_set(options, CA_OPTION_TOKEN_FILE, path.data, CA_ORIGIN_DSN, error);
    ca_buffer_free(&path);
    return done;
}

/* The data source says from now on that it is signed in so; tokens that stood in it would come first. */
static int note(const struct ca_options *options, const struct ca_arguments *arguments)
{
    struct ca_buffer file = CA_BUFFER_INIT(LONGEST_PATH);
    const char *path = ca_option_text(options, CA_OPTION_TOKEN_FILE);
    ca_buffer_add_format(&file, "TokenFile=%s", path);
    const char *const attributes[] = {
        "AuthScheme=OAuth", "OAuthAccessToken=", "OAuthRefreshToken=", *path ? file.data : NULL, NULL};
    bool done = !file.failure && ca_change_data_source(arguments->name, attributes);
    ca_buffer_free(&file);
    return done ? CA_DONE : ca_say_installer_errors();
}

static int keep(const struct ca_options *options, const struct ca_arguments *arguments,
                const struct ca_token *token)
{
    struct ca_error error = CA_ERROR_INIT;
    const char *path = ca_option_text(options, CA_OPTION_TOKEN_FILE);
    if (!ca_auth_store_write_token(options, token, &error))
        return ca_say_error(&error);
    if (note(options, arguments) != CA_DONE)
        return CA_FAILED;
    printf("Signed in. The token is kept in %s.\n", *path ? path : "the secret store");
    if (!token->refresh)
        puts("The authority gave no refresh token: sign in again when the access token has ended.");
    printf("Try it: connectai-dsn test %s\n", arguments->name);
    return fflush(stdout) == 0 ? CA_DONE : CA_FAILED;
}

/* Checks what a sign-in needs, and says where its token goes. */
static bool prepare(struct ca_options *options, const struct ca_arguments *arguments,
                    struct ca_transport *authority, struct ca_error *error)
{
    if (!*ca_option_text(options, CA_OPTION_OAUTH_CLIENT_ID))
        return ca_error_set(
            error, "HY000", 0,
            "your OAuth application is not named: connectai-dsn edit %s OAuthClientId=ID, and "
            "OAuthClientSecret where it has one.",
            arguments->name);
    /* A keyring finds what is kept by the scheme, too. */
    options->origin[CA_OPTION_AUTH_SCHEME] = CA_ORIGIN_DEFAULT;
    return ca_options_set(options, CA_OPTION_AUTH_SCHEME, "OAuth", CA_ORIGIN_DSN, error) &&
           (ca_auth_store_is_set(options) || choose_file(options, arguments, error)) &&
           ca_transport_init(authority, options, CA_OPTION_OAUTH_TOKEN_URL,
                             "connectai-odbc/" CA_VERSION_TEXT " (connectai-dsn)", error);
}

int ca_command_sign_in(const struct ca_arguments *arguments)
{
    struct ca_options options;
    struct ca_transport authority = {0};
    struct ca_token token = {0};
    struct ca_error error = CA_ERROR_INIT;
    int status = CA_FAILED;
    if (!ca_read_data_source(arguments, &options))
        return CA_FAILED;
    bool done = prepare(&options, arguments, &authority, &error);
    if (done && arguments->device)
        done = ca_sign_in_by_device(&options, &authority, &token, &error);
    else if (done)
        done = ca_sign_in_by_browser(&options, &authority, arguments, &token, &error);
    status = done ? keep(&options, arguments, &token) : ca_say_error(&error);
    ca_token_free(&token);
    ca_transport_free(&authority);
    ca_options_free(&options);
    return status;
}
