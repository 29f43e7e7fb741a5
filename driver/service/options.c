#include "service/options.h"

#include <string.h>

#include "base/alloc.h"
#include "base/keyword.h"
#include "base/text.h"

#define OPTION(id, name, aliases, kind, initial, minimum, maximum, choices, label, help) \
    {name, aliases, CA_OPTION_KIND_##kind, initial, minimum, maximum, choices, label, help},
static const struct ca_option_row rows[] = {
#include "service/options.def"
};
#undef OPTION

static const char ignored[] = "Driver,DSN,FILEDSN,SAVEFILE,Description,Trusted_Connection,WSID,"
                              "DriverUnicodeType,Trace,TraceFile,Threading,CPTimeout,CPTimeToLive,CPProbe";

const struct ca_option_row *ca_option_rows(void)
{
    return rows;
}

static bool in_list(const char *list, const char *name, size_t octets)
{
    while (*list) {
        size_t length = strcspn(list, ",");
        if (length == octets && length) {
            size_t i = 0;
            while (i < length && ca_text_lower(list[i]) == ca_text_lower(name[i]))
                i++;
            if (i == length)
                return true;
        }
        list += length + (list[length] == ',');
    }
    return false;
}

enum ca_option ca_option_find(const char *name, size_t octets)
{
    for (int i = 0; i < CA_OPTION_COUNT; i++)
        if (ca_text_same_n(name, octets, rows[i].name) || in_list(rows[i].aliases, name, octets))
            return (enum ca_option)i;
    return CA_OPTION_COUNT;
}

bool ca_option_is_ignored(const char *name, size_t octets)
{
    return in_list(ignored, name, octets);
}

static void reset(struct ca_options *options, int option)
{
    ca_text_integer(rows[option].initial, strlen(rows[option].initial), &options->number[option]);
    options->text[option] = NULL;
    options->origin[option] = CA_ORIGIN_DEFAULT;
}

void ca_options_init(struct ca_options *options)
{
    memset(options, 0, sizeof *options);
    for (int i = 0; i < CA_OPTION_COUNT; i++)
        reset(options, i);
}

void ca_options_free(struct ca_options *options)
{
    for (int i = 0; i < CA_OPTION_COUNT; i++) {
        ca_free_secret(options->text[i]);
        reset(options, i);
    }
}

/* A switch may be written as a word. */
static const char *switch_value(const char *value)
{
    static const char *const words[][2] = {{"true", "1"}, {"false", "0"}, {"yes", "1"},
                                           {"no", "0"},   {"on", "1"},    {"off", "0"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ca_text_same(value, words[i][0]))
            return words[i][1];
    return value;
}

static bool check_choice(enum ca_option option, const char *value, struct ca_error *error)
{
    if (in_list(rows[option].choices, value, strlen(value)))
        return true;
    return ca_error_set(error, "HY024", 0, "%s=%s is not valid: use one of %s.", rows[option].name, value,
                        rows[option].choices);
}

static bool check_number(enum ca_option option, const char *value, int64_t *number, struct ca_error *error)
{
    const struct ca_option_row *row = &rows[option];
    if (row->kind == CA_OPTION_KIND_SWITCH)
        value = switch_value(value);
    if (ca_text_integer(value, strlen(value), number) && *number >= row->minimum && *number <= row->maximum)
        return true;
    return ca_error_set(error, "HY024", 0, "%s=%s is not valid: give a whole number from %lld to %lld.",
                        row->name, value, (long long)row->minimum, (long long)row->maximum);
}

bool ca_options_set(struct ca_options *options, enum ca_option option, const char *value,
                    enum ca_option_origin origin, struct ca_error *error)
{
    size_t octets = strlen(value);
    int64_t number = 0;
    value = ca_text_trim(value, &octets);
    if (options->origin[option] >= origin && origin != CA_ORIGIN_DEFAULT)
        return true;
    if (octets == 0 && origin == CA_ORIGIN_STRING &&
        (option == CA_OPTION_UID || rows[option].kind == CA_OPTION_KIND_SECRET))
        return true; /* applications add empty credentials: they say nothing */
    if (octets == 0) {
        /* Given but empty: the default, which no weaker source may replace. */
        ca_free_secret(options->text[option]);
        reset(options, (int)option);
        options->origin[option] = (uint8_t)origin;
        return true;
    }
    char *copy = ca_strndup(value, octets);
    if (!copy)
        return ca_error_no_memory(error);
    enum ca_option_kind kind = rows[option].kind;
    bool is_number = kind == CA_OPTION_KIND_NUMBER || kind == CA_OPTION_KIND_SWITCH;
    bool valid = is_number ? check_number(option, copy, &number, error) : true;
    if (valid && kind == CA_OPTION_KIND_CHOICE)
        valid = check_choice(option, copy, error);
    if (!valid) {
        ca_free_secret(copy);
        return false;
    }
    ca_free_secret(options->text[option]);
    options->text[option] = copy;
    options->number[option] = number;
    options->origin[option] = (uint8_t)origin;
    return true;
}

const char *ca_option_text(const struct ca_options *options, enum ca_option option)
{
    return options->text[option] ? options->text[option] : rows[option].initial;
}

bool ca_options_write(const struct ca_options *options, struct ca_buffer *text)
{
    for (int i = 0; i < CA_OPTION_COUNT; i++)
        if (options->origin[i] == CA_ORIGIN_STRING && options->text[i])
            ca_keyword_write(text, rows[i].name, options->text[i]);
    return !text->failure;
}
