/* sign-in: gets a token in the user's name, by a browser or a code, and keeps it where the driver finds it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/text.h"
#include "odbc/version.h"
#include "command.h"
#include "service/auth_store.h"

enum { LONGEST_PATH = 1 << 16, MOST_CHANGES = 4, LONGEST_RENEWAL_MS = 40000 };

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

/* The path of a file of the user's with the data source's name; false: the user has no place for files. */
static bool write_path(struct ca_buffer *path, const struct ca_arguments *arguments)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    if (arguments->system || ((!data || *data != '/') && (!home || *home != '/')))
        return false;
    if (data && *data == '/')
        ca_buffer_add_format(path, "%s/connectai-odbc/", data);
    else
        ca_buffer_add_format(path, "%s/.local/share/connectai-odbc/", home);
    for (const char *c = arguments->name; *c; c++)
        ca_buffer_add_char(path, *c == '/' ? '_' : *c);
    ca_buffer_add_text(path, ".token");
    return true;
}

/* Where a token goes if the data source does not say. */
static bool choose_file(struct ca_options *options, const struct ca_arguments *arguments,
                        struct ca_error *error)
{
    struct ca_buffer path = CA_BUFFER_INIT(LONGEST_PATH);
    if (!write_path(&path, arguments))
        return ca_error_set(error, "HY000", 0, "set TokenFile first: connectai-dsn edit %s TokenFile=PATH",
                            arguments->name);
    bool done = (!path.failure || ca_error_no_memory(error)) &&
                (make_directories(path.data) ||
                 ca_error_set(error, "HY000", 0, "%s cannot be made: %s", path.data, strerror(errno))) &&
                ca_options_set(options, CA_OPTION_TOKEN_FILE, path.data, CA_ORIGIN_DSN, error);
    ca_buffer_free(&path);
    return done;
}

void ca_forget_token(const struct ca_options *options, const struct ca_arguments *arguments)
{
    struct ca_buffer path = CA_BUFFER_INIT(LONGEST_PATH);
    const char *file = ca_option_text(options, CA_OPTION_TOKEN_FILE);
    bool chosen = write_path(&path, arguments) && !path.failure && strcmp(path.data, file) == 0;
    if (chosen && unlink(file) == 0)
        printf("%s, which held its token, is removed too.\n", file);
    else if (*file && access(file, F_OK) == 0)
        printf("Its token is still in %s.\n", file);
    else if (!*file && ca_auth_store_is_set(options))
        puts("Its token is still in the secret store.");
    ca_buffer_free(&path);
}

/* The place of a token of this scheme: a keyring finds it by the scheme, too. */
static bool choose_place(struct ca_options *options, const struct ca_arguments *arguments, const char *scheme,
                         struct ca_error *error)
{
    options->origin[CA_OPTION_AUTH_SCHEME] = CA_ORIGIN_DEFAULT;
    return ca_options_set(options, CA_OPTION_AUTH_SCHEME, scheme, CA_ORIGIN_DSN, error) &&
           (ca_auth_store_is_set(options) || choose_file(options, arguments, error));
}

/* Changes the data source, which also says from now on where its token is. */
static int note(const struct ca_options *options, const struct ca_arguments *arguments,
                const char *const *changes)
{
    struct ca_buffer file = CA_BUFFER_INIT(LONGEST_PATH);
    const char *path = ca_option_text(options, CA_OPTION_TOKEN_FILE);
    const char *attributes[MOST_CHANGES + 2] = {NULL};
    size_t count = 0;
    while (count < MOST_CHANGES && changes[count]) {
        attributes[count] = changes[count];
        count++;
    }
    ca_buffer_add_format(&file, "TokenFile=%s", path);
    attributes[count] = *path ? file.data : NULL;
    bool done = !file.failure && ca_change_data_source(arguments->name, attributes);
    ca_buffer_free(&file);
    return done ? CA_DONE : ca_say_installer_errors();
}

static int say_kept(const struct ca_options *options, const struct ca_arguments *arguments, const char *what)
{
    const char *path = ca_option_text(options, CA_OPTION_TOKEN_FILE);
    printf("%s %s.\n", what, *path ? path : "the secret store");
    printf("Try it: connectai-dsn test %s\n", arguments->name);
    return fflush(stdout) == 0 ? CA_DONE : CA_FAILED;
}

/* Waits until no driver renews what is kept: it would put its token in the place of the new one. What cannot
 * be locked, because it is not there or open to others, is simply replaced. */
static int lock_store(const struct ca_options *options)
{
    const struct ca_wait wait = {.deadline = ca_deadline_after(LONGEST_RENEWAL_MS)};
    struct ca_error error = CA_ERROR_INIT;
    int lock = -1;
    if (!ca_auth_store_lock(options, &wait, &lock, &error))
        ca_error_clear(&error);
    return lock;
}

/* ---- keep ---- */

static bool keep_answer(const struct ca_options *options, const char *answer, struct ca_error *error)
{
    size_t octets = strlen(answer);
    ca_text_trim(answer, &octets);
    if (!octets)
        return ca_error_set(error, "HY000", 0, "no token was given: nothing is changed.");
    int lock = lock_store(options);
    bool done = ca_auth_store_write(options, answer, error);
    ca_auth_store_unlock(lock);
    return done;
}

/* The token goes to the file or the store; none stays in odbc.ini. */
int ca_command_keep(const struct ca_arguments *arguments)
{
    static const char *const changes[] = {"AuthScheme=Basic", "PWD=", NULL};
    char answer[CA_LONGEST_ANSWER];
    struct ca_options options;
    struct ca_error error = CA_ERROR_INIT;
    if (!ca_read_data_source(arguments, &options))
        return CA_FAILED;
    int status = CA_FAILED;
    if (!choose_place(&options, arguments, "Basic", &error))
        ca_say_error(&error);
    else if (ca_ask(&ca_option_rows()[CA_OPTION_PWD], answer))
        status =
            keep_answer(&options, answer, &error) ? note(&options, arguments, changes) : ca_say_error(&error);
    ca_wipe(answer, sizeof answer);
    if (status == CA_DONE)
        status = say_kept(&options, arguments, "The token is kept in");
    ca_options_free(&options);
    return status;
}

/* ---- sign-in ---- */

/* Tokens that stood in the data source would come before those that are kept. */
static int keep(const struct ca_options *options, const struct ca_arguments *arguments,
                const struct ca_token *token)
{
    static const char *const changes[] = {"AuthScheme=OAuth",
                                          "OAuthAccessToken=", "OAuthRefreshToken=", NULL};
    struct ca_error error = CA_ERROR_INIT;
    int lock = lock_store(options);
    bool done = ca_auth_store_write_token(options, token, &error);
    ca_auth_store_unlock(lock);
    if (!done)
        return ca_say_error(&error);
    if (note(options, arguments, changes) != CA_DONE)
        return CA_FAILED;
    if (!token->refresh)
        puts("The authority gave no refresh token: sign in again when the access token has ended.");
    return say_kept(options, arguments, "Signed in. The token is kept in");
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
    return choose_place(options, arguments, "OAuth", error) &&
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
