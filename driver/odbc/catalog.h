/* Catalog functions: arguments, sources, result sets. Rows are collected as a listing, sorted by the rules of
 * each function, and opened as the statement's result: fetched through the same path as rows of the service.
 */
#ifndef CA_ODBC_CATALOG_H
#define CA_ODBC_CATALOG_H

#include "odbc/statement.h"
#include "odbc/text.h"
#include "service/metadata.h"

#define RESULT(function) CA_RESULT_##function,
#define COLUMN(name, odbc2, type, null, sort)
enum ca_catalog_result {
#include "odbc/catalog_results.def"
    CA_RESULT_COUNT
};
#undef RESULT
#undef COLUMN

/* ---- arguments (ODBC reference, "Arguments in catalog functions") ---- */

enum ca_argument { CA_ARGUMENT_PATTERN, CA_ARGUMENT_LITERAL };

/* What one argument selects. */
struct ca_match {
    bool any;     /* everything */
    bool pattern; /* `text` holds %, _ or escapes that act */
    char *text;   /* owned */
    char *plain;  /* the one name it can be, escapes undone; NULL if any or a real pattern; owned */
};

/* Reads an argument, with SQL_ATTR_METADATA_ID. false: posted (HY009, HY001). */
bool ca_match_read(struct ca_statement *statement, struct ca_match *match, const struct ca_text *argument,
                   enum ca_argument kind);
void ca_match_free(struct ca_match *match);
/* Names compare without regard to case. */
bool ca_match_test(const struct ca_match *match, const char *text, size_t octets);
bool ca_match_cell(const struct ca_match *match, struct ca_cell cell);
/* Selects exactly that name. */
bool ca_match_set(struct ca_match *match, const char *name);
/* A value for a filter of the service that selects a superset (its LIKE knows no escape); NULL = no filter.
 */
const char *ca_match_filter(const struct ca_match *match);

/* ---- sources ---- */

/* The column of a listing with one of the names of a comma list; -1 if there is none. */
int ca_listing_find(const struct ca_listing *listing, const char *names);
/* true, "true", 1, "YES" … ; `missing` where the cell says nothing. */
int ca_cell_flag(struct ca_cell cell, int missing);
int64_t ca_cell_integer(struct ca_cell cell, int64_t missing);

/* A listing from the endpoint or the sys_ table, as MetadataSource says; each stands in for the other where
 * that does not exist. NULL: the error is posted, or both texts where both are missing. */
struct ca_listing *ca_source_get(struct ca_statement *statement, enum ca_metadata what,
                                 const struct ca_metadata_filter *filter);

/* The list of tables or procedures, of one catalog at least where the match is one name. */
struct ca_listing *ca_source_names(struct ca_statement *statement, enum ca_metadata what,
                                   const struct ca_match *catalog);

extern const char ca_names_catalog[];
extern const char ca_names_schema[];
extern const char ca_names_table[];

/* ---- tables that arguments mean ---- */

/* Of a table, or of a procedure. */
struct ca_table_name {
    const char *catalog;
    const char *schema;
    const char *table; /* NULL = every table of the schema */
};

struct ca_table_names {
    struct ca_table_name *items;
    size_t count;
    size_t capacity;
    struct ca_listing *listing; /* holds the texts */
};

void ca_table_names_free(struct ca_table_names *names);
/* Puts the current catalog and DefaultSchema where a function other than SQLTables got no catalog. */
bool ca_catalog_defaults(struct ca_statement *statement, struct ca_match *catalog, struct ca_match *schema);
/* The names of a listing that match (catalog, schema, table), in that order; of schemas where every table
 * matches. false: posted. */
bool ca_table_names_read(struct ca_statement *statement, struct ca_listing *listing,
                         const struct ca_match match[3], struct ca_table_names *names);
/* The same of the list of tables or procedures. */
bool ca_catalog_resolve(struct ca_statement *statement, enum ca_metadata what, const struct ca_match match[3],
                        struct ca_table_names *names);
