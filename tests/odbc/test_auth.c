/*
 * Proves the ways to sign in: where credentials come from, what files are trusted with them, signed tokens,
 * and that no secret shows.
 */
#include "authority.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void ways_to_connect(void **state)
{
    static const struct connect_case cases[] = {
        {"Basic", "UID=" HARNESS_USER ";PWD=" HARNESS_TOKEN, NULL, NULL, 0},
        {"basic", "UID=" HARNESS_USER ";PWD= " HARNESS_TOKEN " ", NULL, NULL, 0},
        {"Basic", "UID=" HARNESS_USER ";PWD=env:CA_TEST_PAT", NULL, NULL, 0},
        {"Basic", "UID=" HARNESS_USER ";PWD=env:CA_TEST_NONE", "28000", "CA_TEST_NONE is not set", 0},
        {"Basic", "UID=" HARNESS_USER ";PWD=env:CA_TEST_EMPTY", "28000", "CA_TEST_EMPTY is empty", 0},
        {"Basic", "UID=" HARNESS_USER, "28000", "set UID", 0},
        {"OAuth", "OAuthAccessToken=$A", NULL, NULL, 0},
        {"oauth", "UID=somebody;PWD=$A", NULL, NULL, 0},
        {"OAuth", "AccessToken=$A;PWD=not-this-one", NULL, NULL, 0},
        {"OAuth", "OAuthRefreshToken=$R;$C", NULL, NULL, 1},
        {"OAuth", "OAuthAccessToken=not-valid;OAuthRefreshToken=$R;$C", NULL, NULL, 1},
        {"OAuth", "OAuthAccessToken=not-valid", "28000", "connectai-dsn sign-in", 0},
        {"OAuth", "OAuthAccessToken={not valid}", "28000", "characters", 0},
        {"OAuth", "OAuthAccessToken=env:CA_TEST_CRLF", "28000", "characters", 0},
        {"OAuth", "OAuthRefreshToken=not-valid;$C", "28000", "connectai-dsn sign-in", 1},
        {"OAuth", "OAuthRefreshToken=$R", "28000", "OAuthClientId is not set", 0},
        {"OAuth", "OAuthRefreshToken=$R;ClientId=" CLIENT ";ClientSecret=wrong", "28000", "invalid_client",
         1},
        {"OAuth", "OAuthRefreshToken=$R;ClientId=other;ClientSecret=" CLIENT_SECRET, "28000",
         "Check OAuthClientId and OAuthClientSecret", 1},
        {"OAuth", "OAuthRefreshToken=env:CA_TEST_NONE;$C", "28000", "CA_TEST_NONE is not set", 0},
        {"OAuth", "", "28000", "connectai-dsn sign-in", 0},
        {"OAuth", "UID=somebody", "28000", "connectai-dsn sign-in", 0},
        {"Kerberos", "", "HY024", "Basic,OAuth,JWT", 0},
    };
    struct harness *h = *state;

    authority_reset(h);
    setenv("CA_TEST_PAT", HARNESS_TOKEN "\n", 1);
    setenv("CA_TEST_EMPTY", "", 1);
    setenv("CA_TEST_CRLF", "token\r\nX-Forged: 1", 1);
    unsetenv("CA_TEST_NONE");
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        authority_check(h, &cases[i]);
}

/* The token address is held to the rules of the service's. */
static void token_addresses(void **state)
{
    static const struct {
        const char *address, *state, *piece;
    } cases[] = {
        {"http://login.example.com/oauth/token", "08001", "AllowPlainHTTP"},
        {"ftp://login.example.com/oauth/token", "08001", "must begin with https"},
        {"https://me:secret@127.0.0.1/oauth/token", "08001", "must not hold a user"},
        {"https://127.0.0.1/oauth/token#part", "08001", "must not hold a #"},
        {"http://127.0.0.1:1/oauth/token", "08001", "127.0.0.1:1"},
        {"$B/api/nothing", "08001", "not answer as an OAuth authority"},
    };
    struct harness *h = *state;

    authority_reset(h);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct token_pair pair = authority_issue(h);
        char *address = text_fill(&h->service, cases[i].address);
        char *extra = text_format("AuthScheme=OAuth;OAuthTokenURL=%s;OAuthRefreshToken=%s;" CLIENT_KEYS,
                                  address, pair.refresh);
        char *text = driver_string(h, extra);
        SQLHDBC dbc = dbc_open(h);
        expect_dbc("E", dbc, driver_connect(dbc, text));
        expect_state(SQL_HANDLE_DBC, dbc, cases[i].state);
        expect_message(SQL_HANDLE_DBC, dbc, cases[i].piece);
        dbc_close(dbc);
        free(text);
        free(extra);
        free(address);
    }
}

