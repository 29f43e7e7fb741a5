/*
 * What a table looks like: columns, keys, indexes, remarks, read from an SQLite database.
 */
#ifndef SERVICE_TABLEINFO_H
#define SERVICE_TABLEINFO_H

#include "arena.h"
#include "sample.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

struct column_info {
    const char *name;
    const char *remarks; /* NULL: none */
    struct sample_type type;
    bool nullable;
    bool autoincrement;
    bool generated;
    int key_seq; /* place in the primary key from 1, 0 outside it */
};

/* One column of one index. */
struct index_info {
    const char *index;
    const char *column; /* NULL for an expression */
    int seq;            /* from 1 */
    bool unique;
    bool primary;
    bool descending;
};

/* One column of one foreign key of this table, which points into the same database. */
struct foreign_info {
    const char *key;
    const char *column;
    const char *parent;        /* table */
    const char *parent_column; /* NULL: the parent's primary key column of that seq */
    int seq;                   /* from 1 */
};

struct table_info {
    const char *name;
    const char *remarks; /* NULL: none */
    bool view;
    struct column_info *columns;
    size_t column_count;
    size_t key_count; /* columns in the primary key */
    struct index_info *indexes;
    size_t index_count;
    struct foreign_info *foreign;
    size_t foreign_count;
};

struct table_list {
    struct table_info *tables; /* by name */
    size_t count;
};

/*
 * Reads every table and view of database main. All memory comes from the arena.
 * An SQLite result code.
 */
int tableinfo_read(sqlite3 *db, struct arena *arena, struct table_list *list);

/* Reads the columns of one table (a virtual one too). */
int tableinfo_columns(sqlite3 *db, struct arena *arena, struct table_info *table);

#endif
