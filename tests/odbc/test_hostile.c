/*
 * Proves connection strings that mean no good: of any length, of any octets, with numbers out of range; and
 * data sources that are files. Whatever is given, a call ends with a SQLSTATE that says what is wrong, and
 * the next connection works.
 */
#include "harness.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* `count` times `piece`, between `before` and `after`. */
static char *repeat(const char *before, const char *piece, size_t count, const char *after)
{
    size_t head = strlen(before), each = strlen(piece), tail = strlen(after);
    char *text = malloc(head + each * count + tail + 1), *at = text;

    assert_non_null(text);
    memcpy(at, before, head);
    at += head;
    for (size_t i = 0; i < count; i++, at += each)
        memcpy(at, piece, each);
    memcpy(at, after, tail + 1);
    return text;
}

static void expect_still_works(struct harness *h)
{
    struct session s;

    session_open(h, &s, NULL);
    expect_usable(s.stmt);
    session_close(&s);
}

/* ---- length ---- */

/* The driver without its manager, which needs minutes for such strings. */
struct driver {
    SQLRETURN (*alloc)(SQLSMALLINT, SQLHANDLE, SQLHANDLE *);
    SQLRETURN (*release)(SQLSMALLINT, SQLHANDLE);
    SQLRETURN(*connect)
    (SQLHDBC, SQLHWND, SQLCHAR *, SQLSMALLINT, SQLCHAR *, SQLSMALLINT, SQLSMALLINT *, SQLUSMALLINT);
    SQLRETURN(*connect_wide)
    (SQLHDBC, SQLHWND, SQLWCHAR *, SQLSMALLINT, SQLWCHAR *, SQLSMALLINT, SQLSMALLINT *, SQLUSMALLINT);
    SQLRETURN (*disconnect)(SQLHDBC);
    SQLRETURN(*record)
    (SQLSMALLINT, SQLHANDLE, SQLSMALLINT, SQLCHAR *, SQLINTEGER *, SQLCHAR *, SQLSMALLINT, SQLSMALLINT *);
};

/* It stays loaded: managers do not unload drivers. */
static struct driver open_driver(const struct harness *h)
{
    void *library = dlopen(h->driver, RTLD_NOW | RTLD_LOCAL);

    assert_non_null(library);
    return (struct driver){.alloc = dlsym(library, "SQLAllocHandle"),
                           .release = dlsym(library, "SQLFreeHandle"),
                           .connect = dlsym(library, "SQLDriverConnect"),
                           .connect_wide = dlsym(library, "SQLDriverConnectW"),
                           .disconnect = dlsym(library, "SQLDisconnect"),
                           .record = dlsym(library, "SQLGetDiagRec")};
}

