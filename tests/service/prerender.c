/*
 * Owns the files of rendered replies. Knows nothing of HTTP.
 */
#include "prerender.h"

#include "bench.h"
#include "execution.h"
#include "gzip.h"
#include "jsontext.h"
#include "service.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIMIT_DIGITS = 10, PIECE = 256 * 1024 };

struct rendering {
    struct rendering *next;
    char *query;
    bool gzip;
    bool old_profile;
    int descriptor;
    uint64_t octets;
};

void prerender_open(struct prerender *p)
{
    *p = (struct prerender){0};
    pthread_mutex_init(&p->lock, NULL);
}

void prerender_close(struct prerender *p)
{
    while (p->first != NULL) {
        struct rendering *next = p->first->next;
        close(p->first->descriptor);
        free(p->first->query);
        free(p->first);
        p->first = next;
    }
    pthread_mutex_destroy(&p->lock);
}

static bool skip(const char **at, const char *text)
{
    size_t length = strlen(text);

    if (strncmp(*at, text, length) != 0)
        return false;
    *at += length;
    return true;
}

bool prerender_fits(const char *query)
{
    const char *at = query, *table;

    if (!skip(&at, "SELECT * FROM [Bench].[Bench].["))
        return false;
    size_t i = 0;
    while ((table = bench_table(i)) != NULL && !skip(&at, table))
        i++;
    if (table == NULL || !skip(&at, "] LIMIT "))
        return false;
    size_t digits = strspn(at, "0123456789");
    return digits > 0 && digits < LIMIT_DIGITS && at[digits] == '\0';
}

static bool write_all(int descriptor, struct buffer *piece, uint64_t *octets)
{
    for (size_t at = 0; at < piece->length;) {
        ssize_t n = write(descriptor, piece->data + at, piece->length - at);
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    *octets += piece->length;
    piece->length = 0;
    return true;
}

/* Runs the query and writes the whole reply. */
static bool render(struct service *service, struct rendering *r)
{
    struct execution_order order = {.kind = REQUEST_QUERY,
                                    .layout = {.old_order = r->old_profile},
                                    .socket = -1,
                                    .cut_after_rows = -1,
                                    .error_after_rows = -1};
    struct buffer body = {0}, piece = {0}, packed = {0};
    struct gzip *gzip = r->gzip ? gzip_new() : NULL;
    bool fine = !r->gzip || gzip != NULL;

    buffer_text(&body, "{\"query\":");
    json_quote_text(&body, r->query);
    buffer_char(&body, '}');
    struct execution *e = body.failed ? NULL : execution_new(service, &order, body.data, body.length);
    enum fill more = e != NULL ? FILL_MORE : FILL_CUT;
    while (fine && more == FILL_MORE) {
        more = execution_fill(e, &piece);
        fine = more != FILL_CUT;
        if (fine && gzip != NULL) {
            fine = gzip_write(gzip, piece.data, piece.length, more == FILL_END ? GZIP_FINISH : GZIP_NONE,
                              &packed);
            piece.length = 0;
        }
        if (fine && (more == FILL_END || piece.length + packed.length >= PIECE))
            fine = write_all(r->descriptor, gzip != NULL ? &packed : &piece, &r->octets);
    }
    execution_free(e);
    gzip_free(gzip);
    buffer_free(&body);
    buffer_free(&piece);
    buffer_free(&packed);
    return fine && more == FILL_END;
}

/* A file without a name in the data directory: it goes with its last descriptor. */
static struct rendering *make(struct service *service, const char *query, bool gzip, bool old_profile)
{
    struct rendering *r = calloc(1, sizeof *r);

    if (r == NULL)
        return NULL;
    *r = (struct rendering){
        .query = strdup(query), .gzip = gzip, .old_profile = old_profile, .descriptor = -1};
    r->descriptor = open(service->sources.directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (r->query != NULL && r->descriptor >= 0 && render(service, r))
        return r;
    if (r->descriptor >= 0)
        close(r->descriptor);
    free(r->query);
    free(r);
    return NULL;
}

/* Every request gets a file position of its own, so the file is opened anew instead of duplicated. */
static int reopen(int descriptor)
{
    char *name = string_format("/proc/self/fd/%d", descriptor);
    int fresh = name != NULL ? open(name, O_RDONLY | O_CLOEXEC) : -1;

    free(name);
    return fresh;
}

int prerender_file(struct service *service, const char *query, bool gzip, uint64_t *octets)
{
    struct prerender *p = &service->prerender;
    bool old_profile = atomic_load(&service->settings.old_profile);
    int descriptor = -1;

    pthread_mutex_lock(&p->lock);
    struct rendering *r = p->first;
    while (r != NULL && (r->gzip != gzip || r->old_profile != old_profile || strcmp(r->query, query) != 0))
        r = r->next;
    if (r == NULL) {
        r = make(service, query, gzip, old_profile);
        if (r != NULL) {
            r->next = p->first;
            p->first = r;
        }
    }
    if (r != NULL) {
        descriptor = reopen(r->descriptor);
        *octets = r->octets;
    }
    pthread_mutex_unlock(&p->lock);
    return descriptor;
}
