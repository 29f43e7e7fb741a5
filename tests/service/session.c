/*
 * Owns the SQLite connection of a request and the resolution of names for the dialect.
 * Knows nothing of JSON, HTTP or result sets.
 */
#include "session.h"

#include "bench.h"
#include "functions.h"
#include "service.h"
#include "systables.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { STEPS_BETWEEN_LOOKS = 20000, BUSY_SLEEP_MS = 2, BUSY_TRIES = 15000 };

/* SQLite calls this now and then while a statement runs; non-zero interrupts it. */
static int still_wanted(void *session)
{
    return watch_ended(&((struct session *)session)->watch);
}

/* Another connection writes: wait a little, up to half a minute in all. */
static int wait_for_writer(void *session, int tries)
{
    return tries < BUSY_TRIES && watch_sleep(&((struct session *)session)->watch, BUSY_SLEEP_MS);
}

/* Statements of the pass-through catalog must not reach files of the machine. */
static int authorize(void *context, int action, const char *first, const char *second, const char *database,
                     const char *trigger)
{
    const struct session *s = context;

    (void)first;
    (void)second;
    (void)database;
    (void)trigger;
    return !s->attaching && (action == SQLITE_ATTACH || action == SQLITE_DETACH) ? SQLITE_DENY : SQLITE_OK;
}

static bool use_model(struct session *s, struct model *model)
{
    struct model **models = realloc(s->models, (s->model_count + 1) * sizeof *models);

    if (models == NULL) {
        model_release(model);
        return false;
    }
    s->models = models;
    s->models[s->model_count++] = model;
    s->scope = model_scope(model, s->workspace);
    return true;
}

static int open_database(struct session *s)
{
    int rc = sqlite3_open_v2(":memory:", &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_busy_handler(s->db, wait_for_writer, s);
    if (rc == SQLITE_OK)
        rc = sqlite3_set_authorizer(s->db, authorize, s);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(s->db, "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY", NULL, NULL, NULL);
    if (rc == SQLITE_OK && atomic_load(&s->service->settings.case_sensitive))
        rc = sqlite3_exec(s->db, "PRAGMA case_sensitive_like=ON", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = functions_register(s->db);
    if (rc == SQLITE_OK)
        rc = bench_register(s->db);
    sqlite3_progress_handler(s->db, STEPS_BETWEEN_LOOKS, still_wanted, s);
    return rc;
}

bool session_open(struct session *s, struct service *service, const char *workspace, const char *catalog,
                  const char *schema, int socket, int timeout_s, struct problem *problem)
{
    *s = (struct session){
        .service = service,
        .workspace = workspace,
        .catalog = catalog,
        .schema = schema,
        .system_tables = atomic_load(&service->settings.system_tables),
        .watch = {.socket = socket, .stopping = &service->stopping},
    };
    if (timeout_s > 0)
        s->watch.deadline_ns = monotonic_ns() + (int64_t)timeout_s * 1000000000;
    if (!use_model(s, service_model(service))) {
        problem_no_memory(problem);
        return false;
    }
    if (s->scope == NULL) {
        problem_set(problem, PROBLEM_QUERY_FAILED, "Workspace '%s' does not exist.", workspace);
        return false;
    }
    s->attached = arena_get(&s->arena, service->sources.count * sizeof *s->attached);
    int rc = s->attached == NULL ? SQLITE_NOMEM : open_database(s);
    if (rc != SQLITE_OK)
        session_problem(s, rc, problem);
    return rc == SQLITE_OK;
}

void session_close(struct session *s)
{
    sqlite3_close(s->db);
    for (size_t i = 0; i < s->model_count; i++)
        model_release(s->models[i]);
    free(s->models);
    arena_free(&s->arena);
    problem_free(&s->problem);
    *s = (struct session){0};
}

void session_problem(struct session *s, int rc, struct problem *problem)
{
    static const char *const ends[] = {
        [WATCH_TIMEOUT] = "The query was cancelled because its timeout has expired.",
        [WATCH_CLIENT_GONE] = "The query was cancelled because the client has gone.",
        [WATCH_STOPPING] = "The query was cancelled because the service is stopping.",
    };

    if (s->watch.end != WATCH_GO_ON) {
        problem_set(problem, PROBLEM_QUERY_FAILED, "%s", ends[s->watch.end]);
        return;
    }
    const char *text =
        s->db != NULL && sqlite3_errcode(s->db) != SQLITE_OK ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);
    struct dialect_error error = dialect_engine_error(text);
    if (error.text == NULL)
        problem_no_memory(problem);
    else
        problem_set(problem,
                    error.code == DIALECT_INVALID_REQUEST ? PROBLEM_INVALID_REQUEST : PROBLEM_QUERY_FAILED,
                    "%s", error.text);
    free(error.text);
}

bool session_prepare(struct session *s, const char *sql, sqlite3_stmt **stmt, struct problem *problem)
{
    int rc = sqlite3_prepare_v2(s->db, sql, -1, stmt, NULL);

    if (rc != SQLITE_OK)
        session_problem(s, rc, problem);
    return rc == SQLITE_OK;
}

bool session_attach(struct session *s, struct source *source, struct problem *problem)
{
    struct sources *sources = &s->service->sources;
    size_t number = (size_t)(source - sources->items);

    if (source->kind == SOURCE_VIRTUAL || s->attached[number])
        return true;
    s->attaching = true;
    int rc = source_attach(sources, source, s->db);
    s->attaching = false;
    s->attached[number] = rc == SQLITE_OK;
    if (rc != SQLITE_OK)
        session_problem(s, rc, problem);
    return rc == SQLITE_OK;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcasecmp(a, b) == 0);
}

