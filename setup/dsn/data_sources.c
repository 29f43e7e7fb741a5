/* list, show, options, add, edit, remove: data sources through libodbcinst and the setup library's own
 * functions. Secrets are asked for without an echo and never shown. */
#include <odbcinst.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "command.h"
#include "data_source.h"
#include "service/dsn.h"

/* The driver's name in odbcinst.ini (odbcinst.ini.in). */
static const char driver_name[] = "Connect AI";

enum { LONGEST_VALUE = 4096, LONGEST_LIST = 1 << 20 };

/* ---- reading ---- */

/* Whether a data source is one of this driver: by the driver's name, or by its file. */
static bool is_ours(const char *name)
{
    char driver[LONGEST_VALUE];
    SQLGetPrivateProfileString(name, "Driver", "", driver, sizeof driver, "odbc.ini");
    return ca_text_same(driver, driver_name) || strstr(driver, "libconnectaiodbc");
}

bool ca_read_data_source(const struct ca_arguments *arguments, struct ca_options *options)
{
    struct ca_error error = CA_ERROR_INIT;
    ca_options_init(options);
    if (!is_ours(arguments->name)) {
        ca_say_failed("%s %s of this driver%s.",
                      arguments->system ? "there is no data source for everyone named"
                                        : "you have no data source",
                      arguments->name, arguments->system ? "" : " (--system: those for everyone)");
        return false;
    }
    if (ca_options_read_dsn(options, arguments->name, &error))
        return true;
    ca_say_error(&error);
    ca_options_free(options);
    return false;
}

int ca_command_list(const struct ca_arguments *arguments)
{
    char *names = ca_calloc(1, LONGEST_LIST);
    (void)arguments;
    if (!names)
        return ca_say_failed("not enough memory");
    SQLGetPrivateProfileString(NULL, NULL, "", names, LONGEST_LIST - 1, "odbc.ini");
    for (const char *name = names; *name; name += strlen(name) + 1) {
        char text[LONGEST_VALUE];
        if (!is_ours(name))
            continue;
        SQLGetPrivateProfileString(name, "Description", "", text, sizeof text, "odbc.ini");
        printf("%s%s%s\n", name, *text ? "\t" : "", text);
    }
    ca_free(names);
    return fflush(stdout) == 0 ? CA_DONE : CA_FAILED;
}

int ca_command_show(const struct ca_arguments *arguments)
{
    struct ca_options options;
    if (!ca_read_data_source(arguments, &options))
        return CA_FAILED;
    for (int i = 0; i < CA_OPTION_COUNT; i++) {
        const struct ca_option_row *row = &ca_option_rows()[i];
        const char *text = options.text[i];
        if (!text)
            continue;
        bool hidden = row->kind == CA_OPTION_KIND_SECRET && strncmp(text, "env:", 4) != 0;
        printf("%s = %s\n", row->name, hidden ? "(hidden)" : text);
    }
    ca_options_free(&options);
    return fflush(stdout) == 0 ? CA_DONE : CA_FAILED;
}

int ca_command_options(const struct ca_arguments *arguments)
{
    (void)arguments;
    for (int i = 0; i < CA_OPTION_COUNT; i++) {
        const struct ca_option_row *row = &ca_option_rows()[i];
        printf("%s%s%s\n    %s\n", row->name, *row->initial ? " = " : "", row->initial, row->help);
    }
    return fflush(stdout) == 0 ? CA_DONE : CA_FAILED;
}

/* ---- asking ---- */

bool ca_ask(const struct ca_option_row *row, char *answer)
{
    bool terminal = isatty(STDIN_FILENO);
    bool given = false;
    char prompt[128];
    answer[0] = '\0';
    snprintf(prompt, sizeof prompt, "%s: ", row->label);
    if (terminal && row->kind == CA_OPTION_KIND_SECRET) {
        given = EVP_read_pw_string(answer, CA_LONGEST_ANSWER - 1, prompt, 0) == 0;
    } else {
        if (terminal)
            fputs(prompt, stderr);
        given = fgets(answer, CA_LONGEST_ANSWER, stdin) != NULL;
        answer[strcspn(answer, "\r\n")] = '\0';
    }
    if (!given)
        ca_say_failed("%s was not given.", row->label);
    return given;
}

/* ---- writing ---- */

static bool add_pair(struct ca_buffer *list, const char *name, const char *value)
{
    ca_buffer_add_text(list, name);
    ca_buffer_add_char(list, '=');
    ca_buffer_add_text(list, value);
    return ca_buffer_add(list, "", 1);
}

static int refuse_secret(const struct ca_option_row *row)
{
    ca_say_failed(
        "%s is a secret, and others can read command lines. Leave its value out (%s) to be asked for it, or "
        "name an environment variable: %s=env:NAME",
        row->name, row->name, row->name);
    return CA_MISUSED;
}

