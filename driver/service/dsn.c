#include "service/dsn.h"

#include <odbcinst.h>
#include <string.h>

#include "base/alloc.h"

enum { LONGEST_VALUE = 64 * 1024, LONGEST_NAME = 64 };

static bool read_key(struct ca_options *options, const char *dsn, enum ca_option option, const char *key,
                     char *value, struct ca_error *error)
{
    int octets = SQLGetPrivateProfileString(dsn, key, "", value, LONGEST_VALUE, "odbc.ini");
    bool done = octets <= 0 || ca_options_set(options, option, value, CA_ORIGIN_DSN, error);
    ca_wipe(value, LONGEST_VALUE);
    return done;
}

bool ca_options_read_dsn(struct ca_options *options, const char *dsn, struct ca_error *error)
{
    const struct ca_option_row *rows = ca_option_rows();
    char *value = ca_alloc(LONGEST_VALUE);
    bool done = value || ca_error_no_memory(error);
    for (int i = 0; done && i < CA_OPTION_COUNT; i++) {
        done = read_key(options, dsn, (enum ca_option)i, rows[i].name, value, error);
        for (const char *alias = rows[i].aliases; done && *alias;) {
            char name[LONGEST_NAME] = "";
            size_t length = strcspn(alias, ",");
            memcpy(name, alias, length < sizeof name ? length : sizeof name - 1);
            done = read_key(options, dsn, (enum ca_option)i, name, value, error);
            alias += length + (alias[length] == ',');
        }
    }
    ca_free(value);
    return done;
}