bool session_system_table(struct session *s, const char *name, struct problem *problem)
{
    int rc = systable_register(s->db, name, name, s->scope, NULL, NULL);

    if (rc != SQLITE_OK)
        session_problem(s, rc, problem);
    return rc == SQLITE_OK;
}

/* A bare sys_ name shows the whole scope, [Catalog].[Schema].[sys_…] only what is in there. */
static bool find_system_table(struct session *s, const char *catalog, const char *schema, const char *table,
                              struct dialect_source *out)
{
    const char *name = systable_find(table);
    bool whole =
        (catalog == NULL && schema == NULL) || (same(catalog, s->catalog) && same(schema, s->schema));
    char *own = NULL;
    int rc = SQLITE_NOMEM;

    if (whole) {
        rc = systable_register(s->db, name, name, s->scope, NULL, NULL);
        own = arena_text(&s->arena, name);
    } else {
        const struct scope_schema *place = scope_schema_find(s->scope, catalog, schema);
        if (place == NULL)
            return false;
        const char *in = schema != NULL ? place->schema : NULL;
        char *text = sqlite3_mprintf("%s.%s.%s", place->catalog, in != NULL ? in : "", name);
        own = arena_text(&s->arena, text);
        sqlite3_free(text);
        if (own != NULL)
            rc = systable_register(s->db, name, own, s->scope, catalog != NULL ? place->catalog : NULL, in);
    }
    if (rc != SQLITE_OK || own == NULL) {
        session_problem(s, rc, &s->problem);
        return false;
    }
    *out = (struct dialect_source){"CData", "QueryFederation", "main", own, false};
    return true;
}

static bool find_place(struct session *s, const char *catalog, const char *schema, struct dialect_source *out)
{
    const struct scope_schema *place = scope_schema_find(s->scope, catalog, schema);

    if (place == NULL || place->source == NULL || !session_attach(s, place->source, &s->problem))
        return false;
    *out = (struct dialect_source){place->catalog, place->schema, place->source->alias, NULL,
                                   place->source->pass_through};
    return true;
}

/* dialect_options.find */
static bool find_table(void *context, const char *catalog, const char *schema, const char *table,
                       struct dialect_source *out)
{
    struct session *s = context;

    if (table == NULL)
        return find_place(s, catalog, schema, out);
    if (s->system_tables && systable_find(table) != NULL)
        return find_system_table(s, catalog, schema, table, out);
    const struct entry *e = scope_find(s->scope, catalog, schema, table);
    if (e == NULL || !session_attach(s, e->source, &s->problem))
        return false;
    *out = (struct dialect_source){e->catalog, e->schema, e->source->alias, e->table->name,
                                   e->source->pass_through && s->scope->workspace == NULL};
    return true;
}

/* dialect_options.key_column */
static const char *find_key_column(void *context, const struct dialect_source *source, const char *table,
                                   size_t index)
{
    const struct session *s = context;
    const struct entry *e = scope_locate(s->scope, source->alias, table);

    if (e == NULL)
        e = scope_find(s->scope, source->catalog, source->schema, table);
    const struct column_info *c = e != NULL ? table_key_column(e->table, (int)index + 1) : NULL;
    return c != NULL ? c->name : NULL;
}

struct dialect_options session_dialect(struct session *s, bool lenient)
{
    return (struct dialect_options){
        .default_catalog = s->catalog,
        .default_schema = s->schema,
        .lenient = lenient,
        .context = s,
        .find = find_table,
        .key_column = find_key_column,
    };
}

bool session_refresh(struct session *s, struct problem *problem)
{
    struct model *model = service_refresh(s->service, problem);

    if (model == NULL)
        return false;
    if (!use_model(s, model)) {
        problem_no_memory(problem);
        return false;
    }
    return true;
}
