/* Proves that statements of one connection, and connections, may be used by many threads at once. */
#include "harness.h"

static void smoke(void **state)
{
    struct session s;
    session_open(*state, &s, NULL);
    expect_usable(s.stmt);
    expect_rows(s.stmt, "SELECT Id, Name FROM [Salesforce].[Salesforce].[Account] LIMIT 1", "?");
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(smoke)};
    return harness_main("test_threads", NULL, tests, COUNT_OF(tests));
}
