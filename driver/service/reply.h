/* A reply document of /query, /batch, /exec or a metadata request, read as it arrives: results one after
 * another, rows one after another, members in any order, rows never a DOM.
 * "End" is only the closing of the document without an `error` in it (SERVICE.md section 3). */
#ifndef CA_SERVICE_REPLY_H
#define CA_SERVICE_REPLY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "data/cell.h"
#include "service/column.h"
#include "service/stream.h"

enum ca_reply_place {
    CA_REPLY_CLOSED,
    CA_REPLY_DOCUMENT, /* among the members of the document */
    CA_REPLY_RESULTS,  /* between results */
    CA_REPLY_RESULT,   /* among the members of a result */
    CA_REPLY_ROWS,     /* between rows */
    CA_REPLY_FINISHED  /* behind the document, or failed */
};

enum ca_next { CA_NEXT_READ, CA_NEXT_END, CA_NEXT_FAILED };

struct ca_reply {
    struct ca_stream stream;
    struct ca_buffer url; /* of the request; they live as long as the transfer */
    struct ca_buffer body;
    struct ca_credential *credential; /* as sent; counted */
    size_t at;                        /* offset in the stream of the next octet to read */
    size_t mark;                      /* where the name or value that is being copied begins */
    enum ca_reply_place place;
    bool first; /* no element of the list we stand in was read yet */
    /* the result we stand in */
    struct ca_columns columns;
    bool has_columns;
    bool result_open; /* its head was not handed out yet */
    int64_t affected; /* -1 = not said */
    bool rows_held;   /* `rows` came before `schema`; they begin at `held` */
    size_t held;
    bool rereading; /* the held rows are being read; afterwards go on at `resume` */
    size_t resume;
    /* the current rows */
    bool wide; /* read 32 octets at a time */
    struct ca_cell *cells;
    size_t cells_capacity;
    bool row_cut;      /* the window ends in the row behind the last batch */
    size_t cells_done; /* while rows are being read: so many cells move with the window */
    /* the document */
    struct ca_buffer parameters;   /* raw JSON of `parameters` */
    struct ca_buffer error_json;   /* raw JSON of `error` */
    struct ca_buffer message_json; /* raw JSON of a `message` beside it */
    struct ca_error error;         /* why it failed; stays until the reply is closed */
    atomic_bool *broken;           /* set when the link breaks; NULL = nobody asks */
};

void ca_reply_init(struct ca_reply *reply);
/* Room for the cells of so many rows of columns.count; false: reply->error. */
bool ca_reply_reserve(struct ca_reply *reply, size_t rows);
void ca_reply_free(struct ca_reply *reply);

/* From now on replies can be read whole before their first row (ca_reply_take_whole): in memory up to a
 * limit, then in a temporary file. false: no memory. */
bool ca_reply_spool(struct ca_reply *reply, size_t memory_limit);
/* Of a closed reply: no longer. */
void ca_reply_unspool(struct ca_reply *reply);

/* Sends the request and reads up to the first octet of the answer's document. false: reply->error. */
bool ca_reply_open(struct ca_reply *reply, const struct ca_transport *transport,
                   const struct ca_exchange *exchange, const struct ca_wait *wait, size_t max_row_octets);
/* Ends the transfer, wherever the reader stands. */
void ca_reply_close(struct ca_reply *reply);
/* For the calls that follow. */
void ca_reply_wait(struct ca_reply *reply, const struct ca_wait *wait);

/* Goes to the next result (what is left of the one before is passed over): CA_NEXT_READ with columns and
 * affected set, CA_NEXT_END at the end of a document without error, CA_NEXT_FAILED with reply->error. */
enum ca_next ca_reply_next_result(struct ca_reply *reply);
/* Of a reply that spools, standing in its first result: reads all of it, ends the transfer and begins again
 * with the first result, now without a network. An error anywhere in the reply is CA_NEXT_FAILED. */
enum ca_next ca_reply_take_whole(struct ca_reply *reply);
/* Of a reply that spools and was taken whole: moves what it holds to `kept`, which is not initialised. */
void ca_reply_keep_whole(struct ca_reply *reply, struct ca_region *kept);
/* Closes the reply and begins with the first result of what was kept of another; `kept` is empty afterwards.
 */
enum ca_next ca_reply_reopen(struct ca_reply *reply, struct ca_region *kept);
/* Reads the next row into reply->cells (as many as there are columns). At the end of the rows the document is
 * read on to the next result or its end, so that an error behind the rows is CA_NEXT_FAILED, not CA_NEXT_END.
 */
enum ca_next ca_reply_next_row(struct ca_reply *reply);
/* Reads up to `wanted` rows, and no more than CA_REPLY_ROWS_MOST, into reply->cells, one row behind the
 * other, and where they begin, counted from ca_reply_keep, into `offsets`. The caller has called
 * ca_reply_keep. *count is set to how many there are; they are good whatever is returned. CA_NEXT_READ: there
 * may be more. */
enum { CA_REPLY_ROWS_MOST = 256 };
enum ca_next ca_reply_next_rows(struct ca_reply *reply, size_t wanted, size_t *offsets, size_t *count);
/* After the last row or a result without rows: is there another result? Reads on until that is known. */
enum ca_next ca_reply_look_ahead(struct ca_reply *reply);

/* Rows from here on stay in memory until the next call of this. */
void ca_reply_keep(struct ca_reply *reply);
/* Reads a kept row again into reply->cells. */
bool ca_reply_reread(struct ca_reply *reply, size_t row_offset);

#endif
