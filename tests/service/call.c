/*
 * Owns the running of stored procedures: arguments, transaction, results, output parameters.
 * Knows nothing of HTTP or of the reply's text, but for the `parameters` member.
 */
#include "call.h"

#include "binding.h"
#include "functions.h"
#include "jsontext.h"
#include "procedures.h"
#include "wire.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct call {
    const struct procedure *procedure;
    const char *alias;
    struct parameter *arguments;  /* one for each parameter of the procedure */
    struct json_object *literals; /* list that owns the values of an EXEC's literals */
    size_t next_result;
    int64_t changes;
    bool results_given;
};

void call_free(struct call *call)
{
    if (call == NULL)
        return;
    json_object_put(call->literals);
    free(call->arguments);
    free(call);
}

static enum advance refuse_memory(struct execution *e)
{
    problem_no_memory(&e->problem);
    return ADVANCE_FAILED;
}

/* Splits `[Catalog].[Schema].[Name]`, quoted or not, into at most three texts. False where it is none. */
static bool split_name(struct arena *arena, const char *text, const char *parts[3])
{
    size_t count = 0;

    parts[0] = parts[1] = parts[2] = NULL;
    for (;;) {
        struct buffer part = {0};
        char close = *text == '[' ? ']' : *text == '`' ? '`' : '\0';
        if (close != '\0') {
            for (text++; *text != '\0' && (*text != close || text[1] == close); text++) {
                buffer_char(&part, *text);
                text += *text == close;
            }
            if (*text++ != close) {
                buffer_free(&part);
                return false;
            }
        } else {
            size_t length = strcspn(text, ".[]`\"' \t\r\n;(),");
            buffer_append(&part, text, length);
            text += length;
        }
        parts[0] = parts[1];
        parts[1] = parts[2];
        parts[2] = arena_text(arena, buffer_string(&part));
        bool empty = part.length == 0;
        buffer_free(&part);
        if (empty || parts[2] == NULL || ++count > 3)
            return false;
        if (*text == '\0')
            return true;
        if (*text++ != '.')
            return false;
    }
}

/* Finds the procedure under the names given, the request's defaults filling in. */
static const struct procedure *find(struct execution *e, const char *const names[3])
{
    const struct session *s = &e->session;
    const char *catalog = names[0] != NULL ? names[0] : s->catalog;
    const char *schema = names[1] != NULL ? names[1] : s->schema;
    const struct procedure *p = procedure_find(catalog, schema, names[2]);

    if (p == NULL && names[0] == NULL && names[1] == NULL)
        p = procedure_find(NULL, NULL, names[2]);
    if (p == NULL)
        problem_set(&e->problem, PROBLEM_QUERY_FAILED, "The procedure '%s%s%s%s%s' does not exist.",
                    names[0] != NULL ? names[0] : "", names[0] != NULL ? "." : "",
                    names[1] != NULL ? names[1] : "", names[1] != NULL ? "." : "", names[2]);
    return p;
}

/* Where an argument belongs: by name, or by place for names such as @1. */
static struct parameter *place_of(struct call *call, const char *name)
{
    const struct procedure *p = call->procedure;
    char *end;

    name += *name == '@';
    for (size_t i = 0; i < p->parameter_count; i++)
        if (strcasecmp(p->parameters[i].name + 1, name) == 0)
            return &call->arguments[i];
    /* The vendor's Python library numbers the arguments of callproc. */
    unsigned long number = strtoul(name, &end, 10);
    size_t first = p->parameter_count > 0 && p->parameters[0].direction == PROCEDURE_RETURN;
    if (*name < '1' || *name > '9' || *end != '\0' || number > p->parameter_count - first)
        return NULL;
    return &call->arguments[first + number - 1];
}

