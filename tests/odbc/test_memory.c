/*
 * Proves that the driver leaves no secret in memory: once connections are closed, no block that the driver
 * allocated, live or freed, holds a token, a password, or the base64 of one. The driver is linked into this
 * program, with the recorder in place of malloc; there is no driver manager in between.
 */
#include "authority.h"
#include "harness_server.h"
#include "recorder.h"

#include <string.h>

#define WRONG_TOKEN  "wrong-but-secret-7d21"
#define PROXY_WORD   "Pr0xy-w0rd-c41f"
#define KEY_WORD     "K3y-w0rd-88ab"
#define ADDRESS_WORD "Addr3ss-w0rd-5e10"

/* 64 characters, three octets each in UTF-8: more than the length in UTF-16 leads to expect */
#define EUROS_4  "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"
#define EUROS_16 EUROS_4 EUROS_4 EUROS_4 EUROS_4
#define EUROS_64 EUROS_16 EUROS_16 EUROS_16 EUROS_16

/* Every secret that a case below uses; in base64 as headers have them. */
static const char *const secrets[] = {
    HARNESS_TOKEN,
    "dGVzdEBleGFtcGxlLmNvbTpUMGtlbi1vZi10aGUtdGVzdHMtOWYzYw==",
    "VDBrZW4tb2YtdGhlLXRlc3Rz",
    WRONG_TOKEN,
    "dGVzdEBleGFtcGxlLmNvbTp3cm9uZy1idXQtc2VjcmV0LTdkMjE=",
    PROXY_WORD,
    "cHIweHktdXNlcjpQcjB4eS13MHJkLWM0MWY=",
    KEY_WORD,
    ADDRESS_WORD,
};

static int start(void **state)
{
    static const struct certificate certificates[] = {{"ca", "ca", "authority", NULL, NULL},
                                                      {"client", "ca", "client", NULL, NULL}};

    certificates_make(*state, certificates, COUNT_OF(certificates));
    shell(*state, "openssl pkey -in client.key -aes256 -passout pass:" KEY_WORD " -out locked.key");
    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        recorder_secret(secrets[i]);
    return 0;
}

static void expect_clean(const char *what)
{
    if (recorder_findings() > 0)
        fail_at(__FILE__, __LINE__, "secrets are left in memory: %s", what);
}

