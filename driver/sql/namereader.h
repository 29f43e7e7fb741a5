/* Reading of a name in the middle of a text: inside the room only. */
#ifndef CA_SQL_NAMEREADER_H
#define CA_SQL_NAMEREADER_H

#include "sql/name.h"
#include "sql/token.h"

enum ca_sql_name_result {
    CA_SQL_NAME_READ,
    CA_SQL_NAME_NONE,  /* what stands there is no name; the reader stands somewhere in it */
    CA_SQL_NAME_FAILED /* `error` is set */
};

/* Reads a name of one to three parts and leaves the reader behind its last part. */
enum ca_sql_name_result ca_sql_name_read(struct ca_sql_reader *reader, struct ca_sql_name *name,
                                         struct ca_error *error);

#endif