/* Puts the arguments in the procedure's order. Each keeps its own type code. */
static bool place_arguments(struct execution *e, struct call *call, const struct parameter_set *given)
{
    const struct procedure *p = call->procedure;

    for (size_t i = 0; i < p->parameter_count; i++)
        call->arguments[i] = (struct parameter){.name = p->parameters[i].name};
    for (size_t i = 0; i < given->count; i++) {
        struct parameter *place = place_of(call, given->items[i].name);
        if (place == NULL) {
            problem_set(&e->problem, PROBLEM_INVALID_REQUEST, "The procedure '%s' has no parameter '%s'.",
                        p->name, given->items[i].name);
            return false;
        }
        const char *name = place->name;
        *place = given->items[i];
        place->name = name;
        place->direction = 1; /* it was given */
    }
    for (size_t i = 0; i < p->parameter_count; i++) {
        const struct procedure_parameter *wanted = &p->parameters[i];
        bool input = wanted->direction == PROCEDURE_IN || wanted->direction == PROCEDURE_INOUT;
        if (input && wanted->required && call->arguments[i].direction == 0) {
            problem_set(&e->problem, PROBLEM_INVALID_REQUEST,
                        "Missing parameter: the procedure '%s' needs the parameter '%s'.", p->name,
                        wanted->name);
            return false;
        }
        if (!input)
            call->arguments[i].value = NULL;
        else if (call->arguments[i].type == SERVICE_UNKNOWN || call->arguments[i].type == SERVICE_VARCHAR)
            call->arguments[i].type = wanted->type;
    }
    return true;
}

/* Prepares one of the procedure's texts with all arguments bound. */
static bool prepare_text(struct execution *e, const char *text, sqlite3_stmt **stmt)
{
    struct call *call = e->call;
    struct parameter_set set = {call->arguments, call->procedure->parameter_count};
    char *sql = procedure_sql(text, call->alias);
    bool fine = false;

    if (sql == NULL)
        problem_no_memory(&e->problem);
    else
        fine = session_prepare(&e->session, sql, stmt, &e->problem) &&
               binding_apply(*stmt, &set, true, false, &e->problem);
    free(sql);
    return fine;
}

static bool run_statements(struct execution *e)
{
    struct call *call = e->call;
    const char *const *texts = call->procedure->statements;
    int rc =
        sqlite3_exec(e->session.db, call->procedure->writes ? "BEGIN IMMEDIATE" : "BEGIN", NULL, NULL, NULL);

    for (; rc == SQLITE_OK && texts != NULL && *texts != NULL; texts++) {
        sqlite3_stmt *stmt = NULL;
        if (!prepare_text(e, *texts, &stmt)) {
            sqlite3_finalize(stmt);
            return false;
        }
        while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
            ;
        if (rc == SQLITE_DONE)
            rc = SQLITE_OK;
        else
            session_problem(&e->session, rc, &e->problem);
        call->changes += sqlite3_changes64(e->session.db);
        sqlite3_finalize(stmt);
    }
    if (rc != SQLITE_OK)
        session_problem(&e->session, rc, &e->problem);
    return rc == SQLITE_OK;
}

/* Begins a call: finds the procedure, places the arguments, runs what gives no rows. */
static enum advance begin(struct execution *e, const char *const names[3], const struct parameter_set *given,
                          struct json_object *literals)
{
    const struct procedure *p = find(e, names);
    struct call *call = p != NULL ? calloc(1, sizeof *call) : NULL;

    if (call == NULL) {
        json_object_put(literals);
        return p != NULL ? refuse_memory(e) : ADVANCE_FAILED;
    }
    e->call = call;
    call->procedure = p;
    call->literals = literals;
    call->arguments = calloc(p->parameter_count + 1, sizeof *call->arguments);
    struct model *model = e->session.models[e->session.model_count - 1];
    const struct scope_schema *place = scope_schema_find(model_scope(model, NULL), p->catalog, p->schema);
    if (call->arguments == NULL || place == NULL || place->source == NULL)
        return refuse_memory(e);
    call->alias = place->source->alias;
    if (!session_attach(&e->session, place->source, &e->problem) || !place_arguments(e, call, given))
        return ADVANCE_FAILED;
    if (e->request.schema_only)
        return ADVANCE_NOTHING;
    return run_statements(e) ? ADVANCE_NOTHING : ADVANCE_FAILED;
}

/* Writes the output parameters' member. */
static bool write_outputs(struct execution *e)
{
    const struct procedure *p = e->call->procedure;
    struct buffer sql = {0};
    sqlite3_stmt *stmt = NULL;
    int column = 0;
    bool fine = false;

    for (size_t i = 0; i < p->parameter_count; i++)
        if (p->parameters[i].output != NULL)
            buffer_format(&sql, "%s(%s)", sql.length == 0 ? "SELECT " : ", ", p->parameters[i].output);
    if (sql.length == 0)
        return true;
    if (sql.failed) {
        problem_no_memory(&e->problem);
        goto out;
    }
    if (!prepare_text(e, buffer_string(&sql), &stmt))
        goto out;
    int rc = sqlite3_step(stmt);
    if (rc != SQLITE_ROW) {
        session_problem(&e->session, rc, &e->problem);
        goto out;
    }
    for (size_t i = 0; i < p->parameter_count; i++) {
        const struct procedure_parameter *a = &p->parameters[i];
        if (a->output == NULL)
            continue;
        buffer_char(&e->outputs, column == 0 ? '{' : ',');
        json_quote_text(&e->outputs, a->name);
        buffer_format(&e->outputs, ":{\"dataType\":%d,\"direction\":%d,\"value\":", a->type,
                      (int)a->direction);
        wire_write(&e->outputs, stmt, column++, a->type, a->scale);
        buffer_char(&e->outputs, '}');
    }
    buffer_char(&e->outputs, '}');
    fine = !e->outputs.failed;
out:
    sqlite3_finalize(stmt);
    buffer_free(&sql);
    return fine;
}

