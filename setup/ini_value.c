#include "ini_value.h"

#include <string.h>

#include <odbcinstext.h>

#include "installer_error.h"

/* unixODBC reads at most INI_MAX_LINE - 1 octets of a line, the line's end included. */
enum { LONGEST_LINE = INI_MAX_LINE - 2 };

bool ca_ini_value_check(const char *key, const char *value, size_t octets)
{
    size_t room = LONGEST_LINE - strlen("=") - strlen(key);
    /* A line end in a value would begin a line, even a section, of its own. */
    for (size_t i = 0; i < octets; i++)
        if ((unsigned char)value[i] < 0x20 || value[i] == 0x7F)
            return ca_installer_error(ODBC_ERROR_INVALID_KEYWORD_VALUE,
                                      "%s: a line break or other control character cannot be stored.", key);
    if (octets > room)
        return ca_installer_error(ODBC_ERROR_INVALID_KEYWORD_VALUE,
                                  "%s: the value is %zu octets long, odbc.ini holds at most %zu.", key,
                                  octets, room);
    return true;
}
