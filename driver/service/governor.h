/* Slows an account down after the service has said that it sends too many requests (status 429):
 * process-wide, for all connections of the account. An account of which nothing of the kind was heard is
 * never slowed. Times are points of ca_clock_ms(). SERVICE.md section 3: 100 requests a user a minute, over
 * all connections. */
#ifndef CA_SERVICE_GOVERNOR_H
#define CA_SERVICE_GOVERNOR_H

#include <stdint.h>

/* Notes a 429: nothing is sent for `hold_ms`, and for a minute after that requests go out evenly spaced. */
void ca_governor_refused(const char *account, int64_t hold_ms, int64_t now);
/* When the next request of the account may go out, at most `per_minute` of them a minute: `now` or later.
 * That turn is the caller's, unless it comes at `deadline` or later. */
int64_t ca_governor_turn(const char *account, int64_t per_minute, int64_t now, int64_t deadline);
/* Until when nothing may be sent, a turn taken before notwithstanding; 0 = nothing stands in the way. */
int64_t ca_governor_hold(const char *account);

#endif
