#include "data_source.h"

#include <string.h>

#include <odbcinst.h>

#include "base/alloc.h"
#include "base/text.h"
#include "installer_error.h"

static const char ini_file[] = "odbc.ini";

bool ca_data_source_check_name(const struct ca_attributes *attributes)
{
    /* Sections of odbc.ini that are not data sources: writing one would destroy what it holds. */
    static const char *const reserved[] = {"ODBC", "ODBC Data Sources"};
    const char *dsn = attributes->dsn;
    if (!dsn || !*dsn)
        return ca_installer_error(ODBC_ERROR_INVALID_DSN, "DSN=name is missing.");
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (ca_text_same(dsn, reserved[i]))
            return ca_installer_error(ODBC_ERROR_INVALID_DSN, "%s cannot name a data source.", dsn);
    if (!SQLValidDSN(dsn))
        return ca_installer_error(
            ODBC_ERROR_INVALID_DSN,
            "%s cannot name a data source: at most 32 octets and none of []{}(),;?*=!@\\ .", dsn);
    return true;
}

static bool exists(const char *dsn)
{
    char start_of_driver[16]; /* only whether there is one counts */
    return SQLGetPrivateProfileString(dsn, "Driver", "", start_of_driver, sizeof start_of_driver, ini_file) >
           0;
}

static bool require_existing(const char *dsn)
{
    return exists(dsn) || ca_installer_error(ODBC_ERROR_INVALID_DSN, "There is no data source %s.", dsn);
}

/* Under an alias, written by hand, the old value would stand beside the new one. */
static bool drop_aliases(const char *dsn, const struct ca_option_row *row)
{
    bool done = true;
    for (const char *alias = row->aliases; done && *alias;) {
        size_t length = strcspn(alias, ",");
        char *name = ca_strndup(alias, length);
        done = name && SQLWritePrivateProfileString(dsn, name, NULL, ini_file);
        ca_free(name);
        alias += length + (alias[length] == ',');
    }
    return done;
}

static bool write_option(const char *dsn, enum ca_option option, const struct ca_options *options)
{
    const struct ca_option_row *row = &ca_option_rows()[option];
    /* No text deletes the key, so that the default holds again. */
    return drop_aliases(dsn, row) &&
           SQLWritePrivateProfileString(dsn, row->name, options->text[option], ini_file);
}

/* Returns the key that could not be written, or NULL. */
static const char *write_keys(const struct ca_attributes *attributes)
{
    const char *description = attributes->description;
    if (description && !SQLWritePrivateProfileString(attributes->dsn, "Description",
                                                     *description ? description : NULL, ini_file))
        return "Description";
    for (int i = 0; i < CA_OPTION_COUNT; i++)
        if (attributes->options.origin[i] == CA_ORIGIN_DSN &&
            !write_option(attributes->dsn, (enum ca_option)i, &attributes->options))
            return ca_option_rows()[i].name;
    return NULL;
}

static bool refuse_write(const char *dsn, const char *key)
{
    return ca_installer_error(
        ODBC_ERROR_REQUEST_FAILED,
        "%s of data source %s could not be written. Does odbc.ini exist, and is it writable?", key, dsn);
}

bool ca_data_source_add(const char *driver, const struct ca_attributes *attributes)
{
    if (!SQLWriteDSNToIni(attributes->dsn, driver))
        return refuse_write(attributes->dsn, "Driver");
    const char *failed = write_keys(attributes);
    if (!failed)
        return true;
    SQLRemoveDSNFromIni(attributes->dsn); /* half a data source would be worse than none */
    return refuse_write(attributes->dsn, failed);
}

bool ca_data_source_change(const char *driver, const struct ca_attributes *attributes)
{
    (void)driver;
    if (!require_existing(attributes->dsn))
        return false;
    const char *failed = write_keys(attributes);
    return !failed || refuse_write(attributes->dsn, failed);
}

bool ca_data_source_remove(const char *driver, const struct ca_attributes *attributes)
{
    const char *dsn = attributes->dsn;
    (void)driver;
    if (!require_existing(dsn))
        return false;
    /* unixODBC answers from a cache for some seconds, and SQLRemoveDSNFromIni leaves the cache as it was;
     * deleting the section in the general way empties it. */
    if (SQLRemoveDSNFromIni(dsn) && SQLWritePrivateProfileString(dsn, NULL, NULL, ini_file))
        return true;
    return ca_installer_error(ODBC_ERROR_REQUEST_FAILED,
                              "Data source %s could not be removed. Is odbc.ini writable?", dsn);
}
