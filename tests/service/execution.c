/*
 * Owns the running of /query and /batch and the loop that turns results into reply text.
 * Knows nothing of HTTP or of how the text is sent.
 */
#include "execution.h"

#include "binding.h"
#include "call.h"
#include "echo.h"
#include "service.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_OCTETS = 48 * 1024 };

static void close_statement(struct execution *e)
{
    sqlite3_finalize(e->stmt);
    e->stmt = NULL;
    columns_free(&e->columns);
}

enum advance execution_start(struct execution *e, bool reads)
{
    int rc = sqlite3_step(e->stmt);

    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        session_problem(&e->session, rc, &e->problem);
        return ADVANCE_FAILED;
    }
    e->has_row = rc == SQLITE_ROW;
    if (!reads) {
        while (rc == SQLITE_ROW)
            rc = sqlite3_step(e->stmt);
        if (rc != SQLITE_DONE) {
            session_problem(&e->session, rc, &e->problem);
            return ADVANCE_FAILED;
        }
        e->affected = sqlite3_changes64(e->session.db);
        return ADVANCE_COUNT;
    }
    const struct dialect_statement *statement =
        e->statement.sql != NULL && e->call == NULL ? &e->statement : NULL;
    if (!columns_describe(&e->columns, &e->session, e->stmt, statement, e->has_row)) {
        problem_no_memory(&e->problem);
        return ADVANCE_FAILED;
    }
    return ADVANCE_ROWS;
}

/* Describes a statement without running it, but for a look at a row where only that tells the types. */
static enum advance describe_only(struct execution *e)
{
    bool look = e->statement.kind == DIALECT_SELECT && columns_need_row(&e->session, e->stmt, &e->statement);

    if (sqlite3_column_count(e->stmt) == 0) {
        e->affected = -1;
        return ADVANCE_COUNT;
    }
    bool on_row = look && sqlite3_step(e->stmt) == SQLITE_ROW;
    e->has_row = false;
    if (!columns_describe(&e->columns, &e->session, e->stmt, &e->statement, on_row)) {
        problem_no_memory(&e->problem);
        return ADVANCE_FAILED;
    }
    return ADVANCE_ROWS;
}

/* Reads the next statement of the text. False at the end, or with the problem set. */
static bool next_statement(struct execution *e)
{
    dialect_statement_clear(&e->statement);
    int rc = dialect_next(e->dialect, &e->statement);
    if (rc >= 0)
        return rc > 0;
    const struct dialect_error *error = &e->statement.error;
    if (e->session.problem.code != PROBLEM_NONE) { /* a database could not be attached */
        e->problem = e->session.problem;
        e->session.problem = (struct problem){0};
    } else if (error->fault == DIALECT_NO_MEMORY || error->text == NULL) {
        problem_no_memory(&e->problem);
    } else {
        problem_set(&e->problem,
                    error->code == DIALECT_INVALID_REQUEST ? PROBLEM_INVALID_REQUEST : PROBLEM_QUERY_FAILED,
                    "%s", error->text);
    }
    return false;
}

static enum advance ended(const struct execution *e)
{
    return e->problem.code != PROBLEM_NONE ? ADVANCE_FAILED : ADVANCE_END;
}

/* A decimal that comes back as it is keeps all its digits, though it is no value to store. */
static bool bind_echoes(struct execution *e)
{
    size_t count = (size_t)sqlite3_column_count(e->stmt);

    for (size_t i = 0; i < count; i++) {
        const struct parameter *p = echo_parameter(&e->statement, e->request.sets, i, count);
        int place = 0;
        for (int k = sqlite3_bind_parameter_count(e->stmt); p != NULL && k > 0; k--)
            if (parameter_find(&(struct parameter_set){(struct parameter *)p, 1},
                               sqlite3_bind_parameter_name(e->stmt, k)) != NULL)
                place = k;
        if (place > 0 && !binding_value(e->stmt, place, p, true, &e->problem))
            return false;
    }
    return true;
}

static bool changes_rows(enum dialect_kind kind)
{
    return kind == DIALECT_INSERT || kind == DIALECT_UPDATE || kind == DIALECT_DELETE ||
           kind == DIALECT_UPSERT;
}

