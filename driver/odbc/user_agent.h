/* The User-Agent, which the service keeps in its query log: driver, driver manager, application. */
#ifndef CA_ODBC_USER_AGENT_H
#define CA_ODBC_USER_AGENT_H

#include "base/buffer.h"

/* Writes it whole: `connectai-odbc/1.2.3 (ODBC 3.80; libodbc.so.2.0.0; Linux x86_64) application`. The
 * application is the option's text, or the program's name where that is empty. Printable ASCII alone:
 * anything else becomes a question mark, one for each character. */
void ca_user_agent_write(struct ca_buffer *text, const char *application);

#endif
