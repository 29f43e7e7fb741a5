/*
 * Owns the shape of the reply document. Knows nothing of how rows are found or sent.
 */
#include "document.h"

#include "functions.h"
#include "jsontext.h"
#include "wire.h"

#include <stdint.h>
#include <string.h>

/* `"name":`, with the capital letter some observers have seen. */
static void member(struct document *d, const char *name)
{
    buffer_char(d->out, '"');
    buffer_char(d->out, d->layout.upper_members ? (char)(name[0] & ~0x20) : name[0]);
    buffer_text(d->out, name + 1);
    buffer_text(d->out, "\":");
}

enum column_member {
    CATALOG_NAME,
    COLUMN_LABEL,
    COLUMN_NAME,
    DATA_TYPE,
    DATA_TYPE_NAME,
    LENGTH,
    NULLABLE,
    ORDINAL,
    PRECISION,
    SCALE,
    SCHEMA_NAME,
    TABLE_NAME,
    COLUMN_MEMBERS
};

/* The newer samples have a column's members in order of the alphabet, as the enumeration above. */
static const unsigned char older_order[COLUMN_MEMBERS] = {
    ORDINAL,   CATALOG_NAME,   SCHEMA_NAME, TABLE_NAME, COLUMN_NAME, COLUMN_LABEL,
    DATA_TYPE, DATA_TYPE_NAME, LENGTH,      PRECISION,  SCALE,       NULLABLE};

static void write_column(struct document *d, const struct column *c, int ordinal)
{
    bool number = c->type.code >= SERVICE_TINYINT && c->type.code <= SERVICE_NUMERIC;
    bool decimal = c->type.code == SERVICE_DECIMAL || c->type.code == SERVICE_NUMERIC;
    const struct {
        const char *name;
        const char *text;
        bool number; /* else a text; NULL of neither is null */
        int value;
    } members[COLUMN_MEMBERS] = {
        [CATALOG_NAME] = {"catalogName", c->catalog, false, 0},
        [COLUMN_LABEL] = {"columnLabel", c->label, false, 0},
        [COLUMN_NAME] = {"columnName", c->name, false, 0},
        [DATA_TYPE] = {"dataType", NULL, true, c->type.code},
        [DATA_TYPE_NAME] = {"dataTypeName", service_type_name(c->type.code), false, 0},
        [LENGTH] = {"length", NULL, true, c->type.length},
        [NULLABLE] = {"nullable", NULL, false, 0},
        [ORDINAL] = {"ordinal", NULL, true, ordinal},
        [PRECISION] = {"precision", NULL, number, c->type.precision},
        [SCALE] = {"scale", NULL, decimal, c->type.scale},
        [SCHEMA_NAME] = {"schemaName", c->schema, false, 0},
        [TABLE_NAME] = {"tableName", c->table, false, 0},
    };

    for (int i = 0; i < COLUMN_MEMBERS; i++) {
        int m = d->layout.old_order ? older_order[i] : i;
        buffer_format(d->out, "%c\"%s\":", i == 0 ? '{' : ',', members[m].name);
        if (m == NULLABLE)
            buffer_text(d->out, c->nullable ? "true" : "false");
        else if (members[m].number)
            buffer_int(d->out, members[m].value);
        else
            json_quote_text(d->out, members[m].text);
    }
    if (d->layout.extra_members)
        buffer_text(d->out, ",\"collation\":{\"name\":\"none\",\"rules\":[1,[2,{}]]}");
    buffer_char(d->out, '}');
}

static void write_schema(struct document *d, const struct columns *columns)
{
    member(d, "schema");
    buffer_char(d->out, '[');
    for (size_t i = 0; i < columns->count; i++) {
        if (i > 0)
            buffer_char(d->out, ',');
        write_column(d, &columns->items[i], (int)i);
    }
    buffer_char(d->out, ']');
}

/* Opens the document if this is its first result, and the result itself. */
static void open_result(struct document *d)
{
    if (!d->opened) {
        buffer_char(d->out, '{');
        if (d->layout.extra_members)
            buffer_text(d->out, "\"requestId\":\"local\",\"timing\":{\"ms\":[1,2.5e0,null]},");
        member(d, "results");
        buffer_char(d->out, '[');
        d->opened = true;
    } else if (d->results > 0) {
        buffer_char(d->out, ',');
    }
    d->results++;
    d->result_rows = 0;
    buffer_char(d->out, '{');
    if (d->layout.extra_members)
        buffer_text(d->out, "\"warnings\":[\"[{}]\",{}],");
}

void document_begin_result(struct document *d, const struct columns *columns)
{
    open_result(d);
    if (!d->layout.old_order) {
        member(d, "affectedRows");
        buffer_text(d->out, "-1,");
    }
    if (!d->layout.rows_first) {
        write_schema(d, columns);
        buffer_char(d->out, ',');
    }
    member(d, "rows");
    buffer_char(d->out, '[');
}

void document_row(struct document *d, sqlite3_stmt *stmt, const struct columns *columns)
{
    buffer_append(d->out, ",[", d->result_rows++ > 0 ? 2 : 0);
    if (d->result_rows == 1)
        buffer_char(d->out, '[');
    for (size_t i = 0; i < columns->count; i++) {
        if (i > 0)
            buffer_char(d->out, ',');
        wire_write(d->out, stmt, (int)i, columns->items[i].type.code, columns->items[i].type.scale);
    }
    buffer_char(d->out, ']');
}

void document_end_result(struct document *d, const struct columns *columns)
{
    buffer_char(d->out, ']');
    if (d->layout.rows_first) {
        buffer_char(d->out, ',');
        write_schema(d, columns);
    }
    if (d->layout.old_order) {
        buffer_char(d->out, ',');
        member(d, "affectedRows");
        buffer_text(d->out, "-1");
    }
    buffer_char(d->out, '}');
}

void document_count(struct document *d, int64_t affected)
{
    if (affected > INT32_MAX) /* the member is an int32 */
        affected = INT32_MAX;
    open_result(d);
    if (d->layout.null_members) {
        member(d, "schema");
        buffer_text(d->out, "null,");
        member(d, "rows");
        buffer_text(d->out, "null,");
    } else if (d->layout.old_order) {
        member(d, "schema");
        buffer_text(d->out, "[],");
        member(d, "rows");
        buffer_text(d->out, "[],");
    }
    member(d, "affectedRows");
    buffer_int(d->out, affected);
    buffer_char(d->out, '}');
}

void document_end(struct document *d, const char *parameters, const struct problem *problem)
{
    bool failed = problem != NULL && problem->code != PROBLEM_NONE;

    if (d->opened) {
        buffer_char(d->out, ']');
    } else {
        buffer_char(d->out, '{');
        if (!failed) {
            member(d, "results");
            buffer_text(d->out, "[]");
        } else if (d->layout.null_members) {
            member(d, "results");
            buffer_text(d->out, "null");
        }
    }
    bool empty = !d->opened && failed && !d->layout.null_members;
    if (parameters != NULL && !failed) {
        buffer_char(d->out, ',');
        member(d, "parameters");
        buffer_text(d->out, parameters);
    }
    if (failed) {
        if (!empty)
            buffer_char(d->out, ',');
        problem_write(d->out, problem, d->layout.error_form);
    } else if (d->layout.null_members) {
        buffer_text(d->out, ",\"error\":null");
    }
    buffer_char(d->out, '}');
    d->opened = true;
}
