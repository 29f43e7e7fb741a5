/* The log file (base/log): which files are taken, what a line is, turning over by size, with several threads
 * and processes on one file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

enum { LARGEST_TEXT = 1 << 20, MANY = 100 };

/* A directory of the test's own; `path` is DIRECTORY/log. */
struct place {
    char directory[32];
    char path[64];
};

static int make_place(void **state)
{
    static struct place place;
    snprintf(place.directory, sizeof place.directory, "/tmp/ca-test-XXXXXX");
    if (!mkdtemp(place.directory))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/log", place.directory);
    *state = &place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    char command[80];
    snprintf(command, sizeof command, "rm -rf '%s'", place->directory);
    return system(command);
}

/* The file's text; "" where there is none. number: 0 = the current one. */
static const char *read_log(const struct place *place, int number)
{
    static char text[LARGEST_TEXT];
    char path[80];
    snprintf(path, sizeof path, number ? "%s.%d" : "%s", place->path, number);
    FILE *file = fopen(path, "r");
    size_t octets = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[octets] = '\0';
    if (file)
        fclose(file);
    return text;
}

static bool open_log(struct ca_log *log, const char *path, int level, int64_t octets, int files)
{
    struct ca_error error = CA_ERROR_INIT;
    const struct ca_log_settings settings = {path, level, octets, files};
    bool opened = ca_log_open(log, &settings, &error);
    if (!opened) {
        assert_string_equal(error.state, "01000");
        assert_non_null(strstr(ca_error_text(&error), path));
    }
    ca_error_clear(&error);
    return opened;
}

