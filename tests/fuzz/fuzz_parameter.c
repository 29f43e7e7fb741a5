/* Feeds the writers of parameter values with any octets in any pair of types, and checks what must hold for
 * every value:
 * - what is written is one JSON value, which json-c reads to its end, and it is not NULL;
 * - a value that is refused leaves the buffer as it was;
 * - nothing outside of the application's buffer is read: it has no octet more than the type and the length
 * say. */
#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "data/parameter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const SQLSMALLINT c_types[] = {
    SQL_C_CHAR,
    SQL_C_WCHAR,
    SQL_C_BINARY,
    SQL_C_BIT,
    SQL_C_STINYINT,
    SQL_C_UTINYINT,
    SQL_C_SSHORT,
    SQL_C_USHORT,
    SQL_C_SLONG,
    SQL_C_ULONG,
    SQL_C_SBIGINT,
    SQL_C_UBIGINT,
    SQL_C_FLOAT,
    SQL_C_DOUBLE,
    SQL_C_NUMERIC,
    SQL_C_TYPE_DATE,
    SQL_C_TYPE_TIME,
    SQL_C_TYPE_TIMESTAMP,
    SQL_C_GUID,
    SQL_C_INTERVAL_YEAR,
    SQL_C_INTERVAL_MONTH,
    SQL_C_INTERVAL_DAY,
    SQL_C_INTERVAL_SECOND,
    SQL_C_INTERVAL_YEAR_TO_MONTH,
    SQL_C_INTERVAL_DAY_TO_SECOND,
    SQL_C_INTERVAL_MINUTE_TO_SECOND,
};

static const SQLSMALLINT sql_types[] = {
    SQL_CHAR,
    SQL_WVARCHAR,
    SQL_TINYINT,
    SQL_SMALLINT,
    SQL_INTEGER,
    SQL_BIGINT,
    SQL_REAL,
    SQL_FLOAT,
    SQL_DOUBLE,
    SQL_DECIMAL,
    SQL_NUMERIC,
    SQL_BIT,
    SQL_VARBINARY,
    SQL_TYPE_DATE,
    SQL_TYPE_TIME,
    SQL_TYPE_TIMESTAMP,
    SQL_GUID,
    SQL_INTERVAL_DAY,
    SQL_INTERVAL_YEAR_TO_MONTH,
    SQL_INTERVAL_DAY_TO_SECOND,
    SQL_UNKNOWN_TYPE,
};

enum { HEAD = 7 }; /* octets that choose types and sizes */

static void require(int holds)
{
    if (!holds)
        abort();
}

/* One JSON value and nothing behind it. */
static void check_json(const char *text, size_t octets)
{
    json_tokener *tokener = json_tokener_new();
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    json_object *value = json_tokener_parse_ex(tokener, text, (int)octets + 1);
    require(json_tokener_get_error(tokener) == json_tokener_success && value != NULL);
    require(json_tokener_get_parse_end(tokener) == octets);
    json_object_put(value);
    json_tokener_free(tokener);
}

static void check(const struct ca_parameter *parameter, const void *value, SQLLEN length)
{
    static const char before[] = "[";
    struct ca_buffer json = CA_BUFFER_INIT((size_t)1 << 24);
    ca_buffer_add_text(&json, before);
    enum ca_conversion result = ca_parameter_write(&json, parameter, value, length);
    if (result < CA_CONVERT_FIRST_ERROR)
        check_json(json.data + 1, json.length - 1);
    else
        require(json.length == 1 && strcmp(json.data, before) == 0);
    ca_buffer_free(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD)
        return 0;
    struct ca_parameter parameter = {.c_type = c_types[data[0] % (sizeof c_types / sizeof *c_types)],
                                     .sql_type = sql_types[data[1] % (sizeof sql_types / sizeof *sql_types)],
                                     .column_size = data[2] == 0xFF ? 0 : data[2],
                                     .decimal_digits = (int8_t)data[3],
                                     .precision = (int8_t)data[4],
                                     .scale = (int8_t)data[5]};
    bool terminated = data[6] & 1;
    SQLLEN fixed = ca_c_type_octets(parameter.c_type);
    data += HEAD;
    size -= HEAD;
    size_t wanted = fixed > 0 ? (size_t)fixed : size + (terminated ? sizeof(ca_wide) + size % 2 : 0);
    /* At an odd address, as in packed rows; what the input lacks is zero. */
    char *memory = calloc(1, wanted + 1);
    if (!memory)
        return 0;
    memcpy(memory + 1, data, size < wanted ? size : wanted);
    if (terminated && fixed <= 0 && parameter.c_type != SQL_C_BINARY)
        check(&parameter, memory + 1, SQL_NTS);
    else
        check(&parameter, memory + 1, (SQLLEN)size);
    free(memory);
    return 0;
}
