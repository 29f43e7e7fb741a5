/*
 * Proves connecting: every way in, every keyword, what refuses a connection and how it
 * says so, what connecting costs. The completed string has test_completed.c, attributes test_connection.c,
 * TLS test_tls.c.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- tables of connection strings ---- */

/* A string ($B, $U, $T filled in), what may be returned, the first state and a piece of the text (NULL: any).
 */
struct connect_case {
    const char *text;
    const char *letters;
    const char *state;
    const char *piece;
};

/* True where the case went as it should; says what did not. */
static bool check_case(struct harness *h, const struct connect_case *c, bool wide)
{
    SQLHDBC dbc = dbc_open(h);
    char *text = text_fill(&h->service, c->text);
    SQLRETURN code = wide ? driver_connect_wide(dbc, text) : driver_connect(dbc, text);
    char *records = diagnostics(SQL_HANDLE_DBC, dbc);
    bool right = strchr(c->letters, return_letter(code)) != NULL &&
                 (c->state == NULL || strncmp(records, c->state, 5) == 0) &&
                 (c->piece == NULL || strcasestr(records, c->piece) != NULL);

    if (!right)
        print_error("%s %s\nwanted %s %s %s, got %c\n%s\n", wide ? "wide" : "narrow", c->text, c->letters,
                    c->state != NULL ? c->state : "", c->piece != NULL ? c->piece : "", return_letter(code),
                    records);
    free(records);
    free(text);
    dbc_close(dbc);
    return right;
}

static void check_cases(struct harness *h, const struct connect_case *cases, size_t count)
{
    int wrong = 0;

    for (size_t i = 0; i < count; i++)
        for (int wide = 0; wide < 2; wide++)
            wrong += !check_case(h, &cases[i], wide);
    assert_int_equal(wrong, 0);
}

