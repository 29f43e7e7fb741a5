/*
 * The authority's addresses: /authorize, /oauth/token, /oauth/device/code, /activate, and its control.
 */
#ifndef SERVICE_OAUTH_H
#define SERVICE_OAUTH_H

#include "exchange.h"

/* Answers a request to one of the authority's addresses; false where the path is none of them. */
bool oauth_answer(struct exchange *x, enum MHD_Result *result);

/* GET and POST /control/oauth. */
enum MHD_Result oauth_control(struct exchange *x);

#endif
