/*
 * Proves the life of OAuth's tokens: renewed in time or when refused, by one thread at a time, kept where
 * they came from; and what an authority in trouble does to a connection. The authority's own record is the
 * witness.
 */
#include "authority.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- renewal ---- */

/* A connection with an access token and what renews it. */
static struct token_pair open_renewable(struct harness *h, struct session *s)
{
    authority_reset(h);
    struct token_pair pair = authority_issue(h);
    authority_open(h, s, "OAuth", "OAuthAccessToken=$A;OAuthRefreshToken=$R;$C", &pair);
    return pair;
}

/* The token ends in the middle: one renewal, and the request is sent again, a write too, for a 401 says that
 * nothing was done. */
static void token_ends_in_mid_session(void **state)
{
    struct harness *h = *state;
    struct session s;

    open_renewable(h, &s);
    expect_usable(s.stmt);
    authority_tell(h, "{'revokeAccess':true}");
    requests_clear(&h->service);
    expect_usable(s.stmt);
    assert_int_equal(authority_requests(h), 1);
    assert_int_equal(authority_refusals(h), 1);
    authority_tell(h, "{'revokeAccess':true}");
    requests_clear(&h->service);
    expect_stmt(
        "S", s.stmt,
        exec(s.stmt, "INSERT INTO [PostgreSQL1].[public].[settings] (name, value) VALUES ('auth', 'x')"));
    SQLFreeStmt(s.stmt, SQL_CLOSE);
    assert_int_equal(requests_count(&h->service, "POST", "/query", "INSERT"), 2);
    assert_int_equal(authority_refusals(h), 1);
    expect_rows(s.stmt, "SELECT COUNT(*) AS n FROM [PostgreSQL1].[public].[settings] WHERE name = 'auth'",
                "1\n");
    /* what refuses the new token too is believed */
    faults_set(&h->service, "{'path':'/query','status':401}");
    requests_clear(&h->service);
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
    expect_state(SQL_HANDLE_STMT, s.stmt, "28000");
    assert_int_equal(requests_count(&h->service, "POST", "/query", NULL), 2);
    assert_int_equal(authority_requests(h), 1);
    session_close(&s);
}

static void token_is_renewed_before_it_ends(void **state)
{
    struct harness *h = *state;
    struct session s;

    authority_reset(h);
    authority_tell(h, "{'lifetimeSeconds':2}");
    struct token_pair pair = authority_issue(h);
    requests_clear(&h->service);
    authority_open(h, &s, "OAuth", "OAuthRefreshToken=$R;$C", &pair);
    for (int i = 0; i < 2; i++) {
        sleep_ms(2100);
        expect_usable(s.stmt);
    }
    assert_int_equal(authority_refusals(h), 0);
    assert_true(authority_requests(h) >= 3);
    session_close(&s);
}

/* A sign-in that is over fails with the advice to sign in again, and is not asked for again and again. */
static void refused_renewal(void **state)
{
    struct harness *h = *state;
    struct session s;

    struct token_pair pair = open_renewable(h, &s);
    authority_tell(h, "{'revokeAccess':true,'revokeRefresh':true}");
    requests_clear(&h->service);
    for (int i = 0; i < 3; i++) {
        expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
        expect_state(SQL_HANDLE_STMT, s.stmt, "28000");
        expect_message(SQL_HANDLE_STMT, s.stmt, "connectai-dsn sign-in");
    }
    assert_int_equal(authority_requests(h), 1);
    session_close(&s);
    /* nor is it remembered as good */
    char *text = authority_string(h, "OAuth", "OAuthAccessToken=$A;OAuthRefreshToken=$R;$C", &pair);
    SQLHDBC dbc = dbc_open(h);
    expect_dbc("E", dbc, driver_connect(dbc, text));
    expect_state(SQL_HANDLE_DBC, dbc, "28000");
    dbc_close(dbc);
    free(text);
}

/* Connections of one account share what was renewed, also one after the other; a refresh token that was used
 * up is never sent again. */
