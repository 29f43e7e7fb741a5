/* The sample's PostgreSQL: tables to write to, with generated keys, defaults, unique and composite keys. */
#include "sample_loader.h"

#include <stddef.h>

enum { CUSTOMERS = 25, ORDERS = 40 };

static const char *const schema[] = {
    "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(100) NOT NULL,"
    " email VARCHAR(200), active BOOLEAN NOT NULL DEFAULT 1, balance DECIMALTEXT(12,2) DEFAULT '0.00' "
    "COLLATE DECIMAL,"
    " created_at TIMESTAMP DEFAULT '2024-01-01T00:00:00Z' COLLATE MOMENT,"
    " label VARCHAR(310) GENERATED ALWAYS AS (name || ' <' || COALESCE(email, '') || '>') VIRTUAL)",
    "CREATE UNIQUE INDEX customers_email_key ON customers(email)",
    "CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL "
    "REFERENCES"
    " customers(id) ON DELETE CASCADE, ordered_on DATE NOT NULL COLLATE MOMENT, status VARCHAR(20) NOT NULL "
    "DEFAULT"
    " 'open', total DECIMALTEXT(12,2) COLLATE DECIMAL, note VARCHAR(4000))",
    "CREATE INDEX orders_customer ON orders(customer_id)",
    "CREATE TABLE order_items (order_id INTEGER NOT NULL REFERENCES orders(id) ON DELETE CASCADE, line_no "
    "SMALLINT"
    " NOT NULL, product VARCHAR(80) NOT NULL, quantity INTEGER NOT NULL DEFAULT 1, price DOUBLE NOT NULL,"
    " amount DOUBLE GENERATED ALWAYS AS (quantity * price) STORED, PRIMARY KEY (order_id, line_no))",
    "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, title VARCHAR(200) NOT NULL,"
    " body VARCHAR(1000000), tags VARCHAR(100), attachment BINARY(1000000), written_at TIMESTAMP COLLATE "
    "MOMENT,"
    " uid UUIDTEXT COLLATE GUID)",
    "CREATE TABLE settings (name VARCHAR(50) NOT NULL PRIMARY KEY, value VARCHAR(400))",
    "CREATE VIEW open_orders AS SELECT o.id, c.name AS customer, o.ordered_on, o.total FROM orders o JOIN "
    "customers c"
    " ON c.id = o.customer_id WHERE o.status = 'open'",
    NULL,
};

static const struct remark remarks[] = {
    {"customers", "", "People who buy"},
    {"customers", "id", "Given by the database"},
    {"customers", "label", "Computed from name and email"},
    {"orders", "", "What was ordered, when and by whom"},
    {"order_items", "", "Lines of an order"},
    {"order_items", "amount", "quantity times price, computed"},
    {"notes", "", "Free text"},
    {NULL, NULL, NULL},
};

static void fill(struct loader *loader)
{
    static const char *const statuses[] = {"open", "paid", "shipped"};

    loader_into(loader,
                "INSERT INTO customers (name, email, active, balance, created_at) VALUES (?,?,?,?,?)");
    for (int i = 0; i < CUSTOMERS; i++)
        loader_row(loader, "ssiss", sample_text("Customer %02d", i + 1).text,
                   i % 8 ? sample_text("c%d@shop.example", i + 1).text : NULL, i % 5 != 0,
                   sample_text("%s%d.%02d", i % 6 ? "" : "-", i * 13, i * 7 % 100).text,
                   sample_timestamp(1000 + i, i * 1000).text);
    loader_into(loader,
                "INSERT INTO orders (customer_id, ordered_on, status, total, note) VALUES (?,?,?,?,?)");
    for (int i = 0; i < ORDERS; i++)
        loader_row(loader, "issss", i % CUSTOMERS + 1, sample_date(1100 + i * 3).text, statuses[i % 3],
                   sample_text("%d.%02d", 20 + i * 11, i).text, i % 4 ? NULL : "deliver to the back door");
    loader_into(loader,
                "INSERT INTO order_items (order_id, line_no, product, quantity, price) VALUES (?,?,?,?,?)");
    for (int i = 0; i < 2 * ORDERS; i++)
        loader_row(loader, "iisid", i / 2 + 1, i % 2 + 1, sample_text("Product %c", 'A' + i % 12).text,
                   1 + i % 5, 0.25 + i);
    loader_into(loader, "INSERT INTO notes (title, body, tags, written_at) VALUES (?,?,?,?)");
    for (int i = 0; i < 5; i++)
        loader_row(loader, "ssss", sample_text("Note %d", i + 1).text, i ? "Some text" : NULL,
                   i % 2 ? "a,b" : NULL, sample_timestamp(1400 + i, 3600).text);
    loader_into(loader, "INSERT INTO settings VALUES (?,?)");
    loader_row(loader, "ss", "theme", "dark");
    loader_row(loader, "ss", "language", "de");
}

const struct sample_tables sample_postgresql = {schema, fill, remarks};
