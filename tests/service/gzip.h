/*
 * A gzip stream over growing buffers.
 */
#ifndef SERVICE_GZIP_H
#define SERVICE_GZIP_H

#include "buffer.h"

struct gzip;

/* NULL without memory. */
struct gzip *gzip_new(void);
void gzip_free(struct gzip *gzip);

enum gzip_flush { GZIP_NONE, GZIP_SYNC, GZIP_FINISH };

/* Compresses octets onto `out`. False if it cannot. */
bool gzip_write(struct gzip *gzip, const void *octets, size_t length, enum gzip_flush flush,
                struct buffer *out);

/* The whole of `body`, which is emptied, compressed. */
bool gzip_whole(struct buffer *body, struct buffer *packed);

#endif
