#include "installer_error.h"

#include <stdarg.h>
#include <string.h>

#include <sql.h>

#include "base/buffer.h"
#include "base/utf.h"

enum { LONGEST_TEXT = SQL_MAX_MESSAGE_LENGTH - 1, LONGEST_FORMATTED = 1 << 20 };

bool ca_installer_error(DWORD code, const char *format, ...)
{
    struct ca_buffer text = CA_BUFFER_INIT(LONGEST_FORMATTED);
    va_list arguments;
    va_start(arguments, format);
    ca_buffer_add_format_args(&text, format, arguments);
    va_end(arguments);
    /* Applications read errors into a buffer of SQL_MAX_MESSAGE_LENGTH. */
    if (text.length > LONGEST_TEXT)
        text.data[ca_utf8_cut(text.data, text.length, LONGEST_TEXT)] = '\0';
    /* An empty text makes the installer give the code's own. */
    SQLPostInstallerError(code, ca_buffer_text(&text));
    ca_buffer_free(&text);
    return false;
}

bool ca_installer_error_from(struct ca_error *error)
{
    bool no_memory = strcmp(error->state, "HY001") == 0;
    ca_installer_error(no_memory ? ODBC_ERROR_OUT_OF_MEM : ODBC_ERROR_INVALID_KEYWORD_VALUE, "%s",
                       ca_error_text(error));
    ca_error_clear(error);
    return false;
}
