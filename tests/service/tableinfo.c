/*
 * Owns the reading of a database's catalogue through SQLite's pragmas.
 * Knows nothing of catalogs, workspaces or requests.
 */
#include "tableinfo.h"

#include <stdint.h>
#include <string.h>

/* A statement with the table's name bound to ?1. */
static int open_for(sqlite3 *db, const char *sql, const char *name, sqlite3_stmt **stmt)
{
    int rc = sqlite3_prepare_v2(db, sql, -1, stmt, NULL);

    return rc == SQLITE_OK ? sqlite3_bind_text(*stmt, 1, name, -1, SQLITE_STATIC) : rc;
}

/* The number a counting statement gives for the table; -1 when it fails. */
static int64_t count_for(sqlite3 *db, const char *sql, const char *name)
{
    sqlite3_stmt *stmt = NULL;
    int64_t count = -1;

    if (open_for(db, sql, name, &stmt) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
        count = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return count;
}

static const char *keep(struct arena *arena, sqlite3_stmt *stmt, int column)
{
    return arena_text(arena, (const char *)sqlite3_column_text(stmt, column));
}

/* Makes room for as many elements as the statement counts. */
static int make_room(sqlite3 *db, struct arena *arena, const char *count_sql, const char *name, size_t size,
                     void **array, int64_t *room)
{
    *room = count_for(db, count_sql, name);
    if (*room < 0)
        return sqlite3_errcode(db) != SQLITE_OK ? sqlite3_errcode(db) : SQLITE_ERROR;
    *array = arena_get(arena, (size_t)(*room + 1) * size);
    return *array != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

/* Runs the statement once and gives a type to the columns that were declared with none. */
static void guess_view_types(sqlite3 *db, struct table_info *table)
{
    sqlite3_stmt *stmt = NULL;
    char *sql = sqlite3_mprintf("SELECT * FROM main.\"%w\" LIMIT 1", table->name);

    if (sql != NULL && sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW) {
        for (size_t i = 0; i < table->column_count && (int)i < sqlite3_column_count(stmt); i++) {
            int stored = sqlite3_column_type(stmt, (int)i);
            if (sqlite3_column_decltype(stmt, (int)i) == NULL)
                sample_type_parse(stored == SQLITE_INTEGER ? "BIGINT"
                                  : stored == SQLITE_FLOAT ? "DOUBLE"
                                  : stored == SQLITE_BLOB  ? "BINARY"
                                                           : "VARCHAR(2000)",
                                  &table->columns[i].type);
        }
    }
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
}

int tableinfo_columns(sqlite3 *db, struct arena *arena, struct table_info *table)
{
    enum { NAME, TYPE, NOT_NULL, KEY, HIDDEN };
    sqlite3_stmt *stmt = NULL;
    void *room_for = NULL;
    int64_t room;
    bool untyped = false;
    int rc = make_room(db, arena, "SELECT count(*) FROM pragma_table_xinfo(?1)", table->name,
                       sizeof *table->columns, &room_for, &room);

    table->columns = room_for;
    if (rc == SQLITE_OK)
        rc = open_for(db, "SELECT name, type, \"notnull\", pk, hidden FROM pragma_table_xinfo(?1)",
                      table->name, &stmt);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct column_info *c = &table->columns[table->column_count];
        int autoincrement = 0;
        rc = SQLITE_OK;
        if ((int64_t)table->column_count == room || sqlite3_column_int(stmt, HIDDEN) == 1)
            continue; /* a hidden column of a virtual table */
        c->name = keep(arena, stmt, NAME);
        if (c->name == NULL) {
            rc = SQLITE_NOMEM;
            break;
        }
        untyped |= !sample_type_parse((const char *)sqlite3_column_text(stmt, TYPE), &c->type);
        c->key_seq = sqlite3_column_int(stmt, KEY);
        c->nullable = sqlite3_column_int(stmt, NOT_NULL) == 0 && c->key_seq == 0;
        c->generated = sqlite3_column_int(stmt, HIDDEN) >= 2;
        table->key_count += c->key_seq != 0;
        if (!table->view && sqlite3_table_column_metadata(db, "main", table->name, c->name, NULL, NULL, NULL,
                                                          NULL, &autoincrement) == SQLITE_OK)
            c->autoincrement = autoincrement != 0;
        table->column_count++;
    }
    sqlite3_finalize(stmt);
    if (rc == SQLITE_DONE && untyped && table->view)
        guess_view_types(db, table);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* A key on the rowid has no index of its own in SQLite, yet it is one to every reader. */
static void add_rowid_index(struct arena *arena, struct table_info *table, const char *name)
{
    for (size_t i = 0; i < table->index_count; i++)
        if (table->indexes[i].primary)
            return;
    for (size_t i = 0; i < table->column_count && table->key_count == 1; i++)
        if (table->columns[i].key_seq != 0) {
            table->indexes[table->index_count++] = (struct index_info){.index = arena_text(arena, name),
                                                                       .column = table->columns[i].name,
                                                                       .seq = 1,
                                                                       .unique = true,
                                                                       .primary = true};
            return;
        }
}

static int read_indexes(sqlite3 *db, struct arena *arena, struct table_info *table)
{
    enum { INDEX, UNIQUE, ORIGIN, SEQ, COLUMN, DESCENDING, LIST_SEQ };
    static const char joined[] = " FROM pragma_index_list(?1) l, pragma_index_xinfo(l.name) x WHERE x.key";
    sqlite3_stmt *stmt = NULL;
    void *room_for = NULL;
    int64_t room;
    char *count = sqlite3_mprintf("SELECT count(*)%s", joined);
    char *select =
        sqlite3_mprintf("SELECT l.name, l.\"unique\", l.origin, x.seqno, x.name, x.\"desc\", l.seq%s"
                        " ORDER BY l.seq, x.seqno",
                        joined);
    char *primary = sqlite3_mprintf("PK_%s", table->name);
    int rc = count == NULL || select == NULL || primary == NULL
                 ? SQLITE_NOMEM
                 : make_room(db, arena, count, table->name, sizeof *table->indexes, &room_for, &room);

    table->indexes = room_for;
    if (rc == SQLITE_OK)
        rc = open_for(db, select, table->name, &stmt);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct index_info *x = &table->indexes[table->index_count];
        const char *origin = (const char *)sqlite3_column_text(stmt, ORIGIN);
        rc = SQLITE_OK;
        if ((int64_t)table->index_count++ == room || origin == NULL)
            break;
        x->primary = strcmp(origin, "pk") == 0;
        x->unique = sqlite3_column_int(stmt, UNIQUE) != 0;
        x->seq = sqlite3_column_int(stmt, SEQ) + 1;
        x->column = keep(arena, stmt, COLUMN);
        x->descending = sqlite3_column_int(stmt, DESCENDING) != 0;
        char *name = x->primary ? sqlite3_mprintf("%s", primary)
                     : *origin == 'u'
                         ? sqlite3_mprintf("UQ_%s_%d", table->name, sqlite3_column_int(stmt, LIST_SEQ))
                         : sqlite3_mprintf("%s", sqlite3_column_text(stmt, INDEX));
        x->index = arena_text(arena, name);
        sqlite3_free(name);
        if (x->index == NULL)
            rc = SQLITE_NOMEM;
    }
    sqlite3_finalize(stmt);
    if (rc == SQLITE_DONE)
        add_rowid_index(arena, table, primary);
    sqlite3_free(count);
    sqlite3_free(select);
    sqlite3_free(primary);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int read_foreign_keys(sqlite3 *db, struct arena *arena, struct table_info *table)
{
    enum { ID, SEQ, PARENT, FROM, TO };
    sqlite3_stmt *stmt = NULL;
    void *room_for = NULL;
    int64_t room;
    int rc = make_room(db, arena, "SELECT count(*) FROM pragma_foreign_key_list(?1)", table->name,
                       sizeof *table->foreign, &room_for, &room);

    table->foreign = room_for;
    if (rc == SQLITE_OK)
        rc = open_for(db,
                      "SELECT id, seq, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1)"
                      " ORDER BY id DESC, seq",
                      table->name, &stmt);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct foreign_info *f = &table->foreign[table->foreign_count];
        rc = SQLITE_OK;
        if ((int64_t)table->foreign_count++ == room)
            break;
        f->seq = sqlite3_column_int(stmt, SEQ) + 1;
        f->parent = keep(arena, stmt, PARENT);
        f->column = keep(arena, stmt, FROM);
        f->parent_column = keep(arena, stmt, TO);
        char *name = sqlite3_mprintf("FK_%s_%s_%d", table->name, f->parent, sqlite3_column_int(stmt, ID));
        f->key = arena_text(arena, name);
        sqlite3_free(name);
        if (f->parent == NULL || f->column == NULL || f->key == NULL)
            rc = SQLITE_NOMEM;
    }
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Remarks are data of the sample; a database without the table has none. */
static void read_remarks(sqlite3 *db, struct arena *arena, struct table_info *table)
{
    sqlite3_stmt *stmt = NULL;

    if (open_for(db, "SELECT column_name, remarks FROM " SAMPLE_REMARKS " WHERE table_name = ?1", table->name,
                 &stmt) == SQLITE_OK)
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            const char *column = (const char *)sqlite3_column_text(stmt, 0);
            if (column == NULL || *column == '\0')
                table->remarks = keep(arena, stmt, 1);
            for (size_t i = 0; column != NULL && i < table->column_count; i++)
                if (strcmp(table->columns[i].name, column) == 0)
                    table->columns[i].remarks = keep(arena, stmt, 1);
        }
    sqlite3_finalize(stmt);
}

static int read_table(sqlite3 *db, struct arena *arena, struct table_info *table)
{
    int rc = tableinfo_columns(db, arena, table);

    if (table->view) { /* one that no longer compiles is still listed */
        read_remarks(db, arena, table);
        return rc == SQLITE_NOMEM ? rc : SQLITE_OK;
    }
    if (rc == SQLITE_OK)
        rc = read_indexes(db, arena, table);
    if (rc == SQLITE_OK)
        rc = read_foreign_keys(db, arena, table);
    if (rc == SQLITE_OK)
        read_remarks(db, arena, table);
    return rc;
}

int tableinfo_read(sqlite3 *db, struct arena *arena, struct table_list *list)
{
    static const char from[] = " FROM main.sqlite_schema WHERE type IN ('table', 'view')"
                               " AND substr(name, 1, 7) <> 'sqlite_' AND substr(name, 1, 8) <> '_remarks'"
                               " AND ?1 IS NOT NULL";
    sqlite3_stmt *stmt = NULL;
    void *room_for = NULL;
    int64_t room;
    char *count = sqlite3_mprintf("SELECT count(*)%s", from);
    char *select = sqlite3_mprintf("SELECT name, type = 'view'%s ORDER BY name COLLATE NOCASE", from);
    int rc = count == NULL || select == NULL
                 ? SQLITE_NOMEM
                 : make_room(db, arena, count, "", sizeof *list->tables, &room_for, &room);

    list->tables = room_for;
    list->count = 0;
    if (rc == SQLITE_OK)
        rc = open_for(db, select, "", &stmt);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW && (int64_t)list->count < room) {
        struct table_info *table = &list->tables[list->count++];
        table->name = keep(arena, stmt, 0);
        table->view = sqlite3_column_int(stmt, 1) != 0;
        rc = table->name != NULL ? SQLITE_OK : SQLITE_NOMEM;
    }
    sqlite3_finalize(stmt);
    rc = rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
    for (size_t i = 0; rc == SQLITE_OK && i < list->count; i++)
        rc = read_table(db, arena, &list->tables[i]);
    sqlite3_free(count);
    sqlite3_free(select);
    return rc;
}