/* Adds one word of the command line to the attribute list. */
static int add_word(struct ca_buffer *list, char *word)
{
    size_t octets = strcspn(word, "=");
    enum ca_option option = ca_option_find(word, octets);
    bool described = ca_text_same_n(word, octets, "Description") && word[octets];
    char answer[CA_LONGEST_ANSWER];
    if (described)
        return add_pair(list, "Description", word + octets + 1) ? CA_DONE : CA_FAILED;
    if (option == CA_OPTION_COUNT) {
        ca_say_failed("there is no option %.*s (connectai-dsn options lists them)", (int)octets, word);
        return CA_MISUSED;
    }
    const struct ca_option_row *row = &ca_option_rows()[option];
    const char *value = word[octets] ? word + octets + 1 : NULL;
    if (value && *value && row->kind == CA_OPTION_KIND_SECRET && strncmp(value, "env:", 4) != 0)
        return refuse_secret(row);
    if (!value && !ca_ask(row, answer))
        return CA_FAILED;
    bool added = add_pair(list, row->name, value ? value : answer);
    ca_wipe(answer, sizeof answer);
    return added ? CA_DONE : ca_say_failed("not enough memory");
}

/* A file that holds a secret is for its owner alone; a new one is made so. */
static void close_file(const struct ca_options *options, bool system)
{
    struct stat status;
    const char *given = getenv("ODBCINI");
    const char *home = getenv("HOME");
    bool secret = false;
    struct ca_buffer path = CA_BUFFER_INIT(1 << 16);
    for (int i = 0; i < CA_OPTION_COUNT; i++)
        secret = secret || (ca_option_rows()[i].kind == CA_OPTION_KIND_SECRET && options->text[i] &&
                            strncmp(options->text[i], "env:", 4) != 0);
    if (!secret)
        return;
    if (system) {
        puts("A secret there can be read by everyone who can read this odbc.ini: TokenFile or env:NAME keeps "
             "it "
             "apart.");
        return;
    }
    ca_buffer_add_format(&path, "%s%s", given ? given : home ? home : "", given ? "" : "/.odbc.ini");
    if (path.data && stat(path.data, &status) == 0 && status.st_mode & 077 &&
        chmod(path.data, status.st_mode & 0700) == 0)
        printf("%s, which a secret goes to, is closed to others.\n", path.data);
    ca_buffer_free(&path);
}

typedef bool writer(const char *driver, const struct ca_attributes *attributes);

static int write_words(const struct ca_arguments *arguments, writer *write)
{
    struct ca_buffer list = CA_BUFFER_INIT_SECRET(LONGEST_LIST);
    struct ca_attributes attributes;
    int status = ca_buffer_reserve(&list, LONGEST_LIST) ? CA_DONE : ca_say_failed("not enough memory");
    ca_attributes_init(&attributes);
    if (status == CA_DONE)
        add_pair(&list, "DSN", arguments->name);
    for (char **word = arguments->rest; status == CA_DONE && *word; word++)
        status = add_word(&list, *word);
    if (status == CA_DONE) {
        bool done =
            ca_attributes_read(&attributes, ca_buffer_text(&list)) && ca_data_source_check_name(&attributes);
        /* before a secret stands in it */
        if (done)
            close_file(&attributes.options, arguments->system);
        done = done && write(driver_name, &attributes);
        status = done ? CA_DONE : ca_say_installer_errors();
    }
    ca_attributes_free(&attributes);
    ca_buffer_free(&list);
    return status;
}

int ca_command_add(const struct ca_arguments *arguments)
{
    char driver[LONGEST_VALUE];
    if (SQLGetPrivateProfileString(arguments->name, "Driver", "", driver, sizeof driver, "odbc.ini") > 0)
        return ca_say_failed("there is a data source %s already; edit changes it, remove removes it.",
                             arguments->name);
    return write_words(arguments, ca_data_source_add);
}

int ca_command_edit(const struct ca_arguments *arguments)
{
    struct ca_options options;
    if (!ca_read_data_source(arguments, &options))
        return CA_FAILED;
    ca_options_free(&options);
    return write_words(arguments, ca_data_source_change);
}

int ca_command_remove(const struct ca_arguments *arguments)
{
    struct ca_options options;
    if (!ca_read_data_source(arguments, &options))
        return CA_FAILED;
    int status = write_words(arguments, ca_data_source_remove);
    if (status == CA_DONE)
        ca_forget_token(&options, arguments);
    ca_options_free(&options);
    return status;
}

bool ca_change_data_source(const char *name, const char *const *attributes)
{
    struct ca_buffer list = CA_BUFFER_INIT_SECRET(LONGEST_LIST);
    struct ca_attributes read;
    ca_attributes_init(&read);
    add_pair(&list, "DSN", name);
    for (; *attributes; attributes++)
        ca_buffer_add(&list, *attributes, strlen(*attributes) + 1);
    bool done =
        !list.failure && ca_attributes_read(&read, list.data) && ca_data_source_change(driver_name, &read);
    ca_attributes_free(&read);
    ca_buffer_free(&list);
    return done;
}