/* All results are out: the output parameters, and the end of the transaction. */
static enum advance finish(struct execution *e)
{
    struct call *call = e->call;
    enum advance next = call->procedure->writes && !call->results_given ? ADVANCE_COUNT : ADVANCE_NOTHING;

    if (!e->request.schema_only) {
        buffer_free(&e->outputs); /* of an earlier EXEC of the same text */
        if (!write_outputs(e))
            return ADVANCE_FAILED;
        int rc = sqlite3_exec(e->session.db, "COMMIT", NULL, NULL, NULL);
        if (rc != SQLITE_OK) {
            session_problem(&e->session, rc, &e->problem);
            return ADVANCE_FAILED;
        }
    }
    e->affected = e->request.schema_only ? -1 : call->changes;
    call_free(call);
    e->call = NULL;
    if (e->order.kind == REQUEST_EXEC) /* nothing comes after it */
        e->next_set = 1;
    return next;
}

static enum advance begin_exec(struct execution *e)
{
    const char *names[3];

    if (e->next_set > 0)
        return ADVANCE_END;
    if (!split_name(&e->session.arena, e->request.text, names)) {
        problem_set(&e->problem, PROBLEM_INVALID_REQUEST, "'%s' is not the name of a procedure.",
                    e->request.text);
        return ADVANCE_FAILED;
    }
    return begin(e, names, &e->request.sets[0], NULL);
}

enum advance call_advance(struct execution *e)
{
    if (e->call == NULL)
        return begin_exec(e);
    const char *const *results = e->call->procedure->results;
    if (results == NULL || results[e->call->next_result] == NULL)
        return finish(e);
    if (!prepare_text(e, results[e->call->next_result++], &e->stmt))
        return ADVANCE_FAILED;
    e->call->results_given = true;
    if (!e->request.schema_only)
        return execution_start(e, true);
    e->has_row = false;
    return columns_describe(&e->columns, &e->session, e->stmt, NULL, false) ? ADVANCE_ROWS : refuse_memory(e);
}

/* A literal of EXEC as the JSON value that /exec would carry. */
static struct json_object *literal_value(const struct dialect_argument *a)
{
    if (a->value == NULL)
        return NULL;
    if (a->type == SERVICE_BOOLEAN)
        return json_object_new_boolean(strcasecmp(a->value, "true") == 0);
    return json_object_new_string(a->value);
}

enum advance call_statement(struct execution *e)
{
    const struct dialect_statement *s = &e->statement;
    const char *names[3] = {s->procedure[0], s->procedure[1], s->procedure[2]};
    struct parameter *items = calloc(s->argument_count + 1, sizeof *items);
    struct json_object *literals = json_object_new_array();
    enum advance result = ADVANCE_FAILED;

    if (items == NULL || literals == NULL) {
        refuse_memory(e);
        goto out;
    }
    for (size_t i = 0; i < s->argument_count; i++) {
        const struct dialect_argument *a = &s->arguments[i];
        if (a->parameter != NULL) {
            const struct parameter *sent = parameter_find(&e->request.sets[0], a->parameter);
            if (sent == NULL) {
                problem_set(&e->problem, PROBLEM_INVALID_REQUEST,
                            "Missing parameter: no value was given for the parameter '%s'.", a->parameter);
                goto out;
            }
            items[i] = *sent;
        } else {
            items[i].value = literal_value(a);
            items[i].type = a->type == SERVICE_VARCHAR ? SERVICE_UNKNOWN : a->type;
            json_object_array_add(literals, items[i].value);
        }
        items[i].name = a->name;
    }
    struct parameter_set given = {items, s->argument_count};
    result = begin(e, names, &given, literals);
    literals = NULL;
out:
    json_object_put(literals);
    free(items);
    return result;
}
