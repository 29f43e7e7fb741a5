/*
 * The control endpoint, for tests on the same machine: /control/faults, requests, stats, options.
 */
#ifndef SERVICE_CONTROL_H
#define SERVICE_CONTROL_H

#include "exchange.h"

/* Answers a path that begins with /control/. */
enum MHD_Result control_answer(struct exchange *x);

#endif
