/* Owns ConfigDSN and ConfigDSNW: adding, changing and removing a data source (ODBC: ConfigDSN). There is no
 * dialog: a window handle is accepted and not used, what the list does not say keeps its default or comes
 * with the connection string. Must not know how odbc.ini is written. */
#include <odbcinst.h>

#include <string.h>

#include "base/buffer.h"
#include "base/utf.h"
#include "attributes.h"
#include "data_source.h"
#include "exported.h"
#include "ini_value.h"
#include "installer_error.h"

enum { LONGEST_WIDE_ARGUMENT = 1 << 20 };

typedef bool data_source_action(const char *driver, const struct ca_attributes *attributes);

/* The installer turns the requests for system data sources into these and sets its mode instead. */
static data_source_action *find_action(WORD request)
{
    static const struct {
        WORD request;
        data_source_action *action;
    } actions[] = {{ODBC_ADD_DSN, ca_data_source_add},
                   {ODBC_CONFIG_DSN, ca_data_source_change},
                   {ODBC_REMOVE_DSN, ca_data_source_remove}};
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (actions[i].request == request)
            return actions[i].action;
    ca_installer_error(ODBC_ERROR_INVALID_REQUEST_TYPE, "Request %u is none of add, configure and remove.",
                       (unsigned)request);
    return NULL;
}

static bool check_driver(const char *driver)
{
    if (!driver || !*driver)
        return ca_installer_error(ODBC_ERROR_INVALID_NAME, "The driver's name is missing.");
    return ca_ini_value_check("Driver", driver, strlen(driver));
}

static bool configure(WORD request, const char *driver, const char *list)
{
    struct ca_attributes attributes;
    data_source_action *action = find_action(request);
    if (!action || !check_driver(driver))
        return false;
    ca_attributes_init(&attributes);
    bool done = ca_attributes_read(&attributes, list ? list : "") && ca_data_source_check_name(&attributes) &&
                action(driver, &attributes);
    ca_attributes_free(&attributes);
    return done;
}

/* Units of a list up to, and without, its last NUL. */
static size_t wide_list_length(const ca_wide *list)
{
    size_t units = 0;
    while (list[units])
        units += ca_wide_length(list + units) + 1;
    return units;
}

CA_EXPORTED BOOL INSTAPI ConfigDSN(HWND window, WORD request, LPCSTR driver, LPCSTR attributes)
{
    (void)window;
    return configure(request, driver, attributes);
}

CA_EXPORTED BOOL INSTAPI ConfigDSNW(HWND window, WORD request, LPCWSTR driver, LPCWSTR attributes)
{
    struct ca_buffer name = CA_BUFFER_INIT(LONGEST_WIDE_ARGUMENT);
    struct ca_buffer list = CA_BUFFER_INIT_SECRET(LONGEST_WIDE_ARGUMENT);
    const ca_wide *wide_name = (const ca_wide *)driver;
    const ca_wide *wide_list = (const ca_wide *)attributes;
    bool result = false;
    (void)window;
    if (wide_name && !ca_wide_to_utf8(&name, wide_name, ca_wide_length(wide_name)))
        goto out;
    if (wide_list && !ca_wide_to_utf8(&list, wide_list, wide_list_length(wide_list)))
        goto out;
    /* The buffer's own NUL is the one that ends the list. */
    result = configure(request, ca_buffer_text(&name), ca_buffer_text(&list));
out:
    if (name.failure == CA_BUFFER_NO_MEMORY || list.failure == CA_BUFFER_NO_MEMORY)
        ca_installer_error(ODBC_ERROR_OUT_OF_MEM, "Not enough memory.");
    else if (name.failure || list.failure)
        ca_installer_error(ODBC_ERROR_INVALID_KEYWORD_VALUE,
                           "The driver's name or the attributes are too long.");
    ca_buffer_free(&name);
    ca_buffer_free(&list);
    return result;
}
