/* The governor of requests after a 429, by a clock that the test sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "service/governor.h"

static int64_t turn(const char *account, int64_t per_minute, int64_t now)
{
    return ca_governor_turn(account, per_minute, now, CA_NO_DEADLINE);
}

static void test_nobody_is_slowed_without_a_429(void **state)
{
    (void)state;
    ca_governor_refused("another", 5000, 1000);
    for (int64_t i = 0; i < 1000; i++)
        assert_true(turn("quiet", 100, 1000) == 1000);
    assert_true(ca_governor_hold("quiet") == 0);
}

static void test_requests_are_spaced_for_a_minute(void **state)
{
    int64_t now = 1000000;
    (void)state;
    ca_governor_refused("busy", 2000, now);
    assert_true(ca_governor_hold("busy") == now + 2000);
    for (int64_t i = 0; i < 10; i++)
        assert_true(turn("busy", 100, now) == now + 2000 + i * 600);
    /* an account of 600 a minute */
    assert_true(turn("busy", 600, now) == now + 2000 + 10 * 600);
    assert_true(turn("busy", 600, now) == now + 2000 + 10 * 600 + 100);
    /* after a rest there is no debt */
    assert_true(turn("busy", 100, now + 30000) == now + 30000);
    assert_true(turn("busy", 100, now + 30000) == now + 30600);
    /* a minute behind the hold it is over */
    for (int64_t i = 0; i < 10; i++)
        assert_true(turn("busy", 100, now + 62000) == now + 62000);
    assert_true(ca_governor_hold("busy") == 0);
}

static void test_another_429_begins_again(void **state)
{
    int64_t now = 2000000;
    (void)state;
    ca_governor_refused("again", 0, now);
    assert_true(turn("again", 100, now) == now);
    assert_true(turn("again", 100, now) == now + 600);
    ca_governor_refused("again", 10000, now + 700);
    assert_true(turn("again", 100, now + 700) == now + 10700);
    /* a shorter hold does not end a longer one */
    ca_governor_refused("again", 1000, now + 800);
    assert_true(turn("again", 100, now + 800) == now + 11300);
    assert_true(turn("again", 100, now + 71000) == now + 71000);
}

static void test_a_turn_too_late_is_not_taken(void **state)
{
    int64_t now = 3000000;
    (void)state;
    ca_governor_refused("late", 5000, now);
    for (int i = 0; i < 3; i++)
        assert_true(ca_governor_turn("late", 100, now, now + 5000) == now + 5000);
    assert_true(ca_governor_turn("late", 100, now, now + 5001) == now + 5000);
    assert_true(ca_governor_turn("late", 100, now, now + 5001) == now + 5600);
    assert_true(turn("late", 100, now) == now + 5600);
    /* a connection that does not want to be slowed */
    assert_true(turn("late", 0, now) == now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_is_slowed_without_a_429),
        cmocka_unit_test(test_requests_are_spaced_for_a_minute),
        cmocka_unit_test(test_another_429_begins_again),
        cmocka_unit_test(test_a_turn_too_late_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