static void connections_share_the_account(void **state)
{
    struct harness *h = *state;
    struct session s;

    authority_reset(h);
    struct token_pair pair = authority_issue(h);
    int64_t renewals = authority_count(h, "renewals"), reuses = authority_count(h, "reuses");
    for (int i = 0; i < 3; i++) {
        authority_open(h, &s, "OAuth", "OAuthRefreshToken=$R;$C", &pair);
        expect_usable(s.stmt);
        session_close(&s);
    }
    assert_int_equal(authority_count(h, "renewals"), renewals + 1);
    authority_tell(h, "{'revokeAccess':true}");
    authority_open(h, &s, "OAuth", "OAuthRefreshToken=$R;$C", &pair);
    expect_usable(s.stmt);
    session_close(&s);
    assert_int_equal(authority_count(h, "renewals"), renewals + 2);
    assert_int_equal(authority_count(h, "reuses"), reuses);
    /* an authority that does not rotate */
    authority_tell(h, "{'rotate':false,'revokeAccess':true}");
    for (int i = 0; i < 2; i++) {
        authority_open(h, &s, "OAuth", "OAuthRefreshToken=$R;$C", &pair);
        authority_tell(h, "{'revokeAccess':true}");
        expect_usable(s.stmt);
        session_close(&s);
    }
    assert_int_equal(authority_count(h, "reuses"), reuses);
}

/* What an authority gave on one way to it is not for connections that go another: they verify it, perhaps. */
static void ways_do_not_share(void **state)
{
    struct harness *h = *state;
    struct session first, second;

    authority_reset(h);
    authority_tell(h, "{'rotate':false}");
    struct token_pair pair = authority_issue(h);
    requests_clear(&h->service);
    authority_open(h, &first, "OAuth", "OAuthRefreshToken=$R;$C;TrustStore=/", &pair);
    authority_open(h, &second, "OAuth", "OAuthRefreshToken=$R;$C", &pair);
    assert_int_equal(authority_requests(h), 2);
    session_close(&second);
    session_close(&first);
}

enum { THREADS = 8 };

struct worker {
    pthread_t thread;
    SQLHDBC dbc;
    SQLHSTMT stmt;
    SQLRETURN code;
};

static void *work(void *context)
{
    struct worker *w = context;

    w->code = exec(w->stmt, "SELECT 1 AS a");
    return NULL;
}

/* Many threads find the token ended at once: one asks, the others wait for it. */
static void one_renewal_at_a_time(void **state)
{
    struct harness *h = *state;
    struct worker workers[THREADS];
    struct session s;

    struct token_pair pair = open_renewable(h, &s);
    char *text = authority_string(h, "OAuth", "OAuthAccessToken=$A;OAuthRefreshToken=$R;$C", &pair);
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].dbc = i % 2 == 0 ? dbc_open(h) : NULL;
        if (workers[i].dbc != NULL)
            expect_dbc("S", workers[i].dbc, driver_connect(workers[i].dbc, text));
        workers[i].stmt = statement_open(workers[i].dbc != NULL ? workers[i].dbc : s.dbc);
    }
    authority_tell(h, "{'revokeAccess':true}");
    requests_clear(&h->service);
    faults_set(&h->service, "{'path':'/oauth/token','delayMs':200}");
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < THREADS; i++) {
        expect_stmt("S", workers[i].stmt, workers[i].code);
        SQLFreeHandle(SQL_HANDLE_STMT, workers[i].stmt);
        if (workers[i].dbc != NULL)
            dbc_close(workers[i].dbc);
    }
    assert_int_equal(authority_requests(h), 1);
    session_close(&s);
    free(text);
}

/* Those who wait for a renewal that fails are told of it: they do not ask anew, one after the other. */
static void failure_is_shared(void **state)
{
    struct harness *h = *state;
    struct worker workers[THREADS];
    struct session s;

    open_renewable(h, &s);
    authority_tell(h, "{'revokeAccess':true}");
    requests_clear(&h->service);
    faults_set(&h->service, "{'path':'/oauth/token','delayMs':300,'status':500}");
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].stmt = statement_open(s.dbc);
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        expect_stmt("E", workers[i].stmt, workers[i].code);
        expect_message(SQL_HANDLE_STMT, workers[i].stmt, "HTTP status 500");
        SQLFreeHandle(SQL_HANDLE_STMT, workers[i].stmt);
    }
    assert_true(authority_requests(h) < THREADS);
    faults_clear(&h->service);
    session_close(&s);
}