/* Connects and ends; the letter of the outcome. `state`: of the first record. */
static char connect_directly(const struct driver *driver, const char *text, bool wide, char state[6])
{
    SQLHANDLE env = NULL, dbc = NULL;
    SQLCHAR completed[64], message[200];
    SQLWCHAR wide_completed[64], *wide_text = wide_from(text);

    assert_int_equal(driver->alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env), SQL_SUCCESS);
    assert_int_equal(driver->alloc(SQL_HANDLE_DBC, env, &dbc), SQL_SUCCESS);
    SQLRETURN code = wide ? driver->connect_wide(dbc, NULL, wide_text, SQL_NTS, wide_completed, 64, NULL,
                                                 SQL_DRIVER_NOPROMPT)
                          : driver->connect(dbc, NULL, (SQLCHAR *)(uintptr_t)text, SQL_NTS, completed, 64,
                                            NULL, SQL_DRIVER_NOPROMPT);
    state[0] = '\0';
    driver->record(SQL_HANDLE_DBC, dbc, 1, (SQLCHAR *)state, NULL, message, sizeof message, NULL);
    if (SQL_SUCCEEDED(code))
        assert_int_equal(driver->disconnect(dbc), SQL_SUCCESS);
    assert_int_equal(driver->release(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
    assert_int_equal(driver->release(SQL_HANDLE_ENV, env), SQL_SUCCESS);
    free(wide_text);
    return return_letter(code);
}

/* Where the letters are a choice, the service or the system has a say in what such a value means. */
static void long_strings(void **state)
{
    static const struct {
        const char *before, *piece;
        size_t count;
        const char *after, *letters, *state;
    } cases[] = {
        {"DSN=CA;", ";", 300000, "", "S", NULL},
        {"DSN=CA;", "=;", 20000, "", "I", "01S00"},
        {"DSN=CA;", "Unknown=1;", 20000, "", "I", "01S00"},
        {"DSN=CA;", "PWD=" HARNESS_TOKEN ";", 5000, "", "S", NULL},
        {"DSN=CA;", " ", 300000, "", "S", NULL},
        {"DSN=CA;", "n", 300000, "=1", "I", "01S00"},
        {"DSN=CA;Unknown={", "}}", 100000, "}", "I", "01S00"},
        {"DSN=CA;Unknown={", "}}", 100000, "", "I", "01S00"},
        {"DSN=CA;Unknown={", "{", 100000, "", "I", "01S00"},
        {"DSN=CA;PWD=", "x", 300000, "", "E", NULL},
        {"DSN=CA;UID=", "x", 300000, "", "E", NULL},
        {"DSN=CA;UID=", "x:", 100000, "", "E", NULL},
        {"DSN=CA;Workspace=", "w%", 3000, "", "SIE", NULL},
        {"DSN=CA;UID=a@b.example;Workspace=", "w", 2000000, "", "E", "HY000"},
        {"DSN=CA;DefaultCatalog=", "c", 300000, "", "I", "01004"},
        {"DSN=CA;DefaultCatalog=", "\xF0\x9F\x98\x80", 50000, "", "I", "01004"},
        {"DSN=CA;DefaultCatalog=", "\xFF", 50000, "", "I", "01004"},
        {"DSN=CA;Logfile=/", "l", 300000, "", "I", "01000"},
        {"DSN=CA;Logfile=", "/..", 100000, "/x", "I", "01000"},
        {"DSN=CA;TrustStore=/", "t", 300000, "", "E", "08001"},
        {"DSN=CA;SSLServerCert=sha256//", "t", 300000, "", "E", "HY024"},
        {"DSN=CA;SSLServerCert=/", "t", 300000, "", "E", "08001"},
        {"DSN=CA;Proxy=http://", "p", 300000, ":1", "SE", NULL},
        {"DSN=CA;URL=http://", "u", 300000, "/api", "E", "08001"},
        {"DSN=CA;URL=http://127.0.0.1:1/", "u", 300000, "", "E", "08001"},
        {"DSN=CA;Timeout=", "9", 300000, "", "E", "HY024"},
        {"DSN=CA;Timeout=", "0", 300000, "1", "I", "01004"},
        {"DSN=CA;MetadataSource=", "auto,", 60000, "", "E", "HY024"},
    };
    struct harness *h = *state;

    struct driver driver = open_driver(h);
    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        char *text = repeat(cases[i / 2].before, cases[i / 2].piece, cases[i / 2].count, cases[i / 2].after);
        char *more = text_format("%s;MaxRetries=0", text), got[6];
        char letter = connect_directly(&driver, more, i % 2 != 0, got);
        if (strchr(cases[i / 2].letters, letter) == NULL ||
            (cases[i / 2].state != NULL && strcmp(got, cases[i / 2].state) != 0))
            fail_at(__FILE__, __LINE__, "%s%s… %s gave %c %s", cases[i / 2].before, cases[i / 2].piece,
                    i % 2 == 0 ? "narrow" : "wide", letter, got);
        free(more);
        free(text);
    }
    expect_still_works(h);
}

/* Lengths that are given rather than found. */
static void given_lengths(void **state)
{
    static const struct {
        const char *text;
        SQLSMALLINT length;
        const char *letters, *state;
    } cases[] = {
        {"DSN=CA;nonsense", 6, "S", NULL},  {"DSN=CA\0;Timeout=wrong", 21, "S", NULL},
        {"DSN=CA;PWD=wrong", 0, "E", NULL}, {"DSN=CA", -1, "E", "HY090"},
        {"DSN=CA", -32768, "E", "HY090"},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        SQLHDBC dbc = dbc_open(h);
        SQLRETURN code = SQLDriverConnect(dbc, NULL, (SQLCHAR *)(uintptr_t)cases[i].text, cases[i].length,
                                          NULL, 0, NULL, SQL_DRIVER_NOPROMPT);
        expect_return(cases[i].letters, SQL_HANDLE_DBC, dbc, code, cases[i].text, __FILE__, __LINE__);
        if (cases[i].state != NULL)
            expect_state(SQL_HANDLE_DBC, dbc, cases[i].state);
        dbc_close(dbc);
    }
    expect_still_works(h);
}

/* ---- numbers ---- */

struct number_row {
    const char *name, *kind;
    long long minimum, maximum;
};