/* The next result of /query. */
static enum advance advance_query(struct execution *e)
{
    if (e->call != NULL)
        return call_advance(e);
    if (!next_statement(e))
        return ended(e);
    if (e->statement.kind == DIALECT_EXEC)
        return call_statement(e);
    if (!session_prepare(&e->session, e->statement.sql, &e->stmt, &e->problem))
        return ADVANCE_FAILED;
    if (e->stmt == NULL)
        return ADVANCE_NOTHING;
    const struct request *r = &e->request;
    if (!binding_apply(e->stmt, r->sets, e->statement.writes, r->schema_only, &e->problem) || !bind_echoes(e))
        return ADVANCE_FAILED;
    if (r->schema_only)
        return describe_only(e);
    enum advance result = execution_start(e, sqlite3_column_count(e->stmt) > 0);
    if (result != ADVANCE_COUNT || changes_rows(e->statement.kind))
        return result;
    close_statement(e);
    e->affected = -1;
    return session_refresh(&e->session, &e->problem) ? result : ADVANCE_FAILED;
}

/* Reads the one statement of a batch. */
static bool open_batch(struct execution *e)
{
    struct dialect_statement more = {0};

    if (!next_statement(e)) {
        problem_set(&e->problem, PROBLEM_INVALID_REQUEST, "The batch holds no statement.");
        return false;
    }
    if (!changes_rows(e->statement.kind) || e->statement.kind == DIALECT_UPSERT) {
        problem_set(&e->problem, PROBLEM_INVALID_REQUEST,
                    "A batch takes INSERT, UPDATE and DELETE statements only.");
        return false;
    }
    int rc = dialect_next(e->dialect, &more);
    dialect_statement_clear(&more);
    if (rc != 0) {
        problem_set(&e->problem, PROBLEM_INVALID_REQUEST, "A batch takes one statement only.");
        return false;
    }
    return session_prepare(&e->session, e->statement.sql, &e->stmt, &e->problem);
}

/* The next parameter set of /batch; each is a write of its own, as the service has no transactions. */
static enum advance advance_batch(struct execution *e)
{
    bool total = atomic_load(&e->service->settings.batch_total);

    if (e->stmt == NULL && !open_batch(e))
        return ended(e);
    while (e->next_set < e->request.set_count) {
        sqlite3_reset(e->stmt);
        if (!binding_apply(e->stmt, &e->request.sets[e->next_set++], true, false, &e->problem))
            return ADVANCE_FAILED;
        enum advance result = execution_start(e, false);
        if (result != ADVANCE_COUNT || !total)
            return result;
        e->batch_affected += e->affected;
    }
    if (!total || e->next_set > e->request.set_count)
        return ADVANCE_END;
    e->next_set++; /* the total is given once */
    e->affected = e->batch_affected;
    return ADVANCE_COUNT;
}

static bool open_session(struct execution *e)
{
    if (!session_open(&e->session, e->service, e->order.workspace, e->request.catalog, e->request.schema,
                      e->order.socket, e->request.timeout_s, &e->problem))
        return false;
    e->session.parameters = e->request.sets;
    atomic_fetch_add(&e->service->running, 1);
    e->counted = true;
    if (e->order.kind == REQUEST_EXEC || e->request.text == NULL)
        return true;
    struct dialect_options options = session_dialect(&e->session, atomic_load(&e->service->settings.lenient));
    e->dialect = dialect_open(e->request.text, strlen(e->request.text), &options);
    if (e->dialect == NULL)
        problem_no_memory(&e->problem);
    return e->dialect != NULL;
}

static struct execution *create(struct service *service, const struct execution_order *order)
{
    struct execution *e = calloc(1, sizeof *e);

    if (e != NULL) {
        e->service = service;
        e->order = *order;
        e->document.layout = order->layout;
    }
    return e;
}

struct execution *execution_new(struct service *service, const struct execution_order *order,
                                const char *body, size_t length)
{
    static enum advance (*const ways[])(struct execution *) = {
        [REQUEST_QUERY] = advance_query, [REQUEST_BATCH] = advance_batch, [REQUEST_EXEC] = call_advance};
    struct execution *e = create(service, order);

    if (e == NULL)
        return NULL;
    e->advance = ways[order->kind];
    request_read(&e->request, order->kind, body, length, &e->problem);
    return e;
}

