/*
 * The reply document, written piece by piece (SERVICE.md section 3).
 */
#ifndef SERVICE_DOCUMENT_H
#define SERVICE_DOCUMENT_H

#include "columns.h"
#include "problem.h"

/* The order and dress of the members; all but old_order are for tests. */
struct layout {
    bool old_order;     /* schema, rows, affectedRows; else affectedRows, schema, rows */
    bool rows_first;    /* rows before schema */
    bool extra_members; /* members nobody has heard of */
    bool null_members;  /* members that could be left out are there as null */
    bool upper_members; /* AffectedRows, Schema, Rows */
    enum problem_form error_form;
};

struct document {
    struct buffer *out;
    struct layout layout;
    bool opened; /* the document has begun */
    size_t results;
    size_t result_rows; /* of the present result */
};

/* Begins a result set. The columns are needed until its end where rows come first. */
void document_begin_result(struct document *d, const struct columns *columns);

/* One row: the statement's present one. */
void document_row(struct document *d, sqlite3_stmt *stmt, const struct columns *columns);

void document_end_result(struct document *d, const struct columns *columns);

/* A result that is a row count only; -1 where it does not apply. */
void document_count(struct document *d, int64_t affected);

/* Closes the document; parameters (JSON text, may be NULL) and problem (NULL or none set) come last. */
void document_end(struct document *d, const char *parameters, const struct problem *problem);

#endif