static const struct number_row rows[] = {
#define OPTION(id, name, aliases, kind, value, minimum, maximum, choices, label, help) \
    {name, #kind, minimum, maximum},
#include "service/options.def"
#undef OPTION
};

static void check_number(struct harness *h, const struct number_row *row, const char *value, bool good)
{
    char *text = text_format("DSN=CA;%s={%s}", row->name, value);
    SQLHDBC dbc = dbc_open(h);
    SQLRETURN code = driver_connect(dbc, text);

    /* a switch may be one that warns */
    expect_return(good ? "SI" : "E", SQL_HANDLE_DBC, dbc, code, text, __FILE__, __LINE__);
    if (!good) {
        expect_state(SQL_HANDLE_DBC, dbc, "HY024");
        expect_message(SQL_HANDLE_DBC, dbc, row->name);
    }
    dbc_close(dbc);
    free(text);
}

/* The ends of every range, what lies beyond them, and what is no whole number. */
static void numbers_out_of_range(void **state)
{
    static const char *const wrong[] = {"1.5",
                                        "1e2",
                                        "0x10",
                                        "1 2",
                                        "--1",
                                        "+",
                                        "-",
                                        "one",
                                        "1;",
                                        "\xD9\xA3",
                                        "9223372036854775807",
                                        "9223372036854775808",
                                        "-9223372036854775808",
                                        "18446744073709551617"};
    struct harness *h = *state;
    size_t numbers = 0;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct number_row *row = &rows[i];
        if (strcmp(row->kind, "NUMBER") != 0 && strcmp(row->kind, "SWITCH") != 0)
            continue;
        numbers++;
        const long long values[] = {row->minimum - 1, row->minimum, row->maximum, row->maximum + 1};
        for (size_t v = 0; v < COUNT_OF(values); v++) {
            char *value = text_format("%lld", values[v]);
            check_number(h, row, value, v == 1 || v == 2);
            free(value);
        }
        for (size_t w = 0; w < COUNT_OF(wrong); w++)
            check_number(h, row, wrong[w], false);
    }
    assert_true(numbers > 10);
    expect_still_works(h);
}

/* ---- data source files ---- */

/* The driver manager reads a file of keywords; the driver gets what is in it. */
static void file_data_sources(void **state)
{
    static const struct {
        const char *name, *lines, *more, *letters, *state;
    } cases[] = {
        {"good", "[ODBC]\nDRIVER=Connect AI\nURL=$B/api\nUID=$U\nPWD=$T\n", "", "S", NULL},
        {"no_login", "[ODBC]\nDRIVER=Connect AI\nURL=$B/api\n", "", "E", "28000"},
        {"login", "[ODBC]\nDRIVER=Connect AI\nURL=$B/api\n", "UID=$U;PWD=$T", "S", NULL},
        {"wrong", "[ODBC]\nDRIVER=Connect AI\nURL=$B/api\nUID=$U\nPWD=wrong\n", "", "E", "28000"},
        {"number", "[ODBC]\nDRIVER=Connect AI\nURL=$B/api\nUID=$U\nPWD=$T\nTimeout=301\n", "", "E", "HY024"},
        {"unknown", "[ODBC]\nDRIVER=Connect AI\nURL=$B/api\nUID=$U\nPWD=$T\nColour=red\n", "", "I", "01S00"},
        {"driverless", "[ODBC]\nURL=$B/api\nUID=$U\nPWD=$T\n", "", "E", NULL},
        {"empty", "", "", "E", NULL},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *name = text_format("%s.dsn", cases[i].name), *path = harness_path(h, name);
        char *lines = text_fill(&h->service, cases[i].lines), *more = text_fill(&h->service, cases[i].more);
        char *text = text_format("FILEDSN=%s;%s", path, more);
        SQLHDBC dbc = dbc_open(h);
        write_file(path, lines, 0600);
        SQLRETURN code = driver_connect(dbc, text);
        expect_return(cases[i].letters, SQL_HANDLE_DBC, dbc, code, name, __FILE__, __LINE__);
        if (cases[i].state != NULL)
            expect_state(SQL_HANDLE_DBC, dbc, cases[i].state);
        if (SQL_SUCCEEDED(code))
            expect_usable(statement_open(dbc));
        dbc_close(dbc);
        free(text);
        free(more);
        free(lines);
        free(path);
        free(name);
    }
}

/* A section with a value as long as the driver manager lets through, and with lines that are none. */
static void strange_data_sources(void **state)
{
    struct harness *h = *state;
    char *lines = repeat("UID=" HARNESS_USER "\nPWD=" HARNESS_TOKEN "\nnonsense\n= 5\n;comment\nColour=", "c",
                         990, "\n");
    char *with_address = text_format("URL=%s/api\n%s", h->service.base, lines);
    SQLHDBC dbc = dbc_open(h);

    add_data_source(h, "Strange", with_address);
    expect_dbc("SI", dbc, driver_connect(dbc, "DSN=Strange"));
    expect_usable(statement_open(dbc));
    dbc_close(dbc);
    free(with_address);
    free(lines);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_strings),         cmocka_unit_test(given_lengths),
        cmocka_unit_test(numbers_out_of_range), cmocka_unit_test(file_data_sources),
        cmocka_unit_test(strange_data_sources),
    };

    return harness_main("test_hostile", NULL, tests, COUNT_OF(tests));
}
