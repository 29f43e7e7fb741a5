/*
 * Owns the command line: what options there are and what they take. Knows nothing of what they do.
 */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum option_kind { FLAG, TEXT, NUMBER, PORT, CHOICE, LIST, PAIR };

enum { HIGHEST_NUMBER = 1000000, HIGHEST_PORT = 65535 };

struct option {
    const char *name;
    enum option_kind kind;
    size_t place;
    const char *argument; /* as the help has it; CHOICE: two words, the first is the default (false) */
    const char *help;
};

#define AT(member) offsetof(struct options, member)

static const struct option table[] = {
    {"--port", PORT, AT(port), "PORT", "0, the default: a free one"},
    {"--bind", TEXT, AT(bind), "ADDRESS", "default 127.0.0.1"},
    {"--user", TEXT, AT(user), "NAME", "default demo@example.com"},
    {"--token", TEXT, AT(token), "TOKEN", "default demo-token"},
    {"--bearer", LIST, AT(bearers), "TOKEN", "also accept it; may repeat"},
    {"--oauth", PAIR, AT(oauth_client), "ID SECRET", "be an OAuth authority, too"},
    {"--jwt-key", TEXT, AT(jwt_key), "FILE", "public key (PEM) of JWTs"},
    {"--tls", PAIR, AT(tls_certificate), "CERT KEY", "HTTPS with these PEM files"},
    {"--data", TEXT, AT(data), "DIR", "keep the databases in DIR"},
    {"--log", TEXT, AT(log), "FILE", "a line for every request"},
    {"--port-file", TEXT, AT(port_file), "FILE", "write the port to FILE"},
    {"--profile", CHOICE, AT(old_profile), "new|old", "order of members"},
    {"--dialect", CHOICE, AT(lenient), "default|lenient", "let SQLite's SQL through"},
    {"--batch-reply", CHOICE, AT(batch_total), "each|total", "results of a batch"},
    {"--tables", NUMBER, AT(tables), "N", "more, 100 to a catalog"},
    {"--no-system-tables", FLAG, AT(no_system_tables), "", "as if there were none"},
    {"--case-sensitive", FLAG, AT(case_sensitive), "", "LIKE and filters tell case apart"},
    {"--no-endpoints", LIST, AT(no_endpoints), "NAME,...", "as if these did not exist"},
    {"--no-gzip", FLAG, AT(no_gzip), "", "never compress replies"},
    {"--prerender", FLAG, AT(prerender), "", "benchmarks from files"},
    {"--rate-limit", NUMBER, AT(rate_limit), "N", "a minute, else status 429"},
    {"--help", FLAG, AT(help), "", "print this help"},
};

enum { OPTION_COUNT = sizeof table / sizeof *table };

void options_help(void)
{
    puts("Usage: connectai-local [OPTION]...\n"
         "A local Connect AI service with sample data, for trying the driver and for tests.\n");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        printf("  %-19s %-16s %s\n", table[i].name, table[i].argument, table[i].help);
}

static bool add_text(struct text_list *list, const char *text)
{
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);

    if (items == NULL)
        return false;
    list->items = items;
    list->items[list->count++] = text;
    return true;
}

static bool take_number(const struct option *option, const char *text, unsigned *number)
{
    char *end;

    unsigned long highest = option->kind == PORT ? HIGHEST_PORT : HIGHEST_NUMBER;

    errno = 0;
    unsigned long n = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || *text == '-' || n > highest) {
        fprintf(stderr, "connectai-local: %s takes a number up to %lu\n", option->name, highest);
        return false;
    }
    *number = (unsigned)n;
    return true;
}

static bool take_choice(const struct option *option, const char *text, bool *second)
{
    size_t first_length = strcspn(option->argument, "|"), length = strlen(text);

    *second = strcmp(option->argument + first_length + 1, text) == 0;
    return *second || (length == first_length && strncmp(option->argument, text, length) == 0);
}

/* Stores the option's arguments, of which there are enough. */
static bool take(const struct option *option, struct options *options, char **arguments)
{
    void *place = (char *)options + option->place;

    switch (option->kind) {
    case FLAG:
        *(bool *)place = true;
        return true;
    case TEXT:
        *(const char **)place = arguments[0];
        return true;
    case NUMBER:
    case PORT:
        return take_number(option, arguments[0], place);
    case LIST:
        return add_text(place, arguments[0]);
    case PAIR:
        ((const char **)place)[0] = arguments[0];
        ((const char **)place)[1] = arguments[1];
        return true;
    case CHOICE:
        if (take_choice(option, arguments[0], place))
            return true;
        fprintf(stderr, "connectai-local: %s takes %s\n", option->name, option->argument);
    }
    return false;
}

static const struct option *find_option(const char *name)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

bool options_read(struct options *options, int argc, char **argv)
{
    *options = (struct options){.bind = "127.0.0.1", .user = "demo@example.com", .token = "demo-token"};
    for (int i = 1; i < argc;) {
        const struct option *option = find_option(argv[i]);
        if (option == NULL) {
            fprintf(stderr, "connectai-local: unknown option %s (--help lists them)\n", argv[i]);
            return false;
        }
        int arguments = option->kind == FLAG ? 0 : option->kind == PAIR ? 2 : 1;
        if (argc - i - 1 < arguments) {
            fprintf(stderr, "connectai-local: %s takes %s\n", option->name, option->argument);
            return false;
        }
        if (!take(option, options, argv + i + 1))
            return false;
        i += 1 + arguments;
    }
    return true;
}

void options_free(struct options *options)
{
    free(options->bearers.items);
    free(options->no_endpoints.items);
    options->bearers = options->no_endpoints = (struct text_list){0};
}

bool options_without(const struct options *options, const char *endpoint)
{
    size_t length = strlen(endpoint);

    for (size_t i = 0; i < options->no_endpoints.count; i++)
        for (const char *p = options->no_endpoints.items[i]; *p != '\0';) {
            size_t n = strcspn(p, ",");
            if (n == length && strncasecmp(p, endpoint, n) == 0)
                return true;
            p += n + (p[n] == ',');
        }
    return false;
}
