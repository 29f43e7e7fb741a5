/* The statement handle: text, descriptors, the open result, the cursor. */
#ifndef CA_ODBC_STATEMENT_H
#define CA_ODBC_STATEMENT_H

#include <limits.h>

#include "base/cancel.h"
#include "data/convert.h"
#include "odbc/bounds.h"
#include "odbc/connection.h"
#include "odbc/descriptor.h"
#include "odbc/sets.h"
#include "odbc/state.h"
#include "service/listing.h"
#include "service/reply.h"
#include "sql/statement.h"

/* One bound column: everything a fetch needs, decided once. */
struct ca_plan_column {
    ca_converter *convert;
    ca_run_converter *run; /* NULL: none, or not for these bindings */
    unsigned number;       /* of the column; 0 = bookmark */
    struct ca_target target;
    char *data;      /* of the first row; offsets are added when a rowset is fetched */
    char *length;    /* SQL_DESC_OCTET_LENGTH_PTR */
    char *indicator; /* SQL_DESC_INDICATOR_PTR */
    size_t data_stride;
    size_t length_stride;
    SQLLEN fixed_octets; /* of a fixed-length C type */
};

struct ca_plan {
    struct ca_plan_column *columns;
    unsigned count;
    size_t capacity;
    bool valid;
    uint32_t ard_generation;
    SQLHANDLE ard; /* its token: an address may be used again */
};

/* Where rows come from: the reply as it arrives, a listing (catalog functions), or the spool of a static
 * cursor. */
enum ca_source { CA_SOURCE_NONE, CA_SOURCE_REPLY, CA_SOURCE_LISTING, CA_SOURCE_SPOOL };

/* How SQLGetData converts a column: looked up once for each C type that is asked for. */
enum { CA_LOOK_UP = INT_MIN };

struct ca_getter {
    int asked;          /* the application's C type; CA_LOOK_UP = find it anew */
    SQLSMALLINT c_type; /* the one it means; 0 = none yet */
    ca_converter *convert;
    struct ca_target target; /* its capacity is the call's */
};

struct ca_cursor {
    enum ca_source source;
    struct ca_listing *listing;
    struct ca_cell *listing_row; /* the row of it that was read last */
    struct ca_spool *spool;
    uint64_t next_row; /* of a listing or spool, 0-based */
    bool scrollable;   /* a static cursor */
    bool complete;     /* the spool holds every row */
    bool after_end;
    uint64_t start;         /* first row of the rowset, 1-based; 0 = before the first */
    SQLULEN last_size;      /* rowset size of the last fetch */
    SQLULEN rows_delivered; /* for SQL_ATTR_MAX_ROWS and SQL_ATTR_ROW_NUMBER */
    bool at_end;
    struct ca_error failure; /* broke off: every later fetch says so */
    /* the current rowset */
    size_t *row_offsets; /* where each row is kept */
    size_t row_capacity;
    SQLULEN rowset_rows;
    SQLULEN rowset_position;     /* 1-based row that SQLGetData reads */
    const struct ca_cell *cells; /* of that row; NULL = must be read again */
    /* SQLGetData */
    struct ca_getter *getters;       /* [columns + 1]; NULL until one is asked for */
    size_t getter_count;             /* 0 until then */
    const struct ca_getter *part_of; /* whose value `part` is of; NULL = none */
    struct ca_part part;
};

/* The procedure that is being called. */
struct ca_called {
    struct ca_sql_name name;    /* whole */
    struct ca_listing *listing; /* of its parameters; NULL = none is called */
    bool outputs_due;           /* the outputs of the current set are still to come */
};

struct ca_spool;
struct ca_put; /* data at execution, see put_data.c */

struct ca_statement {
    struct ca_handle handle;
    struct ca_connection *connection;
    struct ca_statement *next;
    enum ca_state state;
    struct ca_descriptor *implicit[4];
    struct ca_descriptor *ard;
    struct ca_descriptor *apd;
    struct ca_descriptor *ird; /* never replaced */
    struct ca_descriptor *ipd;
    struct ca_cancel cancel;
    /* text */
    struct ca_sql_statement sql;
    bool has_text;  /* sql is filled */
    bool prepared;  /* by SQLPrepare */
    bool described; /* columns of the prepared text are known */
    struct ca_columns prepared_columns;
    /* result */
    struct ca_reply reply;
    const struct ca_columns *columns; /* of the open result, or of the prepared text; NULL = none */
    struct ca_columns listing_columns;
    bool more_results; /* known to follow */
    SQLLEN row_count;
    struct ca_plan plan;
    struct ca_cursor cursor;
    struct ca_put *put;
    struct ca_buffer parameters; /* JSON of the execution under way */
    struct ca_bounds bounds;
    struct ca_sets sets;
    struct ca_called called;
    /* attributes that are no descriptor fields */
    SQLULEN query_timeout; /* seconds; the option's until the application sets it */
    SQLULEN max_rows;
    SQLULEN max_length;
    SQLULEN noscan;
    SQLULEN metadata_id;
    SQLULEN retrieve_data;
    SQLULEN use_bookmarks;
    SQLULEN cursor_type;
    SQLULEN concurrency;
    SQLULEN enable_auto_ipd;
    SQLULEN keyset_size;
    SQLULEN extended_rowset; /* SQL_ROWSET_SIZE of SQLExtendedFetch */
    SQLPOINTER bookmark_ptr;
    char *cursor_name;
};

SQLRETURN ca_statement_alloc(struct ca_connection *connection, SQLHANDLE *output);
/* SQLSetConnectAttr of a statement attribute (SQLSetConnectOption Mapping): the default of statements made
 * from then on, judged as SQLSetStmtAttr does. Posted on the connection. */
SQLRETURN ca_statement_default_set(struct ca_connection *connection, SQLINTEGER attribute, SQLULEN value);
/* A new statement takes its connection's defaults. */
void ca_statement_defaults_take(struct ca_statement *statement);
/* Frees a statement that no other call uses; cancels what runs. */
void ca_statement_destroy(struct ca_statement *statement);
SQLRETURN ca_statement_free(struct ca_statement *statement);

/* Drops what belongs to one result: the next one may be opened. */
void ca_cursor_drop(struct ca_statement *statement);
/* Closes the cursor and drops the results; the state becomes prepared or allocated. */
void ca_statement_close(struct ca_statement *statement);
/* Drops the text too. */
void ca_statement_reset(struct ca_statement *statement);
/* The wait of a call that begins now; `first_row`: the query timeout runs. */
struct ca_wait ca_statement_wait(struct ca_statement *statement, bool first_row);

#endif
