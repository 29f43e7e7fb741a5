/*
 * Proves the completed connection string: in every size of buffer, narrow and wide; it connects again when
 * fed back, and holds the token only where the input did.
 */
#include "harness.h"

#include <string.h>
#include <strings.h>

struct completed {
    char *text;
    SQLSMALLINT length; /* as returned */
    SQLRETURN code;
};

enum { CANARY = 0x5A };

/* Connects with a buffer of `capacity` characters (-1: no buffer), checks that nothing behind it is touched.
 */
static struct completed complete(SQLHDBC dbc, const char *input, long capacity, bool wide)
{
    size_t unit = wide ? sizeof(SQLWCHAR) : 1, room = capacity > 0 ? (size_t)capacity * unit : 0;
    unsigned char *buffer = malloc(room + 16);
    struct completed c = {.length = -1};

    assert_non_null(buffer);
    memset(buffer, CANARY, room + 16);
    SQLCHAR *out = capacity >= 0 ? buffer : NULL;
    SQLSMALLINT size = (SQLSMALLINT)(capacity > 0 ? capacity : 0);
    if (wide) {
        SQLWCHAR *in = wide_from(input);
        c.code = SQLDriverConnectW(dbc, NULL, in, SQL_NTS, (SQLWCHAR *)(void *)out, size, &c.length,
                                   SQL_DRIVER_NOPROMPT);
        free(in);
    } else {
        c.code = SQLDriverConnect(dbc, NULL, (SQLCHAR *)(uintptr_t)input, SQL_NTS, out, size, &c.length,
                                  SQL_DRIVER_NOPROMPT);
    }
    expect_return("SI", SQL_HANDLE_DBC, dbc, c.code, input, __FILE__, __LINE__);
    for (size_t i = room; i < room + 16; i++)
        assert_int_equal(buffer[i], CANARY);
    if (capacity > 0)
        c.text = wide ? narrow_from((SQLWCHAR *)(void *)buffer, SQL_NTS) : strdup((char *)buffer);
    free(buffer);
    return c;
}

static void check_capacity(struct harness *h, const char *input, const char *whole, long capacity, bool wide)
{
    SQLHDBC dbc = dbc_open(h);
    struct completed c = complete(dbc, input, capacity, wide);
    long length = (long)strlen(whole), kept = capacity - 1 < length ? capacity - 1 : length;
    bool cut = capacity > 0 && capacity <= length;

    if (c.length != length)
        fail_at(__FILE__, __LINE__, "capacity %ld: length %d, not %ld", capacity, c.length, length);
    if (capacity != 0 && (c.code == SQL_SUCCESS_WITH_INFO) != cut)
        fail_at(__FILE__, __LINE__, "capacity %ld: code %d", capacity, c.code);
    if (cut)
        expect_state(SQL_HANDLE_DBC, dbc, "01004");
    if (capacity > 0 && (strncmp(c.text, whole, (size_t)kept) != 0 || (long)strlen(c.text) != kept))
        fail_at(__FILE__, __LINE__, "capacity %ld: %s", capacity, c.text);
    free(c.text);
    dbc_close(dbc);
}

static void completed_string_in_every_buffer(void **state)
{
    struct harness *h = *state;
    char *input = text_fill(&h->service, "DSN=CA;UID=$U;PWD=$T;DefaultCatalog=Salesforce");

    for (int wide = 0; wide < 2; wide++) {
        SQLHDBC dbc = dbc_open(h);
        struct completed whole = complete(dbc, input, 4096, wide);
        dbc_close(dbc);
        long n = whole.length;
        const long capacities[] = {-1, 0, 1, 2, n / 2, n - 1, n, n + 1, n + 2};
        assert_int_equal(n, strlen(whole.text));
        for (size_t i = 0; i < COUNT_OF(capacities); i++)
            check_capacity(h, input, whole.text, capacities[i], wide);
        free(whole.text);
    }
    free(input);
}

/* What each input gives back: connects again, and holds the token only where the input did. */
static void completed_string_connects_again(void **state)
{
    static const struct {
        const char *input;
        bool holds_token;
        const char *piece;
    } cases[] = {
        {"DSN=CA", false, "DSN=CA"},
        {"DSN=CA;UID=$U;PWD=$T", true, "DSN=CA"},
        {"DSN=CA;Password=$T", true, "PWD="},
        {"DSN=CA;Workspace=Sales", false, "Workspace=Sales"},
        {"DSN=CA;Database=Salesforce", false, "DefaultCatalog=Salesforce"},
        {"DRIVER={Connect AI};URL=$B/api;UID=$U;PWD=$T", true, "DRIVER={Connect AI}"},
        {"DRIVER={Connect AI};URL=$B/api;UID=$U;PWD=$T;Timeout=7", true, "Timeout=7"},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        bool wide = i % 2 != 0;
        char *input = text_fill(&h->service, cases[i / 2].input);
        SQLHDBC dbc = dbc_open(h);
        struct completed first = complete(dbc, input, 4096, wide);
        dbc_close(dbc);
        assert_int_equal(strstr(first.text, HARNESS_TOKEN) != NULL, cases[i / 2].holds_token);
        if (strcasestr(first.text, cases[i / 2].piece) == NULL)
            fail_at(__FILE__, __LINE__, "%s is not in %s", cases[i / 2].piece, first.text);
        dbc = dbc_open(h);
        struct completed second = complete(dbc, first.text, 4096, wide);
        assert_int_equal(second.code, SQL_SUCCESS);
        expect_text(second.text, first.text);
        dbc_close(dbc);
        free(first.text);
        free(second.text);
        free(input);
    }
}

/* Every password: in the completed string where the given one held it, never where the data source did. */
static void passwords_of_the_data_source(void **state)
{
    static const struct {
        const char *name, *value;
    } rows[] = {{"PWD", HARNESS_TOKEN}, {"ProxyPWD", "pr0xy-w0rd"}, {"SSLClientKeyPWD", "k3y-w0rd"}};
    struct harness *h = *state;
    char *lines = text_format("URL=%s/api\nUID=%s\nPWD=%s\nProxyPWD=%s\nSSLClientKeyPWD=%s", h->service.base,
                              HARNESS_USER, rows[0].value, rows[1].value, rows[2].value);

    add_data_source(h, "Passwords", lines);
    for (size_t given = 0; given <= COUNT_OF(rows); given++) {
        char *input = given < COUNT_OF(rows)
                          ? text_format("DSN=Passwords;%s=%s", rows[given].name, rows[given].value)
                          : text_format("DSN=Passwords");
        SQLHDBC dbc = dbc_open(h);
        struct completed c = complete(dbc, input, 4096, false);
        for (size_t i = 0; i < COUNT_OF(rows); i++)
            if ((strstr(c.text, rows[i].value) != NULL) != (i == given))
                fail_at(__FILE__, __LINE__, "%s gave %s", input, c.text);
        dbc_close(dbc);
        free(c.text);
        free(input);
    }
    free(lines);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(completed_string_in_every_buffer),
        cmocka_unit_test(completed_string_connects_again),
        cmocka_unit_test(passwords_of_the_data_source),
    };

    return harness_main("test_completed", NULL, tests, COUNT_OF(tests));
}