/* Queries, a catalog function, a failing statement, a prepared one with a parameter. */
static void use(SQLHDBC dbc)
{
    SQLHSTMT stmt = statement_open(dbc);
    SQLINTEGER number = 7;

    expect_usable(stmt);
    expect_stmt("S", stmt, SQLTables(stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    expect_stmt("E", stmt, exec(stmt, "SELECT nothing FROM nowhere"));
    expect_stmt("S", stmt,
                SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &number, 0, NULL));
    expect_stmt("S", stmt, exec(stmt, "SELECT ? AS n"));
    expect_stmt("S", stmt, SQLFreeHandle(SQL_HANDLE_STMT, stmt));
}

/* Connects with a buffer for the completed string of every interesting size. */
static void connect_and_use(struct harness *h, const char *text, const char *letters, bool wide)
{
    static const SQLSMALLINT capacities[] = {0, 20, 2000};

    for (size_t i = 0; i < COUNT_OF(capacities); i++) {
        SQLWCHAR completed[2000];
        SQLHDBC dbc = dbc_open(h);
        SQLWCHAR *wide_text = wide_from(text);
        SQLRETURN code =
            wide ? SQLDriverConnectW(dbc, NULL, wide_text, (SQLSMALLINT)wide_length(wide_text), completed,
                                     capacities[i], NULL, SQL_DRIVER_NOPROMPT)
                 : SQLDriverConnect(dbc, NULL, (SQLCHAR *)(uintptr_t)text, (SQLSMALLINT)strlen(text),
                                    (SQLCHAR *)completed, capacities[i], NULL, SQL_DRIVER_NOPROMPT);
        expect_return(letters, SQL_HANDLE_DBC, dbc, code, text, __FILE__, __LINE__);
        if (SQL_SUCCEEDED(code))
            use(dbc);
        dbc_close(dbc);
        free(wide_text);
    }
}

static void connection_strings(void **state)
{
    static const struct {
        const char *text, *letters;
    } cases[] = {
        {"DSN=CA", "SI"},
        {"DSN=CA;UID=$U;PWD=$T", "SI"},
        {"DSN=CA;UID=$U;Password={$T};PWD=" WRONG_TOKEN, "SI"},
        {"DRIVER={Connect AI};URL=$B/api;UID=$U;PAT=$T;DefaultCatalog=Salesforce", "SI"},
        {"DSN=CA;PWD=$T;DefaultCatalog=" EUROS_64 EUROS_64 EUROS_64 EUROS_64, "SI"},
        {"DSN=CA;PWD=" WRONG_TOKEN, "E"},
        {"DSN=CA;PWD=$T;Timeout=wrong", "E"},
        {"DSN=CA;PWD=$T;URL=ftp://127.0.0.1", "E"},
        {"DSN=CA;PWD=$T;URL=http://127.0.0.1:1/api;MaxRetries=1;RetryDelay=1", "E"},
        {"DSN=CA;PWD=$T;URL=http://me:" ADDRESS_WORD "@127.0.0.1:1/api", "E"},
        {"DSN=CA;PWD=$T;URL=http://me:" ADDRESS_WORD "@:x/api", "E"},
        {"DSN=CA;Proxy=http://127.0.0.1:1;ProxyUID=pr0xy-user;ProxyPWD=" PROXY_WORD, "SI"},
        {"DSN=CA;URL=http://0.0.0.0:1/api;AllowPlainHTTP=1;MaxRetries=0;Proxy=http://127.0.0.1:1;"
         "ProxyUID=pr0xy-user;ProxyPWD=" PROXY_WORD,
         "E"},
        {"DSN=CA;Proxy=http://pr0xy-user:" PROXY_WORD "@127.0.0.1:1", "E"},
        {"DSN=CA;SSLClientCert=client.pem;SSLClientKey=$D/locked.key;SSLClientKeyPWD=" KEY_WORD, "E"},
        {"DSN=CA;SSLClientCert=$D/client.pem;SSLClientKey=$D/locked.key;SSLClientKeyPWD=" KEY_WORD, "SI"},
        {"DSN=CA;URL=https://127.0.0.1:1/api;SSLClientCert=$D/client.pem;SSLClientKey=$D/locked.key;"
         "SSLClientKeyPWD=" KEY_WORD,
         "E"},
        {"DSN=CA;Nonsense={" WRONG_TOKEN "};PWD=$T;unfinished={" WRONG_TOKEN, "SI"},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        char *placed = place_fill(h, cases[i / 2].text, 0), *text = text_fill(&h->service, placed);
        connect_and_use(h, text, cases[i / 2].letters, i % 2 != 0);
        expect_clean(cases[i / 2].text);
        free(text);
        free(placed);
    }
}

/* SQLConnect and SQLBrowseConnect, narrow and wide, right and wrong. */
static void other_ways_in(void **state)
{
    static const char *const tokens[] = {HARNESS_TOKEN, WRONG_TOKEN};
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        const char *letters = i == 0 ? "S" : "E";
        char *browse = text_format("UID=%s;PWD=%s", HARNESS_USER, tokens[i]), *first = driver_string(h, "");
        SQLWCHAR *source = wide_from("CA"), *user = wide_from(HARNESS_USER), *token = wide_from(tokens[i]);
        SQLCHAR asked[500];
        SQLHDBC narrow = dbc_open(h), wide = dbc_open(h), browsed = dbc_open(h);
        expect_dbc(letters, narrow,
                   SQLConnect(narrow, (SQLCHAR *)"CA", SQL_NTS, (SQLCHAR *)HARNESS_USER, SQL_NTS,
                              (SQLCHAR *)(uintptr_t)tokens[i], (SQLSMALLINT)strlen(tokens[i])));
        expect_dbc(letters, wide, SQLConnectW(wide, source, SQL_NTS, user, SQL_NTS, token, SQL_NTS));
        expect_dbc("D", browsed,
                   SQLBrowseConnect(browsed, (SQLCHAR *)first, SQL_NTS, asked, sizeof asked, NULL));
        expect_dbc(letters, browsed,
                   SQLBrowseConnect(browsed, (SQLCHAR *)browse, SQL_NTS, asked, sizeof asked, NULL));
        dbc_close(narrow);
        dbc_close(wide);
        dbc_close(browsed);
        free(source);
        free(user);
        free(token);
        free(browse);
        free(first);
        expect_clean(tokens[i]);
    }
}

