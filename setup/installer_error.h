/* Owns the way errors reach the installer's list, where SQLInstallerError finds them. Knows no option. */
#ifndef CA_SETUP_INSTALLER_ERROR_H
#define CA_SETUP_INSTALLER_ERROR_H

#include <stdbool.h>

#include <odbcinst.h>

#include "base/error.h"

/* Posts one error, code ODBC_ERROR_…; the text is UTF-8 and cut at SQL_MAX_MESSAGE_LENGTH. Every other call
 * of the installer empties the list: post last. Returns false, so that a failing function can end with it. */
bool ca_installer_error(DWORD code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Posts what a lower room reported (memory or a bad value) and clears it. Returns false. */
bool ca_installer_error_from(struct ca_error *error);

#endif
