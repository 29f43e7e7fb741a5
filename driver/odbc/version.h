/* The driver's version, once. */
#ifndef CA_ODBC_VERSION_H
#define CA_ODBC_VERSION_H

#define CA_VERSION_TEXT "0.1.0"
#define CA_VERSION_ODBC "00.01.0000" /* SQL_DRIVER_VER */

#endif
