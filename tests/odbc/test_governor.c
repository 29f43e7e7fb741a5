/*
 * Proves that after a 429 the requests of the account are spaced, those of all its connections and those that
 * write too; that such a wait can be cancelled and ends at the timeout with nothing sent; and that without a
 * 429 nothing is ever slowed. Each test has a service of its own: what is slowed is an account at a host.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define SELECT_MARK "SELECT 'MARK' AS a"
#define DELETE_MARK "DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = 'MARK'"

static void open_at(struct harness *h, const struct service_process *service, struct session *s,
                    const char *extra)
{
    char *more = text_format("URL=%s/api;%s", service->base, extra);

    session_open(h, s, more);
    free(more);
}

/* One request that is answered with 429. */
static void be_refused(const struct service_process *service, struct session *s, const char *retry_after)
{
    char *rule = text_format("{'body': 'MARK', 'count': 1, 'status': 429, 'headers': {'Retry-After': '%s'}}",
                             retry_after);

    faults_clear(service);
    faults_set(service, rule);
    expect_stmt("E", s->stmt, exec(s->stmt, SELECT_MARK));
    expect_state(SQL_HANDLE_STMT, s->stmt, "HY000");
    requests_clear(service);
    free(rule);
}

static void close_all(struct session *s, struct service_process *service)
{
    session_close(s);
    service_stop(service);
}

static void requests_are_spaced_after_a_429(void **state)
{
    enum { REQUESTS = 6, SPACE_MS = 100 };
    struct harness *h = *state;
    struct service_process service;
    struct session s[2];

    assert_true(service_start(h, "spaced", NULL, &service));
    for (int i = 0; i < 2; i++)
        open_at(h, &service, &s[i], "MaxRetries=0;RateLimit=600");
    int64_t begin = now_ms();
    be_refused(&service, &s[0], "1");
    for (int i = 0; i < REQUESTS; i++) {
        SQLHSTMT stmt = s[i % 2].stmt;
        expect_stmt("SN", stmt, exec(stmt, i % 3 == 2 ? DELETE_MARK : SELECT_MARK));
        expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    }
    /* the second that the service asked for, and a space behind each but the last */
    assert_true(now_ms() - begin >= 1000 + (REQUESTS - 1) * SPACE_MS);
    assert_int_equal(requests_count(&service, NULL, "/query", "MARK"), REQUESTS);
    session_close(&s[0]);
    close_all(&s[1], &service);
}

/* The driver says in its log when it makes a request wait. */
static void nothing_is_slowed_without_a_429(void **state)
{
    static const char *const faults[] = {NULL, "{'body': 'MARK', 'status': 503}",
                                         "{'body': 'MARK', 'status': 500}"};
    struct harness *h = *state;
    struct service_process other;
    struct session s, slowed;
    char *log = harness_path(h, "quiet.log"),
         *extra = text_format("MaxRetries=0;RateLimit=100;Verbosity=5;Logfile=%s", log);

    /* the same user, at another host, is slowed */
    assert_true(service_start(h, "slowed", NULL, &other));
    open_at(h, &other, &slowed, "MaxRetries=0;RateLimit=100");
    be_refused(&other, &slowed, "60");
    remove(log);
    session_open(h, &s, extra);
    for (int i = 0; i < 150; i++) {
        if (i % 50 == 0 && faults[i / 50] != NULL)
            faults_set(&h->service, faults[i / 50]);
        exec(s.stmt, SELECT_MARK);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    session_close(&s);
    char *text = read_file(log);
    assert_non_null(strstr(text, "/query"));
    assert_null(strstr(text, "waits"));
    /* and the log is a witness */
    assert_int_equal(requests_count(&h->service, NULL, "/query", "MARK"), 150);
    free(text);
    free(log);
    free(extra);
    close_all(&slowed, &other);
}

static void a_turn_later_than_the_timeout(void **state)
{
    struct harness *h = *state;
    struct service_process service;
    struct session s;
    char *log = harness_path(h, "late.log"),
         *extra = text_format("MaxRetries=0;RateLimit=100;Verbosity=5;Logfile=%s", log);

    assert_true(service_start(h, "late", NULL, &service));
    open_at(h, &service, &s, extra);
    be_refused(&service, &s, "60");
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)5, 0));
    for (int i = 0; i < 2; i++) {
        expect_stmt("E", s.stmt, exec(s.stmt, i == 0 ? SELECT_MARK : DELETE_MARK));
        expect_state(SQL_HANDLE_STMT, s.stmt, "HYT00");
        expect_message(SQL_HANDLE_STMT, s.stmt, "not sent");
    }
    assert_int_equal(requests_count(&service, NULL, NULL, NULL), 0);
    /* RateLimit=0 is for those who know better */
    struct session free_of_it;
    open_at(h, &service, &free_of_it, "RateLimit=0");
    expect_usable(free_of_it.stmt);
    session_close(&free_of_it);
    free(extra);
    free(log);
    close_all(&s, &service);
}

static void waiting_can_be_cancelled(void **state)
{
    struct harness *h = *state;
    struct service_process service;
    struct session s;
    struct canceller c;

    assert_true(service_start(h, "cancelled", NULL, &service));
    open_at(h, &service, &s, "MaxRetries=0;RateLimit=100");
    be_refused(&service, &s, "60");
    canceller_start(&c, s.stmt, 150, false);
    canceller_check(&c, exec(s.stmt, SELECT_MARK), "waiting for its turn");
    assert_int_equal(requests_count(&service, NULL, NULL, NULL), 0);
    close_all(&s, &service);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_spaced_after_a_429),
        cmocka_unit_test(nothing_is_slowed_without_a_429),
        cmocka_unit_test(a_turn_later_than_the_timeout),
        cmocka_unit_test(waiting_can_be_cancelled),
    };

    return harness_main("test_governor", NULL, tests, COUNT_OF(tests));
}
