/*
 * The connections of the account and the SQLite databases behind them, one file for each
 * (catalog, schema).
 */
#ifndef SERVICE_SOURCES_H
#define SERVICE_SOURCES_H

#include "problem.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

enum source_kind {
    SOURCE_SAMPLE,    /* filled with sample data */
    SOURCE_GENERATED, /* --tables: many small tables of one shape, made when first used */
    SOURCE_VIRTUAL,   /* row generators: no file, tables in database main */
};

struct source {
    const char *catalog;
    const char *schema;
    const char *data_source;
    const char *driver;
    char *own_name; /* catalog and schema of a generated source */
    char *alias;    /* the database's name in SQL: "Catalog.Schema", or "main" for virtual tables */
    char *path;     /* NULL for virtual tables */
    enum source_kind kind;
    bool pass_through;
    unsigned tables; /* generated: how many */
    bool ready;      /* the file is there; guarded by sources.lock */
};

struct sources {
    struct source *items;
    size_t count;
    char *directory;
    bool temporary; /* the directory is ours and goes at the end */
    pthread_mutex_t lock;
};

/*
 * Makes the directory (data NULL: a private temporary one) and the sample databases that are not there yet,
 * and prepares `tables` generated tables. False with the problem set. sources_close is due either way.
 */
bool sources_open(struct sources *s, const char *data, unsigned tables, struct problem *problem);

/* Removes a temporary directory with all that is in it. No connection may be open. */
void sources_close(struct sources *s);

/* Attaches a source's database to the connection under its alias. An SQLite result code. */
int source_attach(struct sources *s, struct source *source, sqlite3 *db);

/* The statement that makes the n-th generated table of a catalog (from 1), and its name. To be freed. */
char *source_generated_ddl(unsigned number);
char *source_generated_name(unsigned number);

#endif
