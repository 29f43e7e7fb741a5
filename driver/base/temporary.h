/* Temporary files that no name leads to: they end with their last descriptor, however the process ends. */
#ifndef CA_BASE_TEMPORARY_H
#define CA_BASE_TEMPORARY_H

/* An unlinked file of the user's own in TMPDIR or /tmp, closed on exec; -1: errno says why. */
int ca_temporary_file(void);

#endif