/* Another process was first where no lock held it: its token is used, and nobody has to sign in again. */
static void renewed_elsewhere(void **state)
{
    struct harness *h = *state;
    char *path = harness_path(h, "elsewhere.token");
    struct worker worker;
    struct session s;

    authority_reset(h);
    struct token_pair pair = authority_issue(h);
    char *text = text_format("{\"access_token\":\"%s\",\"refresh_token\":\"%s\"}", pair.access, pair.refresh);
    write_file(path, text, 0600);
    free(text);
    authority_open(h, &s, "OAuth", "TokenFile=$D/elsewhere.token;$C", &pair);
    expect_usable(s.stmt);
    authority_tell(h, "{'revokeAccess':true,'revokeRefresh':true}");
    struct token_pair other = authority_issue(h);
    requests_clear(&h->service);
    faults_set(&h->service, "{'path':'/oauth/token','delayMs':1000}");
    worker.stmt = s.stmt;
    assert_int_equal(pthread_create(&worker.thread, NULL, work, &worker), 0);
    assert_true(requests_wait(&h->service, "/oauth/token", NULL, 1));
    text = text_format("{\"access_token\":\"%s\",\"refresh_token\":\"%s\"}", other.access, other.refresh);
    write_file(path, text, 0600);
    pthread_join(worker.thread, NULL);
    expect_stmt("S", s.stmt, worker.code);
    assert_int_equal(authority_requests(h), 1);
    faults_clear(&h->service);
    session_close(&s);
    free(text);
    free(path);
}

/* ---- an authority in trouble ---- */

struct failing_case {
    const char *fault; /* its members but for the path; ' for " outside a text, $S: the client's secret, $L: a
                          long text */
    const char *state; /* while connecting */
    const char *later; /* in a session */
    const char *piece;
};

/* The rule as JSON: a " inside a text is escaped, a ' becomes one. */
static char *write_fault(const char *members)
{
    char *filling = text_format("%0100000d", 1), *text = text_format("%s", members);

    text = text_replace(text, "\"", "\x01");
    text = text_replace(text, "'", "\"");
    text = text_replace(text, "\x01", "\\\x02");
    text = text_replace(text, "\x02", "\"");
    text = text_replace(text, "$S", CLIENT_SECRET);
    text = text_replace(text, "$L", filling);
    char *fault = text_format("{\"path\":\"/oauth/token\",%s}", text);
    free(text);
    free(filling);
    return fault;
}

static void check_failing(struct harness *h, const struct failing_case *c, bool later)
{
    struct token_pair pair = authority_issue(h);
    char *fault = write_fault(c->fault);
    char *text = authority_string(
        h, "OAuth", later ? "OAuthAccessToken=$A;OAuthRefreshToken=$R;$C" : "OAuthRefreshToken=$R;$C", &pair);
    SQLHDBC dbc = dbc_open(h);
    SQLHSTMT stmt = SQL_NULL_HSTMT;

    if (later) {
        expect_dbc("S", dbc, driver_connect(dbc, text));
        authority_tell(h, "{'revokeAccess':true}");
        stmt = statement_open(dbc);
    }
    faults_set(&h->service, fault);
    SQLRETURN code = later ? exec(stmt, "SELECT 1 AS a") : driver_connect(dbc, text);
    char *records = later ? diagnostics(SQL_HANDLE_STMT, stmt) : diagnostics(SQL_HANDLE_DBC, dbc);
    if (code != SQL_ERROR || strncmp(records, later ? c->later : c->state, 5) != 0 ||
        strcasestr(records, c->piece) == NULL || strstr(records, CLIENT_SECRET) != NULL)
        fail_at(__FILE__, __LINE__, "%.200s: %d %s", fault, code, records);
    free(records);
    faults_clear(&h->service);
    if (later)
        SQLFreeHandle(SQL_HANDLE_STMT, stmt);
    dbc_close(dbc);
    free(text);
    free(fault);
}

