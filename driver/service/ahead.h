/* Reads the content of a long reply ahead, on a thread of its own: what is received and inflated overlaps
 * with what is converted and with the application's work. A few blocks at most: an application that pauses
 * pauses the transfer all the same. */
#ifndef CA_SERVICE_AHEAD_H
#define CA_SERVICE_AHEAD_H

#include <stddef.h>

#include "service/content.h"

/* A reply that is shorter is read sooner than a thread begins. */
enum { CA_AHEAD_WORTH_OCTETS = 1024 * 1024 };
/* Room in front of a block's text, for what is left of the text before it. */
enum { CA_AHEAD_FRONT_OCTETS = 256 * 1024 };

struct ca_ahead;
struct ca_global;

/* The content belongs to the thread until ca_ahead_stop; what its transfer learned from the reply's head may
 * be read meanwhile. NULL where it is not wanted (ReadAhead=0), would not help or cannot be: each processor
 * but one can be busy with reading ahead. */
struct ca_ahead *ca_ahead_start(struct ca_content *content);
/* The next piece of the content: it begins at CA_AHEAD_FRONT_OCTETS of the block, which is the caller's, to
 * be changed or exchanged for another, until it is given back. After anything but CA_PULL_DATA: stop. A block
 * of NULL: stop, and read on where it ended (the process is ending). */
enum ca_pull ca_ahead_take(struct ca_ahead *ahead, struct ca_window **block, const struct ca_wait *wait,
                           struct ca_error *error);
void ca_ahead_give_back(struct ca_ahead *ahead);
/* Ends the thread; the content is the caller's again. What was read ahead and not taken is lost. In a forked
 * child nothing is ended or freed: the thread and what it had are the parent's. */
void ca_ahead_stop(struct ca_ahead *ahead);
/* At the end of the process: no thread may use libcurl and OpenSSL while those are torn down. */
void ca_ahead_stop_all(struct ca_global *global);

#endif
