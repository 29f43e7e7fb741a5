/* The sample data of the local service: sources, their tables, and how their declared types read.
 *
 * Owns: which sources there are and what is in them; the same at every start.
 * Must not know: SQL dialect, HTTP, JSON.
 *
 * How the tables are declared, so that the metadata can be read from SQLite:
 * - Columns are declared with the service's type names: VARCHAR(80), INTEGER, TIMESTAMP, …; but DECIMAL and
 *   NUMERIC columns as DECIMALTEXT(p,s) and NUMERICTEXT(p,s) COLLATE DECIMAL: text affinity keeps all digits,
 *   the collation compares them as numbers. So UUIDTEXT COLLATE GUID; DATE, TIME and TIMESTAMP have COLLATE
 *   MOMENT, which takes every accepted form for the same instant. sample_type_parse() undoes the names.
 * - Stored forms: BINARY a blob; BOOLEAN 0 or 1; DATE `yyyy-MM-dd`; TIME `HH:mm:ss[.fffffff]`; TIMESTAMP
 *   `yyyy-MM-ddTHH:mm:ss[.fffffff]Z` (statements may store a blank for the T, or leave out the Z);
 *   UUID `{…}` lower case; DECIMAL digits as text.
 * - IS_AUTOINCREMENT, primary keys, foreign keys, indexes, defaults, generated columns (hidden 2 and 3 in
 *   PRAGMA table_xinfo) and views are SQLite's own.
 * - Remarks: each database has a table _remarks(table_name, column_name, remarks), column_name '' for the
 *   table's own. Names that begin with `_remarks` or `sqlite_` are to be hidden from metadata. */
#ifndef SERVICE_SAMPLE_H
#define SERVICE_SAMPLE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#define SAMPLE_REMARKS "_remarks"

/* One connection of the account: `[catalog].[schema]`. */
struct sample_source {
    const char *catalog;
    const char *schema;
    const char *data_source; /* DATA_SOURCE of /catalogs */
    const char *driver;      /* DRIVER of /catalogs */
    bool pass_through;       /* its statements are SQLite's own dialect */
};

/* All sources, in order of catalog and schema (octets). "Bench" has no tables here: they are virtual. */
const struct sample_source *sample_sources(size_t *count);

/* Creates and fills the tables of one source in database main of db, in one transaction. The collations of
 * functions_register() must be there. Returns an SQLite result code; SQLITE_NOTFOUND for an unknown source.
 */
int sample_fill(sqlite3 *db, const char *catalog, const char *schema);

struct sample_type {
    int code;         /* enum service_type */
    const char *name; /* the service's name: "VARCHAR", "DECIMAL", … */
    int length;       /* characters or octets for VARCHAR and BINARY, else the display length */
    int precision;    /* 0 where it does not apply */
    int scale;
};

/* Reads a declared type: the forms above, and plain SQLite declarations of pass-through tables (INT, TEXT,
 * BLOB, DATETIME, …). False for NULL or an unknown name: *out is then VARCHAR. */
bool sample_type_parse(const char *decltype, struct sample_type *out);

#endif
