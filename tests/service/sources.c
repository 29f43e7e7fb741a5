/*
 * Owns the directory of databases: where it is, which files are in it, how they come to be.
 * Knows nothing of HTTP, of requests, or of what the tables mean.
 */
#include "sources.h"

#include "functions.h"
#include "sample.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TABLES_A_CATALOG = 100, ROWS_A_GENERATED_TABLE = 3 };

/* A private directory, in memory where the system has such a place. */
static char *temporary_directory(void)
{
    const char *fallback = getenv("TMPDIR");
    const char *const places[] = {"/dev/shm", fallback != NULL && *fallback != '\0' ? fallback : "/tmp"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char *name = string_format("%s/connectai-local-XXXXXX", places[i]);
        if (name != NULL && mkdtemp(name) != NULL)
            return name;
        free(name);
    }
    return NULL;
}

/* "Wide Names.Odd Schema" → DIRECTORY/Wide%20Names.Odd%20Schema.db */
static char *database_path(const char *directory, const char *alias, unsigned tables)
{
    struct buffer path = {0};

    buffer_format(&path, "%s/", directory);
    for (const char *p = alias; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.';
        buffer_format(&path, plain ? "%c" : "%%%02X", c);
    }
    if (tables != 0) /* a kept directory may see another --tables next time */
        buffer_format(&path, ".%u", tables);
    buffer_text(&path, ".db");
    return buffer_take(&path);
}

char *source_generated_name(unsigned number)
{
    return string_format("Table%03u", number);
}

char *source_generated_ddl(unsigned number)
{
    return string_format("CREATE TABLE Table%03u(Id INTEGER NOT NULL PRIMARY KEY, Name VARCHAR(80) NOT NULL,"
                         " Amount DECIMALTEXT(18,4) COLLATE DECIMAL, Active BOOLEAN, Created TIMESTAMP,"
                         " Notes VARCHAR(2000))",
                         number);
}

static int fill_generated(sqlite3 *db, const struct source *source)
{
    int rc = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);

    for (unsigned i = 1; rc == SQLITE_OK && i <= source->tables; i++) {
        char *ddl = source_generated_ddl(i);
        char *rows = string_format("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT %d)"
                                   " INSERT INTO Table%03u SELECT i, 'Row ' || i || ' of table %u',"
                                   " i || '.2500', i %% 2, '2024-01-0' || i || 'T08:00:00Z', NULL FROM n",
                                   ROWS_A_GENERATED_TABLE, i, i);
        rc = ddl == NULL || rows == NULL ? SQLITE_NOMEM : sqlite3_exec(db, ddl, NULL, NULL, NULL);
        if (rc == SQLITE_OK)
            rc = sqlite3_exec(db, rows, NULL, NULL, NULL);
        free(ddl);
        free(rows);
    }
    return rc == SQLITE_OK ? sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) : rc;
}