/* ---- files ---- */

/* Whoever may read the file knows the token: anything but a file of the user's own, closed to others, is
 * refused. */
static void token_files_refused(void **state)
{
    struct harness *h = *state;
    static const struct {
        const char *name;
        unsigned mode;
        const char *piece;
    } cases[] = {
        {"open.token", 0644, "chmod 600"},    {"group.token", 0640, "chmod 600"},
        {"written.token", 0602, "chmod 600"}, {"pipe.token", 0, "not a regular file"},
        {"missing.token", 0, "No such file"}, {".", 0, "not a regular file"},
        {"empty.token", 0600, "is empty"},    {"foreign.token", 0600, "another user"},
        {"long.token", 0600, "too long"},
    };
    static const char *const schemes[] = {"Basic", "OAuth"};

    authority_reset(h);
    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        size_t n = i / 2;
        char *path = harness_path(h, cases[n].name);
        char *text = strcmp(cases[n].name, "long.token") == 0    ? text_format("%070000d", 1)
                     : strcmp(cases[n].name, "empty.token") == 0 ? text_format("%s", "")
                                                                 : text_format("%s\n", HARNESS_TOKEN);
        const char *piece = cases[n].piece;
        if (cases[n].mode != 0)
            write_file(path, text, cases[n].mode);
        else if (strcmp(cases[n].name, "pipe.token") == 0 && access(path, F_OK) != 0)
            assert_int_equal(mkfifo(path, 0600), 0);
        /* only root can make a file of somebody else's */
        if (strcmp(cases[n].name, "foreign.token") == 0 && chown(path, 65534, 65534) != 0)
            chmod(path, 0644), piece = "chmod 600";
        char *extra = text_format("UID=" HARNESS_USER ";TokenFile=%s", path);
        const struct connect_case c = {schemes[i % 2], extra, "28000", piece, 0};
        authority_check(h, &c);
        if (strcmp(cases[n].name, "foreign.token") == 0)
            unlink(path);
        free(extra);
        free(text);
        free(path);
    }
}

static void token_file_with_a_personal_token(void **state)
{
    struct harness *h = *state;
    static const struct token_pair none;
    char *path = harness_path(h, "pat.token");
    struct session s;

    write_file(path, "  " HARNESS_TOKEN "\r\n\n", 0600);
    authority_open(h, &s, "Basic", "UID=" HARNESS_USER ";TokenFile=$D/pat.token", &none);
    expect_usable(s.stmt);
    /* a token that was replaced meanwhile is read when the old one is refused */
    faults_set(&h->service, "{'path':'/query','status':401,'count':1}");
    write_file(path, HARNESS_TOKEN "-new", 0600);
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
    expect_state(SQL_HANDLE_STMT, s.stmt, "28000");
    assert_int_equal(requests_count(&h->service, "POST", "/query", "SELECT 1 AS a"), 2);
    session_close(&s);
    /* what was refused is no longer taken for proved */
    write_file(path, HARNESS_TOKEN, 0600);
    requests_clear(&h->service);
    authority_open(h, &s, "Basic", "UID=" HARNESS_USER ";TokenFile=$D/pat.token", &none);
    assert_int_equal(requests_count(&h->service, "GET", "/catalogs", NULL), 1);
    session_close(&s);
    free(path);
}

/* What an authority gave is kept in the file: every renewal's result, at once and for the owner alone. */
static void renewed_token_is_saved(void **state)
{
    struct harness *h = *state;
    char *path = harness_path(h, "saved.token");
    char *text;
    struct stat status;
    struct session s;

    authority_reset(h);
    struct token_pair pair = authority_issue(h);
    int64_t renewals = authority_count(h, "renewals"), reuses = authority_count(h, "reuses");
    text = text_format("{\"refresh_token\":\"%s\"}", pair.refresh);
    write_file(path, text, 0600);
    free(text);
    authority_open(h, &s, "OAuth", "TokenFile=$D/saved.token;$C", &pair);
    expect_usable(s.stmt);
    session_close(&s);
    text = read_file(path);
    assert_null(strstr(text, pair.refresh));
    assert_non_null(strstr(text, "refresh_token"));
    assert_non_null(strstr(text, "expires_at"));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    free(text);
    /* the next connection needs no renewal, and the one after a revocation uses the new refresh token */
    authority_open(h, &s, "OAuth", "TokenFile=$D/saved.token;$C;ApplicationName=Second", &pair);
    expect_usable(s.stmt);
    assert_int_equal(authority_count(h, "renewals"), renewals + 1);
    authority_tell(h, "{'revokeAccess':true}");
    expect_usable(s.stmt);
    assert_int_equal(authority_count(h, "renewals"), renewals + 2);
    /* signing in again in another program is enough: this one reads what was saved */
    authority_tell(h, "{'revokeAccess':true,'revokeRefresh':true}");
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
    pair = authority_issue(h);
    text = text_format("{\"access_token\":\"%s\",\"refresh_token\":\"%s\",\"expires_at\":4102444800}",
                       pair.access, pair.refresh);
    write_file(path, text, 0600);
    expect_usable(s.stmt);
    session_close(&s);
    assert_int_equal(authority_count(h, "reuses"), reuses);
    free(text);
    free(path);
}