/* Every answer that is no token, at connect and in a session. */
static void failing_authority(void **state)
{
    static const struct failing_case cases[] = {
        {"'status':500", "08001", "HY000", "HTTP status 500"},
        {"'status':503", "08001", "HY000", "HTTP status 503"},
        {"'html':true", "08001", "08S01", "not answer as an OAuth authority"},
        {"'reply':'{\"access_token\":'", "08001", "08S01", "not answer as an OAuth authority"},
        {"'reply':'[1]'", "08001", "08S01", "not answer as an OAuth authority"},
        {"'reply':'{}'", "28000", "28000", "OAuthTokenURL"},
        {"'reply':'{\"refresh_token\":\"x\"}'", "28000", "28000", "no access token"},
        {"'reply':'{\"access_token\":7}'", "28000", "28000", "OAuthTokenURL"},
        {"'reply':'{\"access_token\":\"x\",\"token_type\":\"mac\"}'", "28000", "28000", "no bearer token"},
        {"'reply':'{\"access_token\":\"a b\"}'", "28000", "28000", "characters"},
        {"'redirect':'http://127.0.0.1:1/','status':307", "08001", "08S01", "OAuth authority"},
        {"'reset':'before'", "08001", "08S01", "connection broke"},
        {"'cutAfterBytes':10", "08001", "08S01", "connection broke"},
        {"'status':400,'reply':'{\"error\":\"invalid_request\"}'", "28000", "28000", "invalid_request"},
        {"'status':400,'reply':'{\"error\":\"unauthorized_client\"}'", "28000", "28000", "not allowed"},
        {"'status':400,'reply':'{\"error\":\"unsupported_grant_type\"}'", "28000", "28000", "does not know"},
        {"'status':400,'reply':'{\"error\":\"invalid_scope\"}'", "28000", "28000", "OAuthScope"},
        {"'status':400,'reply':'{\"error\":\"temporarily_unavailable\"}'", "HY000", "HY000", "later"},
        {"'status':400,'reply':'{\"error\":\"odd\",\"error_description\":\"why $S\"}'", "28000", "28000",
         "why ***"},
        {"'reply':'$L'", "08001", "08S01", "OAuth authority"},
        {"'status':404", "08001", "08S01", "OAuth authority"},
        {"'reply':'{\"access_token\":\"x\"}','gzip':true", "08001", "08S01", "compressed"},
    };
    struct harness *h = *state;

    authority_reset(h);
    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++)
        check_failing(h, &cases[i / 2], i % 2 != 0);
}

static void slow_authority(void **state)
{
    struct harness *h = *state;

    authority_reset(h);
    faults_set(&h->service, "{'path':'/oauth/token','hang':true}");
    const struct connect_case c = {"OAuth", "OAuthRefreshToken=$R;$C;LoginTimeout=1", "HYT00", "in time", 1};
    authority_check(h, &c);
}

/* Each host gets its own secrets only. */
static void secrets_go_where_they_belong(void **state)
{
    struct harness *h = *state;
    struct session s;
    size_t forms = 0;

    authority_reset(h);
    struct token_pair pair = authority_issue(h);
    requests_clear(&h->service);
    authority_open(h, &s, "OAuth", "OAuthRefreshToken=$R;$C", &pair);
    expect_usable(s.stmt);
    session_close(&s);
    json_object *list = requests_read(&h->service, false);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        json_object *request = json_object_array_get_idx(list, i);
        const char *path = json_object_get_string(json_object_object_get(request, "path"));
        const char *text = json_object_to_json_string(request);
        bool signed_request =
            json_object_object_get(json_object_object_get(request, "headers"), "Authorization");
        bool form = strcmp(path, "/oauth/token") == 0;
        forms += form;
        assert_true(signed_request != form);
        assert_null(strstr(text, CLIENT_SECRET));
        assert_null(strstr(text, pair.refresh));
        if (!form)
            assert_null(strstr(text, "client_"));
    }
    assert_int_equal(forms, 1);
    json_object_put(list);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_ends_in_mid_session),
        cmocka_unit_test(token_is_renewed_before_it_ends),
        cmocka_unit_test(refused_renewal),
        cmocka_unit_test(connections_share_the_account),
        cmocka_unit_test(ways_do_not_share),
        cmocka_unit_test(one_renewal_at_a_time),
        cmocka_unit_test(failure_is_shared),
        cmocka_unit_test(renewed_elsewhere),
        cmocka_unit_test(failing_authority),
        cmocka_unit_test(slow_authority),
        cmocka_unit_test(secrets_go_where_they_belong),
    };
    static const char *const options[] = {AUTHORITY_OPTIONS, NULL};

    return harness_main("test_oauth", options, tests, COUNT_OF(tests));
}
