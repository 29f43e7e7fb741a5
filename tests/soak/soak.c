/*
 * Many threads do everything at once for a long time, against a service that does everything wrong: every
 * outcome must be one that the table in work.c allows, no write may reach the service twice, and in the end
 * the process must be as it was: no descriptor more, no memory that grows. CA_SOAK_SECONDS says how long
 * (60).
 */
#include "harness.h"
#include "work.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    THREADS = 16,
    STRETCHES = 5,
    WARM = 2, /* by then each of the C library's arenas has had a buffer of each kind */
    CANCEL_MS = 3,
    WATCH_MS = 1000,
    NUMBERS = 1 << 20,
    MARGIN_KB = 6 * 1024
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool memory_counts = false; /* the sanitizer's own, which sees leaks better */
#else
static const bool memory_counts = true;
#endif

struct soak {
    struct harness *harness;
    struct driver driver;
    struct worker workers[THREADS];
    atomic_bool stop;
    unsigned char *seen; /* a bit for each write of each thread */
    unsigned long writes, twice;
};

/* ---- the process ---- */

static int open_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    int count = -1; /* the directory's own */

    while (directory != NULL && readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static long resident_kb(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    long size = 0, resident = 0;

    if (file != NULL && fscanf(file, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    if (file != NULL)
        fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* A last connection that keeps nothing sweeps the pool of what has idled its second. */
static void settle_process(struct soak *s)
{
    struct worker w = {0};
    const struct driver *d = &s->driver;
    char *text = text_format("URL=%s/api;UID=%s;PWD=%s;KeepAliveSeconds=0", s->harness->service.base,
                             HARNESS_USER, HARNESS_TOKEN);

    sleep_ms(1100);
    assert_int_equal(d->SQLAllocHandle(SQL_HANDLE_DBC, d->env, &w.dbc), SQL_SUCCESS);
    assert_int_equal(
        d->SQLDriverConnect(w.dbc, NULL, (SQLCHAR *)text, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT),
        SQL_SUCCESS);
    assert_int_equal(d->SQLAllocHandle(SQL_HANDLE_STMT, w.dbc, &w.stmt), SQL_SUCCESS);
    assert_int_equal(d->SQLExecDirect(w.stmt, (SQLCHAR *)(uintptr_t) "SELECT 1 AS a", SQL_NTS), SQL_SUCCESS);
    assert_int_equal(d->SQLDisconnect(w.dbc), SQL_SUCCESS);
    assert_int_equal(d->SQLFreeHandle(SQL_HANDLE_DBC, w.dbc), SQL_SUCCESS);
    malloc_trim(0);
    free(text);
}

/* ---- the service's record ---- */

/* Notes the mark of a request that writes; each may come once. */
static void note_request(struct soak *s, const char *body)
{
    unsigned thread;
    unsigned long number;

    for (const char *p = body; (p = strchr(p, 'w')) != NULL; p++) {
        if (sscanf(p, WRITE_MARK, &thread, &number) != 2 || thread >= THREADS || number >= NUMBERS)
            continue;
        unsigned char *seen = &s->seen[thread * (NUMBERS / 8) + number / 8];
        unsigned char bit = (unsigned char)(1 << number % 8);
        if (*seen & bit) {
            s->twice++;
            fprintf(stderr, "sent twice: %.300s\n", body);
        }
        *seen |= bit;
        s->writes++;
        return;
    }
}

/* Reads the record and clears it. What arrives in between is not looked at. */
static void watch_requests(struct soak *s)
{
    json_object *list = requests_read(&s->harness->service, true);

    requests_clear(&s->harness->service);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        json_object *r = json_object_array_get_idx(list, i);
        const char *body = json_object_get_string(json_object_object_get(r, "body"));
        if (body != NULL)
            note_request(s, body);
    }
    json_object_put(list);
}

/* ---- stretches ---- */

static void *cancel_by_chance(void *context)
{
    struct soak *s = context;

    for (unsigned i = 0; !atomic_load(&s->stop); i++) {
        struct worker *w = &s->workers[i * 7 % THREADS];
        SQLHANDLE target = atomic_load(&w->target);
        if (target != SQL_NULL_HANDLE) {
            atomic_fetch_add(&w->cancels, 1);
            s->driver.SQLCancel(target);
        }
        sleep_ms(CANCEL_MS);
    }
    return NULL;
}

static void run_stretch(struct soak *s, int64_t ms)
{
    pthread_t canceller;

    atomic_store(&s->stop, false);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&s->workers[i].thread, NULL, soak_work, &s->workers[i]), 0);
    assert_int_equal(pthread_create(&canceller, NULL, cancel_by_chance, s), 0);
    for (int64_t begin = now_ms(); now_ms() - begin < ms;) {
        sleep_ms(WATCH_MS);
        watch_requests(s);
    }
    atomic_store(&s->stop, true);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(s->workers[i].thread, NULL);
    pthread_join(canceller, NULL);
    watch_requests(s);
}

/* ---- the account ---- */

static unsigned long outcomes_of(const struct soak *s, int work, int fault, const char *state)
{
    unsigned long sum = 0;

    for (unsigned i = 0; i < THREADS; i++)
        for (int o = 0; o < s->workers[i].outcome_count; o++) {
            const struct outcome *x = &s->workers[i].outcomes[o];
            if (x->work == work && x->fault == fault && (state == NULL || strcmp(x->state, state) == 0))
                sum += x->count;
        }
    return sum;
}

static void print_account(const struct soak *s)
{
    static const char *const states[] = {"OK", "HY008", "HY000", "HYT00", "08S01", "28000", "HY010"};
    unsigned long all = 0;

    for (int fault = 0; fault < FAULT_COUNT; fault++)
        for (int work = 0; work < WORK_COUNT; work++) {
            unsigned long sum = outcomes_of(s, work, fault, NULL);
            if (sum == 0)
                continue;
            printf("%-8s %-9s", soak_faults[fault].name, soak_work_names[work]);
            for (size_t i = 0; i < COUNT_OF(states); i++)
                if (outcomes_of(s, work, fault, states[i]) != 0)
                    printf("  %s %lu", states[i], outcomes_of(s, work, fault, states[i]));
            printf("\n");
            all += sum;
        }
    printf("%lu pieces of work, %lu writes\n", all, s->writes);
}

static void set_faults(struct soak *s)
{
    for (int i = 0; i < FAULT_COUNT; i++)
        if (soak_faults[i].rule != NULL) {
            char *rule = text_format("{'body': '%s', %s}", soak_faults[i].name, soak_faults[i].rule);
            for (char *p = rule; *p != '\0'; p++)
                *p = *p == '\'' ? '"' : *p;
            faults_set(&s->harness->service, rule);
            free(rule);
        }
}

static void soak(void **state)
{
    const char *given = getenv("CA_SOAK_SECONDS");
    int64_t seconds = given != NULL && atoi(given) > 0 ? atoi(given) : 60;
    struct soak *s = calloc(1, sizeof *s);
    long resident[STRETCHES] = {0};
    int descriptors[STRETCHES] = {0};
    unsigned long long strange = 0;

    s->harness = *state;
    s->seen = calloc(THREADS, NUMBERS / 8);
    assert_true(driver_open(&s->driver, s->harness->driver));
    for (unsigned i = 0; i < THREADS; i++)
        s->workers[i] = (struct worker){.driver = &s->driver,
                                        .address = s->harness->service.base,
                                        .stop = &s->stop,
                                        .number = i,
                                        .random = 88172645463325252u + i * 7919u};
    set_faults(s);
    for (int i = 0; i < STRETCHES; i++) {
        run_stretch(s, seconds * 1000 / STRETCHES);
        settle_process(s);
        resident[i] = resident_kb();
        descriptors[i] = open_descriptors();
        printf("after %d of %d stretches: %ld KB resident, %d descriptors\n", i + 1, STRETCHES, resident[i],
               descriptors[i]);
        fflush(stdout);
    }
    print_account(s);
    for (unsigned i = 0; i < THREADS; i++)
        strange += s->workers[i].strange;
    assert_int_equal(strange, 0);
    assert_int_equal(s->twice, 0);
    assert_true(s->writes > 0);
    assert_int_equal(descriptors[STRETCHES - 1], descriptors[0]);
    if (memory_counts)
        assert_true(resident[STRETCHES - 1] <= resident[WARM] + MARGIN_KB);
    driver_close(&s->driver);
    free(s->seen);
    free(s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(soak)};

    return harness_main("soak", NULL, tests, COUNT_OF(tests));
}
