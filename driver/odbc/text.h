/* Text between application and driver: inside, everything is UTF-8. Narrow text of applications is UTF-8 too,
 * wide text is UTF-16 (4-byte units under iODBC). */
#ifndef CA_ODBC_TEXT_H
#define CA_ODBC_TEXT_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/utf.h"

struct ca_handle;

/* An argument that came in. */
struct ca_text {
    const char *text; /* NUL-terminated UTF-8; NULL if the application gave NULL */
    size_t octets;
    char *owned;
};

/* A buffer that text goes out to. Capacity and length are in characters of the buffer's kind unless
 * in_octets. */
struct ca_text_out {
    void *target;
    SQLLEN capacity;
    void *length;         /* NULL allowed */
    size_t length_octets; /* sizeof *length: 2 or 4 */
    bool wide;
    bool in_octets;
};

/* Reads a text argument; `length` in characters or SQL_NTS. false: HY090 or HY001 posted. */
bool ca_text_take(struct ca_handle *handle, struct ca_text *text, const void *pointer, SQLLEN length,
                  bool wide);
/* Wipes what was copied: it may be a connection string. */
void ca_texts_free(struct ca_text *texts, size_t count);

/* Writes text, always terminated, whole characters only. Returns SQL_SUCCESS, or SQL_SUCCESS_WITH_INFO (01004
 * posted) when it was cut, or SQL_ERROR (HY090) for a negative capacity. The full length is always set. */
SQLRETURN ca_text_write(struct ca_handle *handle, const struct ca_text_out *out, const char *text);

#endif
