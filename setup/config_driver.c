/* Owns ConfigDriver and ConfigDriverW, which the installer calls when the driver is installed, removed or
 * configured (ODBC: ConfigDriver). The driver keeps nothing outside its own entry of odbcinst.ini, which the
 * installer writes, so there is nothing to do; must not touch any file. */
#include <odbcinst.h>

#include "exported.h"
#include "installer_error.h"

static bool accept(WORD request, bool named)
{
    if (!named) {
        ca_installer_error(ODBC_ERROR_INVALID_NAME, "The driver's name is missing.");
        return false;
    }
    if (request >= ODBC_INSTALL_DRIVER && request <= ODBC_CONFIG_DRIVER)
        return true;
    ca_installer_error(ODBC_ERROR_INVALID_REQUEST_TYPE,
                       "Request %u is none of install, remove and configure.", (unsigned)request);
    return false;
}

/* The message and its length are set on every path: unixODBC reads them without having set them itself. */
CA_EXPORTED BOOL INSTAPI ConfigDriver(HWND window, WORD request, LPCSTR driver, LPCSTR arguments,
                                      LPSTR message, WORD message_size, WORD *message_octets)
{
    (void)window;
    (void)arguments;
    if (message && message_size)
        message[0] = '\0';
    if (message_octets)
        *message_octets = 0;
    return accept(request, driver && *driver);
}

CA_EXPORTED BOOL INSTAPI ConfigDriverW(HWND window, WORD request, LPCWSTR driver, LPCWSTR arguments,
                                       LPWSTR message, WORD message_size, WORD *message_chars)
{
    (void)window;
    (void)arguments;
    if (message && message_size)
        message[0] = 0;
    if (message_chars)
        *message_chars = 0;
    return accept(request, driver && *driver);
}
