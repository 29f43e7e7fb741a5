/*
 * Owns compression. Knows nothing of what is compressed.
 */
#include "gzip.h"

#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8, LEVEL = 1, ROOM = 16 * 1024, INPUT_MAX = 1 << 30 };

struct gzip {
    z_stream stream;
};

struct gzip *gzip_new(void)
{
    struct gzip *gzip = calloc(1, sizeof *gzip);

    if (gzip != NULL && deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
                                     Z_DEFAULT_STRATEGY) != Z_OK) {
        free(gzip);
        return NULL;
    }
    return gzip;
}

void gzip_free(struct gzip *gzip)
{
    if (gzip == NULL)
        return;
    deflateEnd(&gzip->stream);
    free(gzip);
}

bool gzip_write(struct gzip *gzip, const void *octets, size_t length, enum gzip_flush flush,
                struct buffer *out)
{
    static const int modes[] = {
        [GZIP_NONE] = Z_NO_FLUSH, [GZIP_SYNC] = Z_SYNC_FLUSH, [GZIP_FINISH] = Z_FINISH};
    z_stream *z = &gzip->stream;

    if (length > INPUT_MAX)
        return false;
    z->next_in = (z_const Bytef *)octets;
    z->avail_in = (uInt)length;
    do {
        if (!buffer_reserve(out, ROOM))
            return false;
        z->next_out = (Bytef *)out->data + out->length;
        z->avail_out = ROOM;
        int rc = deflate(z, modes[flush]);
        if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
            return false;
        out->length += ROOM - z->avail_out;
    } while (z->avail_out == 0);
    return z->avail_in == 0;
}

bool gzip_whole(struct buffer *body, struct buffer *packed)
{
    struct gzip *gzip = gzip_new();
    bool done = gzip != NULL && gzip_write(gzip, body->data, body->length, GZIP_FINISH, packed);

    gzip_free(gzip);
    buffer_free(body);
    if (!done)
        buffer_free(packed);
    return done;
}