struct execution *execution_plain(struct service *service, const struct execution_order *order,
                                  enum advance (*advance)(struct execution *e))
{
    struct execution *e = create(service, order);

    if (e != NULL)
        e->advance = advance;
    return e;
}

bool execution_refused(const struct execution *e)
{
    return e->problem.code != PROBLEM_NONE;
}

/* A test's error or cut, due after so many rows. */
static bool fault_due(const struct execution *e, int64_t after)
{
    return after >= 0 && e->rows >= (uint64_t)after;
}

static void set_test_error(struct execution *e)
{
    const struct execution_order *o = &e->order;

    if (o->error_message == NULL)
        problem_set(&e->problem, PROBLEM_QUERY_FAILED, "The connection to the data source was lost.");
    else
        problem_take(&e->problem, o->error_code != NULL ? strdup(o->error_code) : NULL,
                     strdup(o->error_message));
}

/* Sends rows until the piece is full or the result ends. */
static enum fill fill_rows(struct execution *e, struct buffer *out, size_t full)
{
    while (e->problem.code == PROBLEM_NONE && !out->failed) {
        if (fault_due(e, e->order.cut_after_rows))
            return FILL_CUT;
        if (fault_due(e, e->order.error_after_rows))
            set_test_error(e);
        if (!e->has_row || e->problem.code != PROBLEM_NONE)
            break;
        if (out->length >= full)
            return FILL_MORE;
        document_row(&e->document, e->stmt, &e->columns);
        e->rows++;
        int rc = sqlite3_step(e->stmt);
        e->has_row = rc == SQLITE_ROW;
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            session_problem(&e->session, rc, &e->problem);
    }
    document_end_result(&e->document, &e->columns);
    e->in_rows = false;
    close_statement(e);
    return FILL_MORE;
}

/* One step: the next result's head, or the end of the document. */
static void fill_next(struct execution *e)
{
    enum advance next = ADVANCE_FAILED;

    if (e->session.service == NULL && e->problem.code == PROBLEM_NONE)
        open_session(e);
    if (e->problem.code == PROBLEM_NONE)
        next = e->advance(e);
    if (next == ADVANCE_ROWS && e->order.error_after_rows == 0) {
        set_test_error(e); /* before the first row: the body holds only the error */
        next = ADVANCE_FAILED;
    }
    switch (next) {
    case ADVANCE_ROWS:
        document_begin_result(&e->document, &e->columns);
        e->in_rows = true;
        return;
    case ADVANCE_COUNT:
        document_count(&e->document, e->affected);
        if (e->order.kind != REQUEST_BATCH)
            close_statement(e);
        return;
    case ADVANCE_NOTHING:
        return;
    case ADVANCE_END:
    case ADVANCE_FAILED:
        document_end(&e->document, e->outputs.length > 0 ? buffer_string(&e->outputs) : NULL, &e->problem);
        e->ended = true;
    }
}

enum fill execution_fill(struct execution *e, struct buffer *out)
{
    size_t full = out->length + PIECE_OCTETS;
    enum fill result = FILL_MORE;

    e->document.out = out;
    while (result == FILL_MORE && !e->ended && out->length < full && !out->failed) {
        if (e->in_rows)
            result = fill_rows(e, out, full);
        else
            fill_next(e);
    }
    if (out->failed || e->session.watch.end == WATCH_CLIENT_GONE || e->session.watch.end == WATCH_STOPPING)
        return FILL_CUT;
    return result == FILL_MORE && e->ended ? FILL_END : result;
}

void execution_free(struct execution *e)
{
    if (e == NULL)
        return;
    close_statement(e);
    call_free(e->call);
    dialect_statement_clear(&e->statement);
    dialect_close(e->dialect);
    if (e->counted)
        atomic_fetch_sub(&e->service->running, 1);
    if (e->session.service != NULL)
        session_close(&e->session);
    request_free(&e->request);
    buffer_free(&e->outputs);
    json_object_put(e->endpoint_arguments);
    problem_free(&e->problem);
    free(e);
}
