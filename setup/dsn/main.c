/* connectai-dsn: adds, shows, changes, tests and removes data sources of the driver, and signs in for them.
 * Owns the command line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <odbcinst.h>

#include "base/buffer.h"
#include "base/text.h"
#include "odbc/version.h"
#include "command.h"

enum { MOST_ERRORS = 8, HIGHEST_PORT = 65535, LONGEST_TEXT = 1 << 20 };

static const struct {
    const char *name;
    int (*run)(const struct ca_arguments *);
    bool names;      /* a data source */
    bool takes_rest; /* options behind it */
    const char *usage;
    const char *help;
} commands[] = {
    {"list", ca_command_list, false, false, "", "the data sources of this driver"},
    {"show", ca_command_show, true, false, "NAME", "what a data source says; secrets are not shown"},
    {"add", ca_command_add, true, true, "NAME [OPTION=VALUE | OPTION]...", "a new data source"},
    {"edit", ca_command_edit, true, true, "NAME [OPTION=VALUE | OPTION]...",
     "change it; OPTION= goes back to the default"},
    {"remove", ca_command_remove, true, false, "NAME", "remove it"},
    {"keep", ca_command_keep, true, false, "NAME",
     "ask for the personal access token, and keep it apart from it"},
    {"sign-in", ca_command_sign_in, true, false, "NAME [--device] [--no-browser] [--port N]",
     "sign in with OAuth and keep the token"},
    {"test", ca_command_test, true, false, "NAME", "connect, and say what is wrong"},
    {"options", ca_command_options, false, false, "", "what OPTION can be"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int print_help(void)
{
    puts("Usage: connectai-dsn COMMAND ...\n"
         "Sets up data sources of the Connect AI ODBC driver.\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-8s %-42s %s\n", commands[i].name, commands[i].usage, commands[i].help);
    puts("\n  --system       with any command: the data sources for everyone (as root), not your own\n"
         "  --device       sign in on another device with a code, where this one has no browser\n"
         "  --no-browser   print the address instead of opening it\n"
         "  --port N       port of 127.0.0.1 that the browser comes back to (any free one)\n\n"
         "A secret never stands on the command line: PWD alone asks for it (or reads a line of standard "
         "input\n"
         "that is no terminal), PWD=env:NAME takes it from the environment whenever the driver connects.");
    return fflush(stdout) == 0 ? CA_DONE : CA_FAILED;
}

/* Nothing steers the terminal: no control character, be it one of those of two octets (U+0080 to U+009F). A
 * line's end only where `lines` are expected. */
static void print_plain(FILE *file, const char *text, bool lines)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool wide = c[0] == 0xC2 && c[1] >= 0x80 && c[1] <= 0x9F;
        bool control = wide || c[0] < 0x20 || c[0] == 0x7F;
        fputc(control && !(lines && *c == '\n') ? '?' : *c, file);
        c += wide;
    }
}

int ca_say_failed(const char *format, ...)
{
    va_list arguments;
    struct ca_buffer text = CA_BUFFER_INIT(LONGEST_TEXT);
    va_start(arguments, format);
    ca_buffer_add_format_args(&text, format, arguments);
    va_end(arguments);
    fputs("connectai-dsn: ", stderr);
    print_plain(stderr, ca_buffer_text(&text), true);
    fputc('\n', stderr);
    ca_buffer_free(&text);
    return CA_FAILED;
}

int ca_say_error(struct ca_error *error)
{
    ca_say_failed("%s", ca_error_text(error));
    ca_error_clear(error);
    return CA_FAILED;
}

int ca_say_installer_errors(void)
{
    char text[SQL_MAX_MESSAGE_LENGTH + 1] = "";
    char last[SQL_MAX_MESSAGE_LENGTH + 1] = "";
    DWORD code;
    WORD octets;
    /* The last is the cause in this driver's words, those before it are libodbcinst's. */
    for (WORD i = 1;
         i <= MOST_ERRORS && SQLInstallerError(i, &code, text, sizeof text - 1, &octets) == SQL_SUCCESS; i++)
        memcpy(last, text, sizeof last);
    return ca_say_failed("%s", *last ? last : "The installer gives no reason.");
}

void ca_print_plain(const char *text)
{
    print_plain(stdout, text, false);
}

void ca_print_lines(const char *text)
{
    print_plain(stdout, text, true);
}

static int misuse(const char *text, const char *what)
{
    fprintf(stderr, "connectai-dsn: %s%s (connectai-dsn --help)\n", text, what);
    return CA_MISUSED;
}

/* Takes one `--option`; *used counts the words. */
static bool take_flag(struct ca_arguments *arguments, char **words, int *used)
{
    const struct {
        const char *name;
        bool *place;
    } flags[] = {{"--system", &arguments->system},
                 {"--device", &arguments->device},
                 {"--no-browser", &arguments->no_browser}};
    *used = 1;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(words[0], flags[i].name) == 0) {
            *flags[i].place = true;
            return true;
        }
    int64_t port = 0;
    if (strcmp(words[0], "--port") != 0 || !words[1] || !ca_text_integer(words[1], strlen(words[1]), &port) ||
        port < 1 || port > HIGHEST_PORT)
        return false;
    arguments->port = (int)port;
    *used = 2;
    return true;
}

/* Sorts the words behind the command: flags, the name, the rest (moved together in place). */
static int read_words(struct ca_arguments *arguments, char **words)
{
    char **rest = words;
    arguments->rest = words;
    while (*words) {
        int used = 1;
        if (strncmp(*words, "--", 2) == 0) {
            if (!take_flag(arguments, words, &used))
                return misuse("not understood: ", *words);
        } else if (!arguments->name) {
            arguments->name = *words;
        } else {
            *rest++ = *words;
        }
        words += used;
    }
    *rest = NULL;
    return CA_DONE;
}

int main(int argc, char **argv)
{
    struct ca_arguments arguments = {0};
    size_t i = 0;
    umask(077); /* what is made here may hold secrets */
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return argc < 2 ? (print_help(), CA_MISUSED) : print_help();
    if (strcmp(argv[1], "--version") == 0)
        return puts("connectai-dsn " CA_VERSION_TEXT) < 0;
    while (i < COMMANDS && strcmp(commands[i].name, argv[1]) != 0)
        i++;
    if (i == COMMANDS)
        return misuse("there is no command ", argv[1]);
    if (read_words(&arguments, argv + 2) != CA_DONE)
        return CA_MISUSED;
    if (commands[i].names != (arguments.name != NULL))
        return misuse(commands[i].names ? "the data source's name is missing" : "not understood: ",
                      commands[i].names ? "" : arguments.name);
    if (*arguments.rest && !commands[i].takes_rest)
        return misuse("not understood: ", *arguments.rest);
    SQLSetConfigMode(arguments.system ? ODBC_SYSTEM_DSN : ODBC_USER_DSN);
    return commands[i].run(&arguments);
}
