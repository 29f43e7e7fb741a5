/* Lists that are held whole: the region they lie in, how they are packed, and the cache's bound. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "service/cache.h"

enum { KIB = 1024, MIB = 1024 * KIB };

/* ---- regions ---- */

static void a_region_keeps_its_content_when_it_moves_to_a_file(void **state)
{
    struct ca_region region;
    (void)state;
    ca_region_init(&region, 100 * KIB, 4 * MIB);
    for (uint32_t i = 0; i < 500000; i++) {
        assert_true(ca_region_add(&region, &i, sizeof i));
        assert_int_equal(region.file >= 0, region.length > 100 * KIB);
    }
    ca_region_trim(&region);
    for (uint32_t i = 0; i < 500000; i++) {
        uint32_t kept;
        memcpy(&kept, region.data + i * sizeof kept, sizeof kept);
        assert_int_equal(kept, i);
    }
    ca_region_free(&region);
    assert_int_equal(region.length, 0);
}

static void a_region_refuses_what_exceeds_its_maximum(void **state)
{
    struct ca_region region;
    (void)state;
    ca_region_init(&region, SIZE_MAX, 10);
    assert_true(ca_region_add(&region, "12345", 5));
    assert_false(ca_region_add(&region, "123456", 6));
    assert_int_equal(region.failure, EFBIG);
    assert_false(ca_region_add(&region, "1", 1));
    assert_int_equal(region.length, 5);
    ca_region_free(&region);
}

static void a_region_without_a_file_fails_with_the_reason(void **state)
{
    struct ca_region region;
    char text[KIB] = "";
    int added = 0;
    (void)state;
    assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
    ca_region_init(&region, 0, MIB);
    while (ca_region_add(&region, text, sizeof text))
        added++;
    assert_int_equal(unsetenv("TMPDIR"), 0);
    assert_int_equal(added, 64);
    assert_int_equal(region.failure, ENOENT);
    ca_region_free(&region);
}

/* ---- listings ---- */

static struct ca_listing *finish(struct ca_listing_writer *writer, size_t width)
{
    struct ca_error error = CA_ERROR_INIT;
    struct ca_listing *listing = ca_listing_finish(writer, width, &error);
    assert_non_null(listing);
    return listing;
}

static void a_repeated_text_is_kept_once(void **state)
{
    enum { ROWS = 1000 };
    struct ca_listing_writer writer;
    char name[32];
    (void)state;
    ca_listing_writer_init(&writer, SIZE_MAX);
    for (int i = 0; i < ROWS; i++) {
        snprintf(name, sizeof name, "table %d", i);
        ca_listing_add(&writer, CA_CELL_STRING, "a catalog with a long name", 26);
        ca_listing_add(&writer, CA_CELL_STRING, name, strlen(name));
        ca_listing_add_null(&writer);
        ca_listing_add(&writer, CA_CELL_STRING, "", 0);
        ca_listing_add_integer(&writer, 7);
    }
    struct ca_listing *listing = finish(&writer, 5);
    assert_int_equal(listing->rows, ROWS);
    assert_true(ca_listing_octets(listing) < ROWS * (5 * 8 + 12));
    for (size_t row = 0; row < ROWS; row++) {
        snprintf(name, sizeof name, "table %zu", row);
        assert_string_equal(ca_listing_cell(listing, row, 0).text, "a catalog with a long name");
        assert_string_equal(ca_listing_cell(listing, row, 1).text, name);
        assert_int_equal(ca_listing_cell(listing, row, 1).octets, strlen(name));
        assert_int_equal(ca_listing_cell(listing, row, 2).kind, CA_CELL_NULL);
        assert_int_equal(ca_listing_cell(listing, row, 3).kind, CA_CELL_STRING);
        assert_int_equal(ca_listing_cell(listing, row, 4).kind, CA_CELL_NUMBER);
        assert_string_equal(ca_listing_cell(listing, row, 4).text, "7");
        assert_int_equal(ca_listing_cell(listing, row, -1).kind, CA_CELL_NULL);
    }
    ca_listing_release(listing);
}

/* ---- the cache ---- */

static const struct ca_wait no_wait = {.deadline = CA_NO_DEADLINE};

/* A listing of one cell. */
static struct ca_listing *listing_of(size_t octets)
{
    struct ca_listing_writer writer;
    char *text = calloc(1, octets);
    assert_non_null(text);
    ca_listing_writer_init(&writer, SIZE_MAX);
    ca_listing_add(&writer, CA_CELL_STRING, text, octets);
    free(text);
    return finish(&writer, 1);
}

static bool has(struct ca_cache *cache, const char *key)
{
    struct ca_cache_entry *turn = NULL;
    struct ca_listing *listing = ca_cache_get(cache, key, &no_wait, &turn);
    ca_cache_fulfil(cache, turn, NULL);
    ca_listing_release(listing);
    return listing != NULL;
}

static void the_cache_drops_the_oldest_of_what_is_too_much(void **state)
{
    static const char *const keys[] = {"first", "second", "third", "fourth"};
    struct ca_cache cache;
    (void)state;
    ca_cache_init(&cache, 60000);
    for (int i = 0; i < 4; i++)
        ca_cache_put(&cache, keys[i], listing_of(10 * MIB));
    assert_false(has(&cache, "first"));
    for (int i = 1; i < 4; i++)
        assert_true(has(&cache, keys[i]));
    ca_cache_put(&cache, "larger than all", listing_of(CA_CACHE_OCTETS + 1));
    assert_false(has(&cache, "larger than all"));
    assert_true(has(&cache, "fourth"));
    ca_cache_destroy(&cache);
}

static void an_answer_from_before_a_drop_is_not_kept(void **state)
{
    struct ca_cache cache;
    struct ca_cache_entry *turn = NULL;
    (void)state;
    ca_cache_init(&cache, 60000);
    assert_null(ca_cache_get(&cache, "key", &no_wait, &turn));
    assert_non_null(turn);
    ca_cache_drop(&cache);
    struct ca_listing *old = listing_of(1);
    ca_cache_fulfil(&cache, turn, old);
    ca_listing_release(old);
    assert_false(has(&cache, "key"));
    ca_cache_destroy(&cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_region_keeps_its_content_when_it_moves_to_a_file),
        cmocka_unit_test(a_region_refuses_what_exceeds_its_maximum),
        cmocka_unit_test(a_region_without_a_file_fails_with_the_reason),
        cmocka_unit_test(a_repeated_text_is_kept_once),
        cmocka_unit_test(the_cache_drops_the_oldest_of_what_is_too_much),
        cmocka_unit_test(an_answer_from_before_a_drop_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