/* A token that could not be saved is used from memory, until it is over: then a new sign-in's comes before
 * it.
 */
static void token_that_cannot_be_saved(void **state)
{
    struct harness *h = *state;
    char name[256] = "";
    struct session s;

    /* beside a file with the longest name there is no room for another */
    memset(name, 't', sizeof name - 1);
    char *path = harness_path(h, name);
    char *extra = text_format("TokenFile=%s;$C", path);
    authority_reset(h);
    struct token_pair pair = authority_issue(h);
    char *text = text_format("{\"refresh_token\":\"%s\"}", pair.refresh);
    write_file(path, text, 0600);
    authority_open(h, &s, "OAuth", extra, &pair);
    expect_usable(s.stmt);
    free(text);
    text = read_file(path);
    assert_non_null(strstr(text, pair.refresh));
    authority_tell(h, "{'revokeAccess':true,'revokeRefresh':true}");
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
    expect_state(SQL_HANDLE_STMT, s.stmt, "28000");
    pair = authority_issue(h);
    write_file(path, pair.access, 0600);
    expect_usable(s.stmt);
    session_close(&s);
    unlink(path);
    free(text);
    free(extra);
    free(path);
}

/* The end of a token as far in the future as a number goes is some end. */
static void token_without_end(void **state)
{
    struct harness *h = *state;
    char *path = harness_path(h, "endless.token");
    struct session s;

    authority_reset(h);
    struct token_pair pair = authority_issue(h);
    char *text = text_format("{\"access_token\":\"%s\",\"expires_at\":9223372036854775807}", pair.access);
    write_file(path, text, 0600);
    authority_open(h, &s, "OAuth", "TokenFile=$D/endless.token", &pair);
    expect_usable(s.stmt);
    session_close(&s);
    free(text);
    free(path);
}

/* The token address is asked as it is written, with its query and the slash at its end. */
static void token_address_as_written(void **state)
{
    struct harness *h = *state;
    static const char *const paths[] = {"/oauth/token?tenant=7", "/oauth/token/"};

    authority_reset(h);
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct token_pair pair = authority_issue(h);
        char *extra = text_format("AuthScheme=OAuth;OAuthTokenURL=%s%s;OAuthRefreshToken=%s;" CLIENT_KEYS,
                                  h->service.base, paths[i], pair.refresh);
        char *text = driver_string(h, extra);
        SQLHDBC dbc = dbc_open(h);
        requests_clear(&h->service);
        expect_dbc(i == 0 ? "S" : "E", dbc, driver_connect(dbc, text));
        assert_int_equal(requests_count(&h->service, "POST", i == 0 ? "/oauth/token" : paths[i], NULL), 1);
        dbc_close(dbc);
        free(text);
        free(extra);
    }
}

/* ---- signed tokens ---- */

#define JWT "JWTIssuer=parent-1;JWTSubject=child \"2\";JWTKey=$K/"

static void signed_tokens(void **state)
{
    static const struct connect_case cases[] = {
        {"JWT", JWT "key.pem", NULL, NULL, 0},
        {"jwt", JWT "locked.pem;JWTKeyPassword=open-sesame", NULL, NULL, 0},
        {"JWT", JWT "locked.pem;JWTKeyPassword=env:CA_TEST_SESAME", NULL, NULL, 0},
        {"JWT", JWT "locked.pem;JWTKeyPassword=wrong-sesame", "28000", "JWTKeyPassword", 0},
        {"JWT", JWT "locked.pem", "28000", "JWTKeyPassword", 0},
        {"JWT", JWT "other.pem", "28000", "public half of JWTKey", 0},
        {"JWT", JWT "ec.pem", "28000", "no RSA key", 0},
        {"JWT", JWT "public.pem", "28000", "chmod 600", 0},
        {"JWT", JWT "text.pem", "28000", "no private key", 0},
        {"JWT", JWT "none.pem", "28000", "No such file", 0},
        {"JWT", "JWTIssuer=a;JWTSubject=b", "28000", "needs JWTKey", 0},
        {"JWT", "JWTKey=$K/key.pem;JWTSubject=b", "28000", "needs JWTIssuer", 0},
        {"JWT", "JWTKey=$K/key.pem;JWTIssuer=a", "28000", "needs JWTSubject", 0},
        {"JWT", JWT "key.pem;JWTValiditySeconds=1", "HY024", "JWTValiditySeconds", 0},
    };
    struct harness *h = *state;

    setenv("CA_TEST_SESAME", "open-sesame", 1);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        authority_check(h, &cases[i]);
}