static void keywords(void **state)
{
    static const struct connect_case cases[] = {
        {"DSN=CA", "S", NULL, NULL},
        {"DSN=CA;", "S", NULL, NULL},
        {"dsn=CA;;", "S", NULL, NULL},
        UNIXODBC_ONLY("looks for a data source with the braces", {"DSN={CA}", "S", NULL, NULL}, ){
            "DRIVER={Connect AI};URL=$B/api;UID=$U;PWD=$T", "S", NULL, NULL},
        {"Driver=Connect AI;URL=$B/api;UID=$U;PWD=$T", "S", NULL, NULL},
        {"DRIVER={Connect AI};URL=$B/api/;UID=$U;PWD=$T", "S", NULL, NULL},
        {"DRIVER={Connect AI};Url={$B/api};uid={$U};Pwd={$T};", "S", NULL, NULL},
        {"DSN=CA;UID=$U;PWD=$T", "S", NULL, NULL},
        /* what clients put in */
        {"DSN=CA;Trusted_Connection=no;APP=Some Client", "S", NULL, NULL},
        {"DSN=CA;UID=;PWD=", "S", NULL, NULL},
        {"DSN=CA;UID={};PWD={}", "S", NULL, NULL},
        /* unknown, malformed */
        UNIXODBC_ONLY("calls SQLGetInfo once connected, so that warnings are gone",
                      {"DSN=CA;NoSuchKeyword=1", "I", "01S00", "NoSuchKeyword"},
                      {"DSN=CA;nonsense", "I", "01S00", NULL}, {"DSN=CA;=5", "I", "01S00", NULL}, )
        /* of duplicates the first counts, aliases and cases alike */
        {"DSN=CA;PWD=$T;PWD=wrong", "S", NULL, NULL},
        {"DSN=CA;PWD=wrong;PWD=$T", "E", "28000", NULL},
        {"DSN=CA;Password=$T;PWD=wrong", "S", NULL, NULL},
        {"DSN=CA;PAT=wrong;Password=$T", "E", "28000", NULL},
        {"DSN=CA;pwd=$T;PWD=wrong", "S", NULL, NULL},
        /* the string goes before the data source */
        {"DSN=CA;PWD=wrong", "E", "28000", "PWD"},
        {"DSN=CA;UID=someone@else.example", "E", "28000", "UID"},
        /* of DSN and DRIVER the first counts */
        UNIXODBC_ONLY("loads the driver of DRIVER", {"DSN=CA;DRIVER={No Such Driver}", "S", NULL, NULL}, ){
            "DSN=No Such Source", "E", "IM002", NULL},
        {"DRIVER={Connect AI};URL=$B/api", "E", "28000", "UID"},
        {"DRIVER={Connect AI};URL=$B/api;UID=$U", "E", "28000", "PWD"},
        /* values out of range are not passed over in silence */
        {"DSN=CA;Timeout=301", "IE", NULL, "Timeout"},
        {"DSN=CA;Timeout=abc", "IE", NULL, "Timeout"},
        {"DSN=CA;Timeout=-1", "IE", NULL, "Timeout"},
        {"DSN=CA;MaxRetries=99999999999999999999", "IE", NULL, "MaxRetries"},
        {"DSN=CA;MetadataSource=elsewhere", "IE", NULL, "MetadataSource"},
        {"DSN=CA;Compression=maybe", "IE", NULL, "Compression"},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

/* What one row of the table of options says, as far as it matters here. */
struct option_row {
    const char *name;
    const char *aliases;
    const char *value;
};

static const struct option_row option_rows[] = {
#define OPTION(id, name, aliases, kind, value, minimum, maximum, choices, label, help) {name, aliases, value},
#include "service/options.def"
#undef OPTION
};

/* A value with which connecting works. */
static const char *option_value(const struct option_row *row)
{
    static const struct option_row values[] = {
        {"URL", NULL, "$B/api"},
        {"UID", NULL, "$U"},
        {"PWD", NULL, "$T"},
        {"Workspace", NULL, "Sales"},
        {"TrustStore", NULL, "system"},
        {"RevocationList", NULL, "/dev/null"},
        {"SSLServerCert", NULL, "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {"SSLClientCert", NULL, "/dev/null"},
        {"SSLClientKey", NULL, ""},
        {"Logfile", NULL, ""},
    };

    for (size_t i = 0; i < COUNT_OF(values); i++)
        if (strcmp(values[i].name, row->name) == 0)
            return values[i].value;
    return *row->value != '\0' ? row->value : "Salesforce";
}

/* Connects with one option under one of its names; the others come from the data source, but for a wrong one.
 */
static void check_name(struct harness *h, const struct option_row *row, const char *name, size_t length)
{
    char *text = text_format("DSN=CA;%.*s=%s;%s=wrong", (int)length, name, option_value(row), row->name);
    struct connect_case c = {text, "S", NULL, NULL};

    for (int wide = 0; wide < 2; wide++)
        assert_true(check_case(h, &c, wide));
    free(text);
}

/* Every option under every name, in the string; a second value under the option's own name must not count. */
static void option_names(void **state)
{
    for (size_t i = 0; i < COUNT_OF(option_rows); i++) {
        const struct option_row *row = &option_rows[i];
        check_name(*state, row, row->name, strlen(row->name));
        for (const char *p = row->aliases; *p != '\0';) {
            size_t length = strcspn(p, ",");
            check_name(*state, row, p, length);
            p += length + (p[length] == ',');
        }
    }
}

/* Every option under every name, in the data source. */
static void option_names_of_a_data_source(void **state)
{
    struct harness *h = *state;
    int number = 0;

    for (size_t i = 0; i < COUNT_OF(option_rows); i++)
        for (const char *p = option_rows[i].aliases; *p != '\0';) {
            size_t length = strcspn(p, ",");
            char *value = text_fill(&h->service, option_value(&option_rows[i]));
            char *lines = text_format("%.*s=%s\n%s%s%s%s", (int)length, p, value,
                                      strcmp(option_rows[i].name, "URL") == 0 ? "" : "URL=$B/api\n",
                                      strcmp(option_rows[i].name, "UID") == 0 ? "" : "UID=$U\n",
                                      strcmp(option_rows[i].name, "PWD") == 0 ? "" : "PWD=$T\n", "");
            char *filled = text_fill(&h->service, lines), *name = text_format("Alias%d", ++number);
            char *text = text_format("DSN=%s", name);
            add_data_source(h, name, filled);
            assert_true(check_case(h, &(struct connect_case){text, "S", NULL, NULL}, false));
            free(text);
            free(name);
            free(filled);
            free(lines);
            free(value);
            p += length + (p[length] == ',');
        }
}

/* ---- SQLConnect ---- */

static void sql_connect(void **state)
{
    static const struct {
        const char *server, *user, *password, *letters, *error;
    } cases[] = {
        {"CA", NULL, NULL, "S", NULL},
        {"CA", "", "", "S", NULL},
        {"CA", HARNESS_USER, HARNESS_TOKEN, "S", NULL},
        {"CA", HARNESS_USER, "wrong", "E", "28000"},
        {"CA", "someone@else.example", HARNESS_TOKEN, "E", "28000"},
        {"Wrong", NULL, NULL, "E", "28000"},
        {"Wrong", HARNESS_USER, HARNESS_TOKEN, "S", NULL},
        {"Wrong", "", HARNESS_TOKEN, "E", "28000"},
        {"None such", HARNESS_USER, HARNESS_TOKEN, "E", "IM002"},
    };
    struct harness *h = *state;
    char *lines = text_fill(&h->service, "URL=$B/api\nUID=no@one.example\nPWD=stale\n");

    add_data_source(h, "Wrong", lines);
    free(lines);
    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        size_t k = i / 2;
        const char *texts[] = {cases[k].server, cases[k].user, cases[k].password};
        SQLWCHAR *wide[3] = {NULL, NULL, NULL};
        SQLHDBC dbc = dbc_open(h);
        SQLRETURN code;
        for (int j = 0; j < 3; j++)
            wide[j] = texts[j] != NULL ? wide_from(texts[j]) : NULL;
        if (i % 2 == 0)
            code = SQLConnect(dbc, (SQLCHAR *)(uintptr_t)texts[0], SQL_NTS, (SQLCHAR *)(uintptr_t)texts[1],
                              SQL_NTS, (SQLCHAR *)(uintptr_t)texts[2], SQL_NTS);
        else
            code = SQLConnectW(dbc, wide[0], SQL_NTS, wide[1], SQL_NTS, wide[2], SQL_NTS);
        char *what = text_format("SQLConnect case %zu, %s", k, i % 2 == 0 ? "narrow" : "wide");
        expect_return(cases[k].letters, SQL_HANDLE_DBC, dbc, code, what, __FILE__, __LINE__);
        if (cases[k].error != NULL)
            expect_state_at(SQL_HANDLE_DBC, dbc, cases[k].error, what, 0);
        for (int j = 0; j < 3; j++)
            free(wide[j]);
        free(what);
        dbc_close(dbc);
    }
}

/* Lengths in place of SQL_NTS; what lies behind is not read. */
static void sql_connect_with_lengths(void **state)
{
    char server[] = "CAXX", user[] = HARNESS_USER "XX", token[] = HARNESS_TOKEN "XX";
    SQLHDBC dbc = dbc_open(*state);

    expect_dbc("S", dbc,
               SQLConnect(dbc, (SQLCHAR *)server, 2, (SQLCHAR *)user, (SQLSMALLINT)strlen(HARNESS_USER),
                          (SQLCHAR *)token, (SQLSMALLINT)strlen(HARNESS_TOKEN)));
    expect_dbc("S", dbc, SQLDisconnect(dbc));
    /* the same handle connects again */
    expect_dbc("S", dbc, SQLConnect(dbc, (SQLCHAR *)server, 2, NULL, 0, NULL, 0));
    dbc_close(dbc);
}

/* ---- values in braces ---- */

/* A user and a token of every character that needs care, through braces, back from the completed string. */
static void braces(void **state)
{
    static const char user[] = "Jos\xc3\xa9;{x}@example.com", token[] = "we{ird;tok}}en=1";
    static const char *const options[] = {"--user", user, "--token", token, NULL};
    struct harness *h = *state;
    struct service_process service;
    char completed[1024];
    SQLSMALLINT length;

    assert_true(service_start(h, "braces", options, &service));
    char *text = text_format("DRIVER={Connect AI};URL=%s/api;UID={Jos\xc3\xa9;{x}}@example.com};"
                             "PWD={we{ird;tok}}}}en=1}",
                             service.base);
    for (int round = 0; round < 2; round++) {
        for (int wide = 0; wide < 2; wide++) {
            SQLHDBC dbc = dbc_open(h);
            const char *input = round == 0 ? text : completed;
            expect_dbc("S", dbc, wide ? driver_connect_wide(dbc, input) : driver_connect(dbc, input));
            dbc_close(dbc);
        }
        SQLHDBC dbc = dbc_open(h);
        if (round == 0)
            expect_dbc("S", dbc,
                       SQLDriverConnect(dbc, NULL, (SQLCHAR *)text, SQL_NTS, (SQLCHAR *)completed,
                                        sizeof completed, &length, SQL_DRIVER_NOPROMPT));
        dbc_close(dbc);
    }
    free(text);
    service_stop(&service);
}

/* ---- prompting, browsing ---- */

static void no_window_to_ask_in(void **state)
{
    static const SQLUSMALLINT modes[] = {SQL_DRIVER_NOPROMPT, SQL_DRIVER_COMPLETE,
                                         SQL_DRIVER_COMPLETE_REQUIRED, SQL_DRIVER_PROMPT};
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(modes) * 2; i++) {
        SQLUSMALLINT mode = modes[i / 2];
        char *text = text_fill(&h->service, i % 2 == 0 ? "DRIVER={Connect AI};URL=$B/api;UID=$U;PWD=$T"
                                                       : "DRIVER={Connect AI};URL=$B/api");
        SQLHDBC dbc = dbc_open(h);
        SQLRETURN code = SQLDriverConnect(dbc, NULL, (SQLCHAR *)text, SQL_NTS, NULL, 0, NULL, mode);
        char got[6] = "";
        /* the driver manager itself may refuse SQL_DRIVER_PROMPT without a window */
        bool enough = i % 2 == 0 && mode != SQL_DRIVER_PROMPT;
        if (enough)
            expect_return("S", SQL_HANDLE_DBC, dbc, code, "connect", __FILE__, __LINE__);
        if (!SQL_SUCCEEDED(code)) {
            diagnostic(SQL_HANDLE_DBC, dbc, 1, got, NULL, NULL);
            assert_true(strcmp(got, "IM008") == 0 || strcmp(got, "28000") == 0 || mode == SQL_DRIVER_PROMPT);
        } else {
            assert_true(i % 2 == 0);
        }
        free(text);
        dbc_close(dbc);
    }
}

static void bad_completion(void **state)
{
    SQLHDBC dbc = dbc_open(*state);
    char text[] = "DSN=CA";

    expect_dbc("E", dbc, SQLDriverConnect(dbc, NULL, (SQLCHAR *)text, SQL_NTS, NULL, 0, NULL, 99));
    expect_state(SQL_HANDLE_DBC, dbc, "HY110");
    dbc_close(dbc);
}

static void browsing(void **state)
{
    struct harness *h = *state;
    SQLHDBC dbc = dbc_open(h);
    char *first = text_fill(&h->service, "DRIVER={Connect AI};URL=$B/api"), out[2048] = "";
    char *second = text_fill(&h->service, "UID=$U;PWD=$T");
    SQLSMALLINT length = 0;

    expect_dbc("D", dbc,
               SQLBrowseConnect(dbc, (SQLCHAR *)first, SQL_NTS, (SQLCHAR *)out, sizeof out, &length));
    assert_non_null(strstr(out, "UID"));
    assert_non_null(strstr(out, "PWD"));
    expect_dbc("S", dbc,
               SQLBrowseConnect(dbc, (SQLCHAR *)second, SQL_NTS, (SQLCHAR *)out, sizeof out, &length));
    assert_int_equal(length, strlen(out));
    SQLHSTMT stmt = statement_open(dbc);
    expect_usable(stmt);
    expect_dbc("S", dbc, SQLDisconnect(dbc));
    expect_dbc("S", dbc, driver_connect(dbc, out));
    dbc_close(dbc);
    free(first);
    free(second);
}

/* ---- what refuses a connection ---- */

static void addresses_refused(void **state)
{
    static const struct connect_case cases[] = {
        {"DSN=CA;RetryDelay=1;URL=http://127.0.0.1:1/api", "E", "08001", "127.0.0.1"},
        {"DSN=CA;RetryDelay=1;URL=https://127.0.0.1:1/api", "E", "08001", "127.0.0.1"},
        {"DSN=CA;RetryDelay=1;URL=http://[::1]:1/api", "E", "08001", NULL},
        {"DSN=CA;MaxRetries=0;URL=https://no-such-host.invalid/api;MaxRetries=0", "E", "08001",
         "no-such-host.invalid"},
        {"DSN=CA;MaxRetries=0;URL=$B/elsewhere", "E", "08001", "not a Connect AI endpoint"},
        {"DSN=CA;MaxRetries=0;URL=$B", "E", "08001", "not a Connect AI endpoint"},
        /* the token goes over http:// to this machine alone */
        {"DSN=CA;MaxRetries=0;URL=http://connectai.invalid/api", "E", "08001", "AllowPlainHTTP"},
        {"DSN=CA;MaxRetries=0;URL=http://127.0.0.1.connectai.invalid/api", "E", "08001", "AllowPlainHTTP"},
        {"DSN=CA;MaxRetries=0;URL=http://127.0.0.1@connectai.invalid/api", "E", "08001", NULL},
        {"DSN=CA;MaxRetries=0;URL=http://localhost.connectai.invalid/api", "E", "08001", "AllowPlainHTTP"},
        {"DSN=CA;MaxRetries=0;URL=http://connectai.invalid/api?http://127.0.0.1/", "E", "08001", NULL},
        {"DSN=CA;MaxRetries=0;URL=http://connectai.invalid/api;AllowPlainHTTP=1;MaxRetries=0", "E", "08001",
         "resolved"},
        {"DSN=CA;MaxRetries=0;URL=127.0.0.1:1/api", "E", "08001", "URL"},
        {"DSN=CA;MaxRetries=0;URL=//127.0.0.1:1/api", "E", "08001", "URL"},
        {"DSN=CA;MaxRetries=0;URL=ftp://127.0.0.1/api", "E", "08001", "URL"},
        {"DSN=CA;MaxRetries=0;URL=file:///etc/passwd", "E", "08001", "URL"},
        {"DSN=CA;MaxRetries=0;URL={http://127.0.0.1:1/api\r\nX-Header: 1}", "E", "08001", NULL},
        {"DSN=CA;MaxRetries=0;URL=http://", "E", "08001", NULL},
        {"DSN=CA;MaxRetries=0;URL=http://127.0.0.1:99999/api", "E", "08001", NULL},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

/* Faults of the reply to the first request, and what connecting says. */
static void replies_refused(void **state)
{
    static const struct {
        const char *fault, *error, *piece;
        int native;
    } cases[] = {
        {"{\"status\": 401}", "28000", "PWD", 401},
        {"{\"status\": 401, \"reply\": \"\"}", "28000", "PWD", 401},
        {"{\"status\": 401, \"html\": true}", "28000", "PWD", 401},
        {"{\"status\": 401, \"reply\": \"{\\\"error\\\":\\\"invalid token\\\"}\"}", "28000", "PWD", 401},
        {"{\"reply\": "
         "\"{\\\"error\\\":{\\\"code\\\":\\\"INVALID_AUTHORIZATION\\\",\\\"message\\\":\\\"no\\\"}}\"}",
         "28000", "PWD", 0},
        {"{\"status\": 403}", "42000", NULL, 403},
        {"{\"status\": 429}", "HY000", NULL, 429},
        {"{\"status\": 500}", "08001", NULL, 500},
        {"{\"status\": 502, \"html\": true}", "08001", NULL, 502},
        {"{\"status\": 503}", "08001", NULL, 503},
        {"{\"status\": 504}", "HYT00", NULL, 504},
        {"{\"html\": true}", "08001", "not a Connect AI endpoint", -1},
        {"{\"reply\": \"\"}", "08001", "not a Connect AI endpoint", -1},
        {"{\"reply\": \"[]\"}", "08001", "not a Connect AI endpoint", -1},
        {"{\"reply\": \"{\\\"results\\\":[\"}", "08001", "not a Connect AI endpoint", -1},
    };
    struct harness *h = *state;

    int wrong = 0;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        /* a user of its own each time: no login of before counts */
        char *text = text_format("DSN=CA;UID=user%zu@example.com;MaxRetries=0", i);
        SQLHDBC dbc = dbc_open(h);
        SQLINTEGER native = 0;
        faults_set(&h->service, cases[i].fault);
        char letter = return_letter(driver_connect(dbc, text));
        char *records = diagnostics(SQL_HANDLE_DBC, dbc);
        diagnostic(SQL_HANDLE_DBC, dbc, 1, NULL, &native, NULL);
        if (letter != 'E' || strncmp(records, cases[i].error, 5) != 0 ||
            (cases[i].piece != NULL && strcasestr(records, cases[i].piece) == NULL) ||
            (cases[i].native >= 0 && native != cases[i].native)) {
            wrong++;
            print_error("%s\nwanted E %s (%d) %s, got %c\n%s\n", cases[i].fault, cases[i].error,
                        cases[i].native, cases[i].piece != NULL ? cases[i].piece : "", letter, records);
        }
        faults_clear(&h->service);
        free(records);
        free(text);
        dbc_close(dbc);
    }
    assert_int_equal(wrong, 0);
}

/* A redirect is not followed: the token goes to the configured address alone. */
static void redirects_refused(void **state)
{
    struct harness *h = *state;
    struct service_process other;
    SQLHDBC dbc = dbc_open(h);

    assert_true(service_start(h, "redirect", NULL, &other));
    char *rule = text_format("{\"redirect\": \"%s/api/query\"}", other.base);
    faults_set(&h->service, rule);
    expect_dbc("E", dbc, driver_connect(dbc, "DSN=CA;UID=redirected@example.com;MaxRetries=0"));
    expect_state(SQL_HANDLE_DBC, dbc, "08001");
    assert_int_equal(requests_count(&other, NULL, NULL, NULL), 0);
    dbc_close(dbc);
    free(rule);
    service_stop(&other);
}

/* Connecting costs one request, and none for the same credentials within a minute; other credentials are not
 * let in by that, and a failed login is not remembered. */
static void cost_of_connecting(void **state)
{
    static const struct {
        const char *fault, *extra, *letters;
        size_t requests;
    } cases[] = {
        {"{\"cutAfterBytes\": 10}", "", "E", 1},
        {"{\"reset\": \"before\"}", "", "E", 1},
        {"{\"reset\": \"during\"}", "", "E", 1},
        {NULL, "PWD=wrong", "E", 1},
        {NULL, "PWD=wrong", "E", 1},
        {NULL, "", "S", 1},
        {NULL, "", "S", 0},
        {NULL, "DefaultCatalog=Salesforce;Timeout=5", "S", 0},
        {NULL, "PWD=wrong", "E", 1},
        {NULL, "UID=other@example.com", "E", 1},
        {NULL, "", "S", 0},
    };
    struct harness *h = *state;
    struct service_process fresh;

    assert_true(service_start(h, "fresh", NULL, &fresh));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *text = text_format("DSN=CA;URL=%s/api;MaxRetries=0;%s", fresh.base, cases[i].extra);
        char *what = text_format("case %zu", i);
        SQLHDBC dbc = dbc_open(h);
        requests_clear(&fresh);
        if (cases[i].fault != NULL)
            faults_set(&fresh, cases[i].fault);
        SQLRETURN code = driver_connect(dbc, text);
        expect_return(cases[i].letters, SQL_HANDLE_DBC, dbc, code, what, __FILE__, __LINE__);
        if (cases[i].fault != NULL)
            expect_state_at(SQL_HANDLE_DBC, dbc, "08001", what, 0);
        size_t count = requests_count(&fresh, NULL, NULL, NULL);
        if (count != cases[i].requests)
            fail_at(__FILE__, __LINE__, "%s cost %zu requests, not %zu", what, count, cases[i].requests);
        faults_clear(&fresh);
        dbc_close(dbc);
        free(what);
        free(text);
    }
    service_stop(&fresh);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords),
        cmocka_unit_test(option_names),
        cmocka_unit_test(option_names_of_a_data_source),
        cmocka_unit_test(sql_connect),
        UNIXODBC_ONLY("does not regard lengths", cmocka_unit_test(sql_connect_with_lengths), )
            cmocka_unit_test(braces),
        cmocka_unit_test(no_window_to_ask_in),
        cmocka_unit_test(bad_completion),
        UNIXODBC_ONLY("leaves the narrow answer empty where more is asked", cmocka_unit_test(browsing), )
            cmocka_unit_test(addresses_refused),
        cmocka_unit_test(replies_refused),
        cmocka_unit_test(redirects_refused),
        cmocka_unit_test(cost_of_connecting),
    };

    return harness_main("test_connect", NULL, tests, COUNT_OF(tests));
}
