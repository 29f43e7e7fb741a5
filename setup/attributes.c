#include "attributes.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/utf.h"
#include "ini_value.h"
#include "installer_error.h"

enum { LONGEST_NAME_SHOWN = 64 };

struct pair {
    const char *name;
    size_t name_octets;
    const char *value;
    size_t value_octets;
};

void ca_attributes_init(struct ca_attributes *attributes)
{
    attributes->dsn = NULL;
    attributes->description = NULL;
    ca_options_init(&attributes->options);
}

void ca_attributes_free(struct ca_attributes *attributes)
{
    ca_free(attributes->dsn);
    ca_free(attributes->description);
    ca_options_free(&attributes->options);
    ca_attributes_init(attributes);
}

static bool split(const char *text, struct pair *pair)
{
    const char *equals = strchr(text, '=');
    if (!equals)
        return false;
    pair->name_octets = (size_t)(equals - text);
    pair->name = ca_text_trim(text, &pair->name_octets);
    pair->value_octets = strlen(equals + 1);
    pair->value = ca_text_trim(equals + 1, &pair->value_octets);
    return pair->name_octets > 0;
}

static bool keep_text(char **place, const char *key, const struct pair *pair)
{
    if (*place)
        return true;
    if (!ca_ini_value_check(key, pair->value, pair->value_octets))
        return false;
    *place = ca_strndup(pair->value, pair->value_octets);
    return *place || ca_installer_error(ODBC_ERROR_OUT_OF_MEM, "Not enough memory.");
}

static bool keep_option(struct ca_options *options, enum ca_option option, const struct pair *pair)
{
    struct ca_error error = CA_ERROR_INIT;
    if (!ca_ini_value_check(ca_option_rows()[option].name, pair->value, pair->value_octets))
        return false;
    return ca_options_set(options, option, pair->value, CA_ORIGIN_DSN, &error) ||
           ca_installer_error_from(&error);
}

static bool refuse(const struct pair *pair)
{
    int shown = (int)ca_utf8_cut(pair->name, pair->name_octets, LONGEST_NAME_SHOWN);
    /* ODBC, ConfigDSN: the driver comes as an argument and never in the list. */
    if (ca_text_same_n(pair->name, pair->name_octets, "Driver"))
        return ca_installer_error(ODBC_ERROR_INVALID_KEYWORD_VALUE,
                                  "Driver is not an attribute of a data source.");
    return ca_installer_error(ODBC_ERROR_INVALID_KEYWORD_VALUE, "%.*s is not an option of this driver.",
                              shown, pair->name);
}

static bool read_pair(struct ca_attributes *attributes, const char *text)
{
    struct pair pair;
    /* The piece itself is not shown: it may be a part of a secret. */
    if (!split(text, &pair))
        return ca_installer_error(
            ODBC_ERROR_INVALID_KEYWORD_VALUE,
            "An attribute is not of the form keyword=value. Each ends with a NUL character.");
    if (ca_text_same_n(pair.name, pair.name_octets, "DSN"))
        return keep_text(&attributes->dsn, "DSN", &pair);
    if (ca_text_same_n(pair.name, pair.name_octets, "Description"))
        return keep_text(&attributes->description, "Description", &pair);
    enum ca_option option = ca_option_find(pair.name, pair.name_octets);
    return option == CA_OPTION_COUNT ? refuse(&pair) : keep_option(&attributes->options, option, &pair);
}

bool ca_attributes_read(struct ca_attributes *attributes, const char *list)
{
    while (*list) {
        if (!read_pair(attributes, list))
            return false;
        list += strlen(list) + 1;
    }
    return true;
}
