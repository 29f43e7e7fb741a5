/* Declared types: what a column's declaration in SQLite says in the service's types. See sample.h. */
#include "functions.h"
#include "sample.h"

#include <string.h>
#include <strings.h>

enum { LONGEST_TEXT = 2000, LARGEST_BINARY = 8000 };

/* Names that may be declared; the sizes hold where the declaration gives none. */
static const struct known {
    const char *declared;
    struct sample_type type;
} known[] = {
    {"BINARY", {SERVICE_BINARY, "BINARY", LARGEST_BINARY, 0, 0}},
    {"VARCHAR", {SERVICE_VARCHAR, "VARCHAR", LONGEST_TEXT, 0, 0}},
    {"TINYINT", {SERVICE_TINYINT, "TINYINT", 4, 3, 0}},
    {"SMALLINT", {SERVICE_SMALLINT, "SMALLINT", 6, 5, 0}},
    {"INTEGER", {SERVICE_INTEGER, "INTEGER", 11, 10, 0}},
    {"BIGINT", {SERVICE_BIGINT, "BIGINT", 20, 19, 0}},
    {"FLOAT", {SERVICE_FLOAT, "FLOAT", 24, 15, 0}},
    {"DOUBLE", {SERVICE_DOUBLE, "DOUBLE", 24, 15, 0}},
    {"DECIMALTEXT", {SERVICE_DECIMAL, "DECIMAL", 40, 38, 0}},
    {"NUMERICTEXT", {SERVICE_NUMERIC, "NUMERIC", 40, 38, 0}},
    {"BOOLEAN", {SERVICE_BOOLEAN, "BOOLEAN", 1, 1, 0}},
    {"DATE", {SERVICE_DATE, "DATE", 10, 10, 0}},
    {"TIME", {SERVICE_TIME, "TIME", 16, 16, 7}},
    {"TIMESTAMP", {SERVICE_TIMESTAMP, "TIMESTAMP", 27, 27, 7}},
    {"UUIDTEXT", {SERVICE_UUID, "UUID", 38, 36, 0}},
    {"UUID", {SERVICE_UUID, "UUID", 38, 36, 0}},
    /* what SQLite files declare */
    {"INT", {SERVICE_INTEGER, "INTEGER", 11, 10, 0}},
    {"INT8", {SERVICE_BIGINT, "BIGINT", 20, 19, 0}},
    {"BOOL", {SERVICE_BOOLEAN, "BOOLEAN", 1, 1, 0}},
    {"TEXT", {SERVICE_VARCHAR, "VARCHAR", 65535, 0, 0}},
    {"CLOB", {SERVICE_VARCHAR, "VARCHAR", 65535, 0, 0}},
    {"CHAR", {SERVICE_VARCHAR, "VARCHAR", 1, 0, 0}},
    {"NCHAR", {SERVICE_VARCHAR, "VARCHAR", 1, 0, 0}},
    {"NVARCHAR", {SERVICE_VARCHAR, "VARCHAR", LONGEST_TEXT, 0, 0}},
    {"BLOB", {SERVICE_BINARY, "BINARY", 65535, 0, 0}},
    {"VARBINARY", {SERVICE_BINARY, "BINARY", LARGEST_BINARY, 0, 0}},
    {"REAL", {SERVICE_DOUBLE, "DOUBLE", 24, 15, 0}},
    {"DOUBLE PRECISION", {SERVICE_DOUBLE, "DOUBLE", 24, 15, 0}},
    {"DECIMAL", {SERVICE_DECIMAL, "DECIMAL", 40, 38, 0}},
    {"NUMERIC", {SERVICE_NUMERIC, "NUMERIC", 40, 38, 0}},
    {"DATETIME", {SERVICE_TIMESTAMP, "TIMESTAMP", 27, 27, 7}},
};

/* A number of at most 9 digits at *p, blanks before it skipped; -1: none. */
static int read_number(const char **p)
{
    int value = 0;
    size_t digits = 0;

    *p += strspn(*p, " ");
    for (; **p >= '0' && **p <= '9' && digits < 9; digits++)
        value = value * 10 + (*(*p)++ - '0');
    *p += strspn(*p, " ");
    return digits > 0 ? value : -1;
}

/* (n) and (p,s) after the name. */
static void apply_sizes(const char *p, struct sample_type *out)
{
    int first;
    int second = 0;

    if (*p != '(')
        return;
    p++;
    first = read_number(&p);
    if (*p == ',') {
        p++;
        second = read_number(&p);
    }
    if (*p != ')' || first < 1 || second < 0)
        return;
    if (out->code == SERVICE_VARCHAR || out->code == SERVICE_BINARY) {
        out->length = first;
    } else if (out->code == SERVICE_DECIMAL || out->code == SERVICE_NUMERIC) {
        out->precision = first;
        out->scale = second;
        out->length = first + 2; /* sign and point */
    } else if ((out->code == SERVICE_TIME || out->code == SERVICE_TIMESTAMP) && first <= 9) {
        /* HH:mm:ss and yyyy-MM-ddTHH:mm:ss, then the point and the fraction */
        out->scale = first;
        out->length = out->precision = (out->code == SERVICE_TIME ? 9 : 20) + first;
    }
}

bool sample_type_parse(const char *decltype, struct sample_type *out)
{
    size_t length = decltype ? strcspn(decltype, "(") : 0;

    *out = (struct sample_type){SERVICE_VARCHAR, "VARCHAR", LONGEST_TEXT, 0, 0};
    while (length > 0 && decltype[length - 1] == ' ')
        length--;
    for (size_t i = 0; length > 0 && i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].declared) != length || strncasecmp(known[i].declared, decltype, length) != 0)
            continue;
        *out = known[i].type;
        apply_sizes(decltype + strcspn(decltype, "("), out);
        return true;
    }
    return false;
}
