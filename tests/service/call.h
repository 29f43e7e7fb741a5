/*
 * A stored procedure at work: /exec, and EXEC through /query.
 */
#ifndef SERVICE_CALL_H
#define SERVICE_CALL_H

#include "execution.h"

/* The next result of a call; /exec begins its call here. (An execution's `advance`.) */
enum advance call_advance(struct execution *e);

/* Begins the call that the EXEC statement just read asks for. */
enum advance call_statement(struct execution *e);

void call_free(struct call *call);

#endif