static void claims_of_a_signed_token(void **state)
{
    struct harness *h = *state;
    static const struct token_pair none;
    struct session s;

    authority_open(h, &s, "JWT", JWT "key.pem;JWTValiditySeconds=77", &none);
    expect_usable(s.stmt);
    json_object *reply = authority_ask(h, "{}"), *claims = json_object_object_get(reply, "claims");
    assert_int_equal(json_object_object_length(claims), 5);
    expect_text(json_object_get_string(json_object_object_get(claims, "tokenType")), "powered-by");
    expect_text(json_object_get_string(json_object_object_get(claims, "iss")), "parent-1");
    expect_text(json_object_get_string(json_object_object_get(claims, "sub")), "child \"2\"");
    assert_int_equal(json_object_get_int64(json_object_object_get(claims, "exp")) -
                         json_object_get_int64(json_object_object_get(claims, "iat")),
                     77);
    json_object_put(reply);
    session_close(&s);
}

static void signed_token_is_renewed(void **state)
{
    struct harness *h = *state;
    static const struct token_pair none;
    struct session s;

    authority_open(h, &s, "JWT", JWT "key.pem;JWTValiditySeconds=2", &none);
    expect_usable(s.stmt);
    int64_t made = authority_count(h, "jwts");
    sleep_ms(2100);
    expect_usable(s.stmt);
    assert_true(authority_count(h, "jwts") > made);
    assert_int_equal(authority_refusals(h), 0);
    session_close(&s);
}

/* ---- what shows ---- */

static void expect_hidden(const char *text, const char *what, const struct token_pair *pair)
{
    const char *const secrets[] = {CLIENT_SECRET, pair->access, pair->refresh, "Bearer",
                                   "access-",     "refresh-",   "PRIVATE KEY", "open-sesame"};

    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        if (strstr(text, secrets[i]) != NULL)
            fail_at(__FILE__, __LINE__, "%s holds %s: %s", what, secrets[i], text);
}

/* The log of everything that can happen, and the completed string of a data source that holds every secret.
 */
static void secrets_do_not_show(void **state)
{
    struct harness *h = *state;
    char *log = harness_path(h, "auth.log"), *input, *lines;
    SQLCHAR completed[4096];
    SQLSMALLINT length;

    authority_reset(h);
    unlink(log);
    struct token_pair pair = authority_issue(h);
    lines = text_format("URL=%s/api\nAuthScheme=OAuth\nOAuthTokenURL=%s/oauth/token\nOAuthAccessToken=%s\n"
                        "OAuthRefreshToken=%s\nOAuthClientId=" CLIENT "\nOAuthClientSecret=" CLIENT_SECRET
                        "\nLogfile=%s\nVerbosity=5\nMaxRetries=0\n",
                        h->service.base, h->service.base, pair.access, pair.refresh, log);
    add_data_source(h, "Secrets", lines);
    SQLHDBC dbc = dbc_open(h);
    input = text_format("DSN=Secrets;Timeout=30");
    expect_dbc("S", dbc,
               SQLDriverConnect(dbc, NULL, (SQLCHAR *)input, SQL_NTS, completed, sizeof completed, &length,
                                SQL_DRIVER_NOPROMPT));
    expect_hidden((char *)completed, "the completed string", &pair);
    assert_non_null(strstr((char *)completed, "Timeout=30"));
    SQLHSTMT stmt = statement_open(dbc);
    authority_tell(h, "{'revokeAccess':true}");
    expect_usable(stmt);
    authority_tell(h, "{'revokeAccess':true,'revokeRefresh':true}");
    expect_stmt("E", stmt, exec(stmt, "SELECT 1 AS a"));
    char *records = diagnostics(SQL_HANDLE_STMT, stmt);
    expect_hidden(records, "a diagnostic", &pair);
    SQLFreeHandle(SQL_HANDLE_STMT, stmt);
    dbc_close(dbc);
    char *text = read_file(log);
    assert_non_null(strstr(text, "token renewal at"));
    expect_hidden(text, "the log", &pair);
    free(text);
    free(records);
    free(input);
    free(lines);
    free(log);
}