/* Requests that fail and are tried again. */
static void failing_requests(void **state)
{
    static const char *const faults[] = {"{'path': '/query', 'status': 401}",
                                         "{'path': '/query', 'status': 503}",
                                         "{'path': '/query', 'reset': 'before'}",
                                         "{'path': '/query', 'html': true}",
                                         "{'path': '/query', 'redirect': 'http://127.0.0.1:1/'}",
                                         "{'path': '/query', 'cutAfterBytes': 20}"};
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "PWD=" HARNESS_TOKEN ";MaxRetries=1;RetryDelay=1");
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        faults_clear(&h->service);
        faults_set(&h->service, faults[i]);
        expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
    }
    faults_clear(&h->service);
    session_close(&s);
    expect_clean("failing requests");
    /* the recorder saw the driver at work */
    assert_true(recorder_blocks() > 1000);
}

/* Tokens given and kept, renewed, refused; the client's secret and a signing key. */
static void ways_to_sign_in(void **state)
{
    static const struct {
        const char *scheme, *extra, *letters;
    } cases[] = {
        {"Basic", "UID=" HARNESS_USER ";TokenFile=$D/pat.token", "SI"},
        {"Basic", "UID=" HARNESS_USER ";PWD=env:CA_TEST_PAT", "SI"},
        {"OAuth", "OAuthAccessToken=$A", "SI"},
        {"OAuth", "TokenFile=$D/access.token", "SI"},
        {"OAuth", "TokenFile=$D/refresh.token;$C", "SI"},
        {"OAuth", "OAuthRefreshToken=$R;OAuthClientId=other;OAuthClientSecret=" CLIENT_SECRET, "E"},
        {"OAuth", "OAuthAccessToken=" WRONG_TOKEN ";OAuthRefreshToken=" WRONG_TOKEN ";$C", "E"},
        {"JWT", "JWTIssuer=a;JWTSubject=b;JWTKey=$D/locked.key;JWTKeyPassword=" KEY_WORD, "E"},
        {"JWT", "JWTIssuer=a;JWTSubject=b;JWTKey=$D/client.key", "E"},
        {"JWT", "JWTIssuer=a;JWTSubject=b;JWTKey=$D/client.key;JWTKeyPassword=" KEY_WORD, "E"},
    };
    struct harness *h = *state;
    struct token_pair pair = authority_issue(h);
    char *pat = harness_path(h, "pat.token"), *access = harness_path(h, "access.token");
    char *refresh = harness_path(h, "refresh.token");

    recorder_secret(pair.access);
    recorder_secret(pair.refresh);
    recorder_secret(CLIENT_SECRET);
    recorder_secret("PRIVATE KEY-----");
    setenv("CA_TEST_PAT", HARNESS_TOKEN, 1);
    shell(h, "chmod 600 client.key locked.key");
    write_file(pat, HARNESS_TOKEN "\n", 0600);
    write_file(access, pair.access, 0600);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *text = text_format("{\"refresh_token\":\"%s\"}", pair.refresh);
        char *input = authority_string(h, cases[i].scheme, cases[i].extra, &pair);
        write_file(refresh, text, 0600);
        authority_tell(h, "{'rotate':false}");
        connect_and_use(h, input, cases[i].letters, i % 2 != 0);
        expect_clean(cases[i].extra);
        free(input);
        free(text);
    }
    free(pat);
    free(access);
    free(refresh);
}

int main(void)
{
    static const char *const options[] = {AUTHORITY_OPTIONS, NULL};
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(connection_strings, start),
        cmocka_unit_test(other_ways_in),
        cmocka_unit_test(failing_requests),
        cmocka_unit_test(ways_to_sign_in),
    };

    return harness_main("test_memory", options, tests, COUNT_OF(tests));
}
