/*
 * Row generators: the tables of [Bench].[Bench], endless and the same every time.
 */
#ifndef SERVICE_BENCH_H
#define SERVICE_BENCH_H

#include <sqlite3.h>
#include <stddef.h>

/* Registers the tables with a connection, as tables of database main. An SQLite result code. */
int bench_register(sqlite3 *db);

/* The name of the index-th table in order of name, NULL past the last. */
const char *bench_table(size_t index);
const char *bench_remarks(size_t index);

#endif