/* What the string gave comes back in the completed string; what was renewed since does not. */
static void completed_string(void **state)
{
    struct harness *h = *state;
    SQLCHAR completed[4096];
    SQLSMALLINT length;

    authority_reset(h);
    struct token_pair pair = authority_issue(h);
    char *text = authority_string(h, "OAuth", "OAuthRefreshToken=$R;$C", &pair);
    SQLHDBC dbc = dbc_open(h);
    expect_dbc("S", dbc,
               SQLDriverConnect(dbc, NULL, (SQLCHAR *)text, SQL_NTS, completed, sizeof completed, &length,
                                SQL_DRIVER_NOPROMPT));
    assert_non_null(strstr((char *)completed, pair.refresh));
    assert_null(strstr((char *)completed, "access-"));
    char *given = strstr((char *)completed, "refresh-");
    assert_null(strstr(given + 1, "refresh-"));
    dbc_close(dbc);
    free(text);
}

/* SQLConnect, the way of programs that know a name and a password only. */
static void connect_with_name_and_password(void **state)
{
    struct harness *h = *state;

    authority_reset(h);
    struct token_pair pair = authority_issue(h);
    char *lines = text_format("URL=%s/api\nAuthScheme=OAuth\nPWD=an-old-personal-token\n", h->service.base);
    add_data_source(h, "Plain", lines);
    SQLHDBC dbc = dbc_open(h);
    expect_dbc("S", dbc,
               SQLConnect(dbc, (SQLCHAR *)"Plain", SQL_NTS, (SQLCHAR *)"somebody", SQL_NTS,
                          (SQLCHAR *)pair.access, SQL_NTS));
    dbc_close(dbc);
    /* the password of the data source is no access token */
    dbc = dbc_open(h);
    requests_clear(&h->service);
    expect_dbc("E", dbc, SQLConnect(dbc, (SQLCHAR *)"Plain", SQL_NTS, NULL, 0, NULL, 0));
    expect_state(SQL_HANDLE_DBC, dbc, "28000");
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
    dbc_close(dbc);
    free(lines);
}

/* ---- the program ---- */

/* Keys for signed tokens, made before the service that must know the public one starts. */
static bool make_keys(void)
{
    const char *build = getenv("CA_BUILD");
    char *directory =
        text_format("%s/odbc/test_auth.keys", build != NULL && *build != '\0' ? build : "build");
    char *command = text_format(
        "mkdir -p '%s' && cd '%s' && umask 077 && openssl genrsa -out key.pem 2048 && "
        "openssl rsa -in key.pem -pubout -out public.pem && openssl genrsa -out other.pem 2048 && "
        "openssl rsa -in key.pem -aes256 -passout pass:open-sesame -out locked.pem && "
        "openssl ecparam -name prime256v1 -genkey -noout -out ec.pem && echo text > text.pem && chmod 644 "
        "public.pem",
        directory, directory);
    const char *const shell[] = {"sh", "-c", command, NULL};
    bool fine = run_program(shell);

    authority_keys = realpath(directory, NULL);
    free(directory);
    free(command);
    return fine && authority_keys != NULL;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_to_connect),
        cmocka_unit_test(token_addresses),
        cmocka_unit_test(token_address_as_written),
        cmocka_unit_test(token_files_refused),
        cmocka_unit_test(token_file_with_a_personal_token),
        cmocka_unit_test(renewed_token_is_saved),
        cmocka_unit_test(token_that_cannot_be_saved),
        cmocka_unit_test(token_without_end),
        cmocka_unit_test(signed_tokens),
        cmocka_unit_test(claims_of_a_signed_token),
        cmocka_unit_test(signed_token_is_renewed),
        cmocka_unit_test(secrets_do_not_show),
        cmocka_unit_test(completed_string),
        cmocka_unit_test(connect_with_name_and_password),
    };

    if (!make_keys()) {
        printf("[  FAILED  ] test_auth: openssl made no keys\n");
        return 1;
    }
    char *public_key = text_format("%s/public.pem", authority_keys);
    const char *const options[] = {AUTHORITY_OPTIONS, "--jwt-key", public_key, NULL};
    int status = harness_main("test_auth", options, tests, COUNT_OF(tests));
    free(public_key);
    return status;
}
