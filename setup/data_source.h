/* Owns the section of a data source in odbc.ini, written through the installer library, which knows the file
 * (user or system, as its caller chose). Knows nothing of attribute lists. */
#ifndef CA_SETUP_DATA_SOURCE_H
#define CA_SETUP_DATA_SOURCE_H

#include <stdbool.h>

#include "attributes.h"

/* Whether the name of `attributes` may name a data source; false posts ODBC_ERROR_INVALID_DSN. */
bool ca_data_source_check_name(const struct ca_attributes *attributes);

/* Writes a new section in place of one of the same name; `driver` is the driver's name in odbcinst.ini.
 * The three return false with the error posted: ODBC_ERROR_REQUEST_FAILED, or ODBC_ERROR_INVALID_DSN where
 * there is no such data source. ODBC: ConfigDSN, "Adding", "Modifying", "Deleting a Data Source". */
bool ca_data_source_add(const char *driver, const struct ca_attributes *attributes);
/* Writes the options given and leaves the others; one given empty goes back to its default. */
bool ca_data_source_change(const char *driver, const struct ca_attributes *attributes);
bool ca_data_source_remove(const char *driver, const struct ca_attributes *attributes);

#endif