static void test_lines_and_levels(void **state)
{
    const struct place *place = *state;
    struct ca_log log;
    struct stat status;
    mode_t mask = umask(0);
    ca_log_init(&log);
    assert_true(open_log(&log, place->path, CA_LOG_REQUEST, 1 << 20, 2));
    umask(mask);
    ca_log_write(&log, CA_LOG_ERROR, "two\nlines\x7F");
    ca_log_write(&log, CA_LOG_DETAIL, "not wanted");
    ca_log_close(&log);
    ca_log_write(&log, CA_LOG_ERROR, "closed");
    assert_true(open_log(&log, place->path, 0, 1 << 20, 2));
    ca_log_write(&log, CA_LOG_ERROR, "level 0");
    assert_true(open_log(&log, place->path, CA_LOG_ERROR, 1 << 20, 2));
    ca_log_write(&log, CA_LOG_ERROR, "appended");
    ca_log_destroy(&log);
    const char *text = read_log(place, 0);
    assert_non_null(strstr(text, "ERROR two lines \n"));
    assert_non_null(strstr(text, "ERROR appended\n"));
    assert_null(strstr(text, "not wanted"));
    assert_null(strstr(text, "closed"));
    assert_null(strstr(text, "level 0"));
    assert_int_equal(stat(place->path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

static void test_files_that_are_refused(void **state)
{
    const struct place *place = *state;
    struct ca_log log;
    char other[80];
    ca_log_init(&log);
    snprintf(other, sizeof other, "%s.other", place->path);
    assert_true(open_log(&log, other, CA_LOG_ERROR, 1 << 20, 2));
    ca_log_close(&log);
    assert_int_equal(symlink(other, place->path), 0);
    assert_false(open_log(&log, place->path, CA_LOG_ERROR, 1 << 20, 2));
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(link(other, place->path), 0);
    assert_false(open_log(&log, place->path, CA_LOG_ERROR, 1 << 20, 2));
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(chmod(other, 0640), 0);
    assert_false(open_log(&log, other, CA_LOG_ERROR, 1 << 20, 2));
    assert_false(open_log(&log, place->directory, CA_LOG_ERROR, 1 << 20, 2));
    assert_false(open_log(&log, "/dev/null", CA_LOG_ERROR, 1 << 20, 2));
    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_false(open_log(&log, place->path, CA_LOG_ERROR, 1 << 20, 2));
    ca_log_write(&log, CA_LOG_ERROR, "to nowhere");
    ca_log_destroy(&log);
}

/* Lines 0 … 59 of about 80 octets; files hold 1000 octets, 3 are kept. */
static void test_turning_over(void **state)
{
    const struct place *place = *state;
    struct ca_log log;
    int last = 59;
    ca_log_init(&log);
    assert_true(open_log(&log, place->path, CA_LOG_ERROR, 1000, 3));
    for (int i = 0; i <= last; i++)
        ca_log_write(&log, CA_LOG_ERROR, "line %d %030d", i, 0);
    ca_log_destroy(&log);
    for (int number = 0; number < 3; number++) {
        const char *text = read_log(place, number);
        char wanted[32];
        size_t lines = 0;
        assert_in_range(strlen(text), 1, 1000);
        for (const char *p = text; (p = strchr(p, '\n')); p++)
            lines++;
        /* the newest lines, none missing between the files */
        snprintf(wanted, sizeof wanted, "line %d ", last);
        assert_non_null(strstr(text, wanted));
        last -= (int)lines;
        snprintf(wanted, sizeof wanted, "line %d ", last + 1);
        assert_non_null(strstr(text, wanted));
    }
    assert_string_equal(read_log(place, 3), "");
}

static void test_one_file_begins_anew(void **state)
{
    const struct place *place = *state;
    struct ca_log log;
    ca_log_init(&log);
    assert_true(open_log(&log, place->path, CA_LOG_ERROR, 1000, 1));
    for (int i = 0; i < 40; i++)
        ca_log_write(&log, CA_LOG_ERROR, "line %d %030d", i, 0);
    ca_log_destroy(&log);
    assert_in_range(strlen(read_log(place, 0)), 1, 1000);
    assert_non_null(strstr(read_log(place, 0), "line 39 "));
    assert_string_equal(read_log(place, 1), "");
}

/* A line longer than a file gets one to itself. */
static void test_a_long_line_is_kept(void **state)
{
    const struct place *place = *state;
    struct ca_log log;
    ca_log_init(&log);
    assert_true(open_log(&log, place->path, CA_LOG_ERROR, 1000, 2));
    ca_log_write(&log, CA_LOG_ERROR, "short");
    ca_log_write(&log, CA_LOG_ERROR, "%05000d", 7);
    ca_log_destroy(&log);
    assert_non_null(strstr(read_log(place, 0), "0007\n"));
    assert_non_null(strstr(read_log(place, 1), "short\n"));
}

/* A line longer than lines may be is cut, between characters, and says so. */
static void test_a_line_without_end_is_cut(void **state)
{
    static char long_text[200001];
    const struct place *place = *state;
    struct ca_log log;
    for (size_t i = 0; i < sizeof long_text - 1; i += 2)
        memcpy(long_text + i, "\xC3\xBC", 2);
    ca_log_init(&log);
    assert_true(open_log(&log, place->path, CA_LOG_ERROR, 1 << 20, 2));
    ca_log_write(&log, CA_LOG_ERROR, "even %s", long_text);
    ca_log_write(&log, CA_LOG_ERROR, "odd: %s", long_text + 1);
    ca_log_destroy(&log);
    const char *text = read_log(place, 0), *first = strstr(text, "\xC3\xBC ...\n"), *second;
    assert_non_null(strstr(text, "ERROR even \xC3\xBC\xC3\xBC"));
    assert_non_null(first);
    assert_in_range(first - text, 60000, 65536);
    second = strstr(first + 1, "\xC3\xBC ...\n");
    assert_non_null(second);
    assert_in_range(second - first, 60000, 65536);
    assert_string_equal(second, "\xC3\xBC ...\n");
}

/* What stands in the way of renaming costs no line. */
static void test_a_file_that_cannot_be_renamed(void **state)
{
    const struct place *place = *state;
    struct ca_log log;
    char blocker[80], inside[90];
    snprintf(blocker, sizeof blocker, "%s.1", place->path);
    snprintf(inside, sizeof inside, "%s/x", blocker);
    assert_int_equal(mkdir(blocker, 0700), 0);
    assert_int_equal(mkdir(inside, 0700), 0);
    ca_log_init(&log);
    assert_true(open_log(&log, place->path, CA_LOG_ERROR, 1000, 2));
    for (int i = 0; i < 40; i++)
        ca_log_write(&log, CA_LOG_ERROR, "line %d %030d", i, 0);
    ca_log_destroy(&log);
    assert_non_null(strstr(read_log(place, 0), "line 0 "));
    assert_non_null(strstr(read_log(place, 0), "line 39 "));
}

/* The file, then its directory, taken away while it is open. */
static void test_a_file_that_is_removed(void **state)
{
    const struct place *place = *state;
    struct ca_log log;
    ca_log_init(&log);
    assert_true(open_log(&log, place->path, CA_LOG_ERROR, 1 << 20, 2));
    ca_log_write(&log, CA_LOG_ERROR, "before");
    assert_int_equal(unlink(place->path), 0);
    ca_log_write(&log, CA_LOG_ERROR, "after");
    assert_non_null(strstr(read_log(place, 0), "ERROR after\n"));
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(rmdir(place->directory), 0);
    ca_log_write(&log, CA_LOG_ERROR, "to nowhere");
    ca_log_write(&log, CA_LOG_ERROR, "to nowhere");
    assert_int_equal(mkdir(place->directory, 0700), 0);
    ca_log_write(&log, CA_LOG_ERROR, "again");
    assert_non_null(strstr(read_log(place, 0), "ERROR again\n"));
    ca_log_destroy(&log);
}

enum { PROCESSES = 4, THREADS = 3, LINES = 150, FILE_OCTETS = 4096 };

struct writer {
    struct ca_log *log;
    int number;
};

static void *write_lines(void *context)
{
    const struct writer *writer = context;
    for (int i = 0; i < LINES; i++)
        ca_log_write(writer->log, CA_LOG_ERROR, "writer <%d> line <%d> end", writer->number, i);
    return NULL;
}

/* One process: a log that its parent opened, one of its own, threads on both. */
static void write_as_a_process(struct ca_log *inherited, const char *path, int process)
{
    struct ca_log own;
    struct writer writers[THREADS];
    pthread_t threads[THREADS];
    ca_log_init(&own);
    if (!open_log(&own, path, CA_LOG_ERROR, FILE_OCTETS, MANY))
        _exit(1);
    for (int i = 0; i < THREADS; i++) {
        writers[i] = (struct writer){i % 2 ? inherited : &own, process * THREADS + i};
        if (pthread_create(&threads[i], NULL, write_lines, &writers[i]) != 0)
            _exit(1);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    _exit(0);
}

/* Counts the lines of one file by writer and line; false at a line that is not whole. */
static bool count_lines(const char *text, int counts[PROCESSES * THREADS][LINES])
{
    for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
        char *rest;
        const char *writer = strstr(text, "writer <"), *line = strstr(text, "line <");
        if (!writer || !line || writer > end || line > end || memcmp(end - 5, "> end", 5) != 0)
            return false;
        unsigned long w = strtoul(writer + 8, NULL, 10), l = strtoul(line + 6, &rest, 10);
        if (w >= PROCESSES * THREADS || l >= LINES || rest != end - 5)
            return false;
        counts[w][l]++;
    }
    return *text == '\0';
}

static void test_several_processes_and_threads(void **state)
{
    static int counts[PROCESSES * THREADS][LINES];
    const struct place *place = *state;
    struct ca_log log;
    pid_t children[PROCESSES];
    int status, files = 0;
    ca_log_init(&log);
    assert_true(open_log(&log, place->path, CA_LOG_ERROR, FILE_OCTETS, MANY));
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0)
            write_as_a_process(&log, place->path, i);
    }
    for (int i = 0; i < PROCESSES; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    ca_log_destroy(&log);
    for (; files <= MANY && *read_log(place, files); files++)
        assert_true(count_lines(read_log(place, files), counts));
    /* how many there are hangs on who waits for whom: a file grows while somebody is about to turn it over */
    assert_in_range(files, 2, MANY - 1);
    for (int w = 0; w < PROCESSES * THREADS; w++)
        for (int l = 0; l < LINES; l++)
            if (counts[w][l] != 1)
                fail_msg("writer %d, line %d: %d times", w, l, counts[w][l]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        TEST(test_lines_and_levels),
        TEST(test_files_that_are_refused),
        TEST(test_turning_over),
        TEST(test_one_file_begins_anew),
        TEST(test_a_long_line_is_kept),
        TEST(test_a_line_without_end_is_cut),
        TEST(test_a_file_that_cannot_be_renamed),
        TEST(test_a_file_that_is_removed),
        TEST(test_several_processes_and_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
