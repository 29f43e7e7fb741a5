/* Filling sample tables: one prepared INSERT after another, and values that are the same at every start.
 *
 * Owns: the loader's statement and its first error. Must not know: which tables there are. */
#ifndef SERVICE_SAMPLE_LOADER_H
#define SERVICE_SAMPLE_LOADER_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

struct loader {
    sqlite3 *db;
    sqlite3_stmt *insert;
    int rc; /* of the first step that failed; nothing is done after it */
};

struct remark {
    const char *table;
    const char *column; /* "" for the table's own */
    const char *text;
};

/* The tables of one source. */
struct sample_tables {
    const char *const *schema; /* statements; ends with NULL */
    void (*fill)(struct loader *loader);
    const struct remark *remarks; /* ends with a NULL table */
};

extern const struct sample_tables sample_salesforce, sample_workday, sample_postgresql, sample_types,
    sample_odd, sample_sqlite;

void loader_run(struct loader *loader, const char *sql);
/* Begins rows of one table: "INSERT INTO t (…) VALUES (?, …)". */
void loader_into(struct loader *loader, const char *insert);
/* One row: a letter for each value. s: const char *, or NULL; i: int; l: int64_t; d: double;
 * b: const void * and size_t of a blob; n: NULL, no argument. */
void loader_row(struct loader *loader, const char *kinds, ...);
void loader_close(struct loader *loader);

/* A number below `limit` that depends on the two numbers alone. */
int sample_pick(int index, int salt, int limit);
/* An 18-character id: prefix, number, and the three characters that tell case apart. */
struct sample_id {
    char text[19];
};
struct sample_id sample_id(const char *prefix, int number);
struct sample_text {
    char text[64];
};
/* printf into a bounded text: for generated names, dates and numbers of known length. */
struct sample_text sample_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* `yyyy-MM-dd`, days after 2020-01-01. */
struct sample_text sample_date(int days);
/* `yyyy-MM-ddTHH:mm:ssZ`, seconds of the day after days after 2020-01-01. */
struct sample_text sample_timestamp(int days, int seconds);

#endif