bool ca_table_names_have(const struct ca_table_names *names, const struct ca_table_name *name);
/* Whether the arguments, where they are one name, are written as this name is stored: asking with them was
 * asking for it. */
bool ca_table_name_written(const struct ca_table_name *name, const struct ca_match match[3]);
/* What SQLColumns and SQLProcedureColumns differ in. */
struct ca_details {
    enum ca_metadata parts; /* columns or parameters */
    enum ca_metadata names; /* tables or procedures */
    /* Adds the rows that match: catalog, schema, name, part. */
    void (*add)(struct ca_statement *statement, struct ca_listing_writer *rows,
                const struct ca_listing *listing, const struct ca_match match[4]);
    /* Stands in where a name exists and has no parts; NULL = some have none. */
    SQLRETURN(*describe)
    (struct ca_statement *statement, struct ca_listing_writer *rows, const struct ca_table_name *name,
     const struct ca_match *part);
};
/* Adds the parts of what the arguments (catalog, schema, name, part) describe. */
SQLRETURN ca_catalog_details(struct ca_statement *statement, struct ca_listing_writer *rows,
                             const struct ca_match match[4], const struct ca_details *details);
/* Where the rows of SQLColumns have what others want of them. */
enum {
    CA_COLUMNS_COLUMN_NAME = 3,
    CA_COLUMNS_DATA_TYPE = 4, /* TYPE_NAME, COLUMN_SIZE, BUFFER_LENGTH follow */
    CA_COLUMNS_DECIMAL_DIGITS = 8,
    CA_COLUMNS_WIDTH = 18
};
/* The rows of SQLColumns on a table; NULL: posted. */
struct ca_listing *ca_catalog_columns(struct ca_statement *statement, const struct ca_match table[3]);
/* The type of one column of a table named in SQL text; false if it cannot be told (nothing is posted). */
bool ca_catalog_column_type(struct ca_statement *statement, const struct ca_sql_name *table,
                            const char *column, struct ca_type_spec *spec);

/* ---- results ---- */

/* Begins to collect the rows of a result. */
void ca_rows_begin(const struct ca_statement *statement, struct ca_listing_writer *rows);
bool ca_rows_copy(struct ca_listing_writer *rows, struct ca_cell cell);
bool ca_rows_text(struct ca_listing_writer *rows, const char *text); /* NULL text = NULL */
/* NULL where the value is not known. */
bool ca_rows_integer(struct ca_listing_writer *rows, bool known, long long value);
enum ca_rows_order {
    CA_ROWS_AS_ADDED,
    CA_ROWS_SORTED,  /* by the rules of the function */
    CA_ROWS_DISTINCT /* sorted, and each once */
};
/* Ends the call: sorts the rows and opens them as the result of the statement. Frees the writer. */
SQLRETURN ca_catalog_open(struct ca_statement *statement, enum ca_catalog_result result,
                          struct ca_listing_writer *rows, enum ca_rows_order order);

/* The cells DATA_TYPE … IS_NULLABLE that SQLColumns and SQLProcedureColumns share. */
struct ca_column_facts {
    struct ca_type_spec spec;
    struct ca_cell type_name;
    struct ca_cell remarks;
    int nullable; /* SQL_NO_NULLS, SQL_NULLABLE, SQL_NULLABLE_UNKNOWN */
    int64_t ordinal;
};
bool ca_rows_column_facts(struct ca_statement *statement, struct ca_listing_writer *rows,
                          const struct ca_column_facts *facts);
/* Where a listing of columns or parameters has DATA_TYPE, COLUMN_SIZE, PRECISION and SCALE. */
struct ca_type_places {
    int columns[4];
};
struct ca_type_places ca_listing_type_places(const struct ca_listing *listing);
struct ca_type_spec ca_listing_type(const struct ca_listing *listing, size_t row,
                                    const struct ca_type_places *places);

#endif
