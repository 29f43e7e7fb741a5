/* The sample's pass-through source: an SQLite file as its owner would have made it. */
#include "sample_loader.h"

#include <stddef.h>

static const char *const schema[] = {
    "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL, stock INT DEFAULT 0,"
    " added DATETIME, picture BLOB, code CHAR(4))",
    "CREATE INDEX items_name ON items(name)",
    NULL,
};

static const struct remark remarks[] = {
    {"items", "", "Things in the store"},
    {NULL, NULL, NULL},
};

static void fill(struct loader *loader)
{
    loader_into(loader, "INSERT INTO items (name, price, stock, added, code) VALUES (?,?,?,?,?)");
    for (int i = 0; i < 10; i++)
        loader_row(loader, "sdiss", sample_text("item %d", i).text, i * 1.25, i * 3,
                   sample_text("%.10s 08:00:00", sample_date(i).text).text, sample_text("C%03d", i).text);
}

const struct sample_tables sample_sqlite = {schema, fill, remarks};