/* Makes the database under another name first, so that a kept directory never holds half of one. */
static int make_database(const struct source *source)
{
    sqlite3 *db = NULL;
    char *unfinished = string_format("%s.new", source->path);
    int rc = SQLITE_NOMEM;

    if (unfinished == NULL)
        goto out;
    unlink(unfinished);
    rc = sqlite3_open_v2(unfinished, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                         NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = functions_register(db);
    if (rc == SQLITE_OK)
        rc = source->kind == SOURCE_GENERATED ? fill_generated(db, source)
                                              : sample_fill(db, source->catalog, source->schema);
    /* WAL lets readers go on while one writes; the mode stays with the file. */
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        fprintf(stderr, "connectai-local: %s: %s\n", source->alias, sqlite3_errmsg(db));
    int closed = sqlite3_close(db);
    db = NULL;
    if (rc == SQLITE_OK)
        rc = closed;
    if (rc == SQLITE_OK && rename(unfinished, source->path) != 0)
        rc = SQLITE_CANTOPEN;
out:
    sqlite3_close(db);
    free(unfinished);
    return rc;
}

/* Makes the file if it is not there; one thread at a time. */
static int ensure_database(struct sources *s, struct source *source)
{
    int rc = SQLITE_OK;

    pthread_mutex_lock(&s->lock);
    if (!source->ready && access(source->path, R_OK | W_OK) != 0)
        rc = make_database(source);
    source->ready = rc == SQLITE_OK;
    pthread_mutex_unlock(&s->lock);
    return rc;
}

int source_attach(struct sources *s, struct source *source, sqlite3 *db)
{
    sqlite3_stmt *attach = NULL;
    int rc = ensure_database(s, source);

    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, "ATTACH ?1 AS ?2", -1, &attach, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(attach, 1, source->path, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(attach, 2, source->alias, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(attach) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(db);
    sqlite3_finalize(attach);
    if (rc != SQLITE_OK)
        return rc;
    /* Data in memory needs no fsync; kept data survives the program, if not the machine. */
    char *pragma =
        sqlite3_mprintf("PRAGMA \"%w\".synchronous=%s", source->alias, s->temporary ? "OFF" : "NORMAL");
    rc = pragma != NULL ? sqlite3_exec(db, pragma, NULL, NULL, NULL) : SQLITE_NOMEM;
    sqlite3_free(pragma);
    return rc;
}

static bool add_source(struct sources *s, struct source source)
{
    struct source *place = &s->items[s->count];

    *place = source;
    s->count++;
    place->alias = source.kind == SOURCE_VIRTUAL ? strdup("main")
                                                 : string_format("%s.%s", source.catalog, source.schema);
    if (place->alias == NULL || source.kind == SOURCE_VIRTUAL)
        return place->alias != NULL;
    place->path = database_path(s->directory, place->alias, source.tables);
    return place->path != NULL;
}

static bool add_generated(struct sources *s, unsigned tables)
{
    for (unsigned number = 1; tables > 0; number++) {
        unsigned here = tables < TABLES_A_CATALOG ? tables : TABLES_A_CATALOG;
        char *name = string_format("Many%02u", number);
        if (name == NULL || !add_source(s, (struct source){.own_name = name,
                                                           .catalog = name,
                                                           .schema = name,
                                                           .data_source = "Generated",
                                                           .driver = "Generated",
                                                           .kind = SOURCE_GENERATED,
                                                           .tables = here}))
            return false;
        tables -= here;
    }
    return true;
}

static bool make_directory(struct sources *s, const char *data, struct problem *problem)
{
    s->temporary = data == NULL;
    if (data == NULL) {
        s->directory = temporary_directory();
    } else if (mkdir(data, 0700) == 0 || errno == EEXIST) {
        s->directory = realpath(data, NULL);
    }
    if (s->directory == NULL)
        problem_set(problem, PROBLEM_INVALID_REQUEST, "cannot make the data directory %s: %s",
                    data != NULL ? data : "", strerror(errno));
    return s->directory != NULL;
}

bool sources_open(struct sources *s, const char *data, unsigned tables, struct problem *problem)
{
    size_t count;
    const struct sample_source *samples = sample_sources(&count);
    size_t generated = (tables + TABLES_A_CATALOG - 1) / TABLES_A_CATALOG;

    *s = (struct sources){.items = calloc(count + generated, sizeof *s->items)};
    pthread_mutex_init(&s->lock, NULL);
    if (!make_directory(s, data, problem))
        return false;
    bool fine = s->items != NULL;
    for (size_t i = 0; fine && i < count; i++)
        fine =
            add_source(s, (struct source){.catalog = samples[i].catalog,
                                          .schema = samples[i].schema,
                                          .data_source = samples[i].data_source,
                                          .driver = samples[i].driver,
                                          .pass_through = samples[i].pass_through,
                                          .kind = strcmp(samples[i].catalog, "Bench") == 0 ? SOURCE_VIRTUAL
                                                                                           : SOURCE_SAMPLE});
    if (!fine || !add_generated(s, tables)) {
        problem_no_memory(problem);
        return false;
    }
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i].kind == SOURCE_SAMPLE && ensure_database(s, &s->items[i]) != SQLITE_OK) {
            problem_set(problem, PROBLEM_INVALID_REQUEST, "cannot make the database %s", s->items[i].path);
            return false;
        }
    return true;
}

static void remove_directory(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;

    if (directory == NULL)
        return;
    while ((entry = readdir(directory)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    rmdir(path);
}

void sources_close(struct sources *s)
{
    if (s->temporary && s->directory != NULL)
        remove_directory(s->directory);
    for (size_t i = 0; i < s->count; i++) {
        free(s->items[i].own_name);
        free(s->items[i].alias);
        free(s->items[i].path);
    }
    free(s->items);
    free(s->directory);
    pthread_mutex_destroy(&s->lock);
    *s = (struct sources){0};
}
