/* The options that a data source gives. */
#ifndef CA_SERVICE_DSN_H
#define CA_SERVICE_DSN_H

#include "service/options.h"

/* Reads the options of a data source through libodbcinst, which honours ODBCINI and ODBCSYSINI, under their
 * names and aliases; what stands already is stronger. false: HY024 or HY001. */
bool ca_options_read_dsn(struct ca_options *options, const char *dsn, struct ca_error *error);

#endif
