/*
 * Owns the surroundings of a test program: its directory, its ini files, the services it starts, and talking
 * to their control endpoint. Knows nothing of ODBC but the one environment handle.
 */
#include "harness.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SERVICE_ARGUMENTS_MAX = 64, START_MS = 20000, SETTLE_MS = 3000, ARRIVE_MS = 5000 };

/* ---- small things ---- */

char *text_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return text;
}

char *text_fill(const struct service_process *service, const char *text)
{
    const struct {
        char letter;
        const char *value;
    } values[] = {{'B', service->base}, {'U', HARNESS_USER}, {'T', HARNESS_TOKEN}};
    char *filled = text_format("%s", "");

    while (*text != '\0') {
        size_t plain = strcspn(text, "$"), i = 0;
        while (text[plain] == '$' && i < COUNT_OF(values) && values[i].letter != text[plain + 1])
            i++;
        bool found = text[plain] == '$' && i < COUNT_OF(values);
        size_t kept = text[plain] == '$' && !found ? plain + 1 : plain;
        char *longer = text_format("%s%.*s%s", filled, (int)kept, text, found ? values[i].value : "");
        free(filled);
        filled = longer;
        text += kept + (found ? 2 : 0);
    }
    return filled;
}

int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int64_t ms)
{
    struct timespec rest = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
        ;
}

/* ---- files ---- */

char *harness_path(const struct harness *harness, const char *name)
{
    return text_format("%s/%s", harness->directory, name);
}

static bool put_file(const char *path, const char *text, unsigned mode)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    size_t length = strlen(text), done = 0;
    bool fine = descriptor >= 0 && fchmod(descriptor, (mode_t)mode) == 0;

    while (fine && done < length) {
        ssize_t written = write(descriptor, text + done, length - done);
        fine = written > 0;
        done += fine ? (size_t)written : 0;
    }
    if (descriptor >= 0)
        fine = close(descriptor) == 0 && fine;
    return fine;
}

void write_file(const char *path, const char *text, unsigned mode)
{
    if (!put_file(path, text, mode))
        fail_at(__FILE__, __LINE__, "cannot write %s: %s", path, strerror(errno));
}

char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t room = 0;

    if (file != NULL) {
        if (getdelim(&text, &room, '\0', file) < 0) {
            free(text);
            text = NULL;
        }
        fclose(file);
    }
    return text != NULL ? text : text_format("%s", "");
}

static bool make_directories(const char *path)
{
    char *copy = text_format("%s", path);
    bool fine = true;

    for (char *p = copy + 1; fine; p++)
        if (*p == '/' || *p == '\0') {
            bool last = *p == '\0';
            *p = '\0';
            fine = mkdir(copy, 0755) == 0 || errno == EEXIST;
            if (last)
                break;
            *p = '/';
        }
    free(copy);
    return fine;
}

/* ---- processes ---- */

pid_t start_program(const char *const *arguments, int output)
{
    pid_t parent = getpid();
    pid_t child = fork();

    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(output >= 0 ? output : nothing, STDOUT_FILENO);
    dup2(output >= 0 ? output : nothing, STDERR_FILENO);
    /* execvp promises to leave the texts alone */
    execvp(arguments[0], (char *const *)(uintptr_t)arguments);
    _exit(127);
}

bool run_program(const char *const *arguments)
{
    pid_t child = start_program(arguments, -1);
    int status = 0;

    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static const char *build_directory(void)
{
    const char *build = getenv("CA_BUILD");

    return build != NULL && *build != '\0' ? build : "build";
}

/* Waits for the port file; 0 if the service ends or nothing comes. */
static unsigned read_port(const char *path, pid_t service)
{
    for (int64_t begin = now_ms(); now_ms() - begin < START_MS; sleep_ms(10)) {
        char *text = read_file(path);
        unsigned long port = strtoul(text, NULL, 10);
        free(text);
        if (port > 0 && port <= UINT16_MAX)
            return (unsigned)port;
        if (waitpid(service, NULL, WNOHANG) != 0)
            break;
    }
    return 0;
}

bool service_start(const struct harness *harness, const char *name, const char *const *options,
                   struct service_process *service)
{
    char *program = text_format("%s/connectai-local", build_directory());
    char *port_file = text_format("%s/%s.port", harness->directory, name);
    char *log = text_format("%s/%s.output", harness->directory, name);
    const char *arguments[SERVICE_ARGUMENTS_MAX + 1] = {
        program, "--port", "0", "--port-file", port_file, "--user", HARNESS_USER, "--token", HARNESS_TOKEN};
    size_t count = 9;
    bool tls = false;

    for (; options != NULL && *options != NULL && count < SERVICE_ARGUMENTS_MAX; options++) {
        tls = tls || strcmp(*options, "--tls") == 0;
        arguments[count++] = *options;
    }
    *service = (struct service_process){0};
    unlink(port_file);
    int output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    service->pid = start_program(arguments, output);
    if (output >= 0)
        close(output);
    if (service->pid > 0)
        service->port = read_port(port_file, service->pid);
    if (service->port != 0)
        service->base = text_format("%s://127.0.0.1:%u", tls ? "https" : "http", service->port);
    else
        fprintf(stderr, "%s did not start, see %s\n", program, log);
    free(program);
    free(port_file);
    free(log);
    return service->port != 0;
}

void service_stop(struct service_process *service)
{
    if (service->pid > 0) {
        int64_t begin = now_ms();
        kill(service->pid, SIGTERM);
        while (waitpid(service->pid, NULL, WNOHANG) == 0) {
            if (now_ms() - begin > START_MS)
                kill(service->pid, SIGKILL);
            sleep_ms(5);
        }
    }
    free(service->base);
    *service = (struct service_process){0};
}

/* ---- ODBC configuration ---- */

void add_data_source(const struct harness *harness, const char *name, const char *lines)
{
    char *path = harness_path(harness, "odbc.ini");
    char *before = read_file(path);
    char *after = text_format("%s[%s]\nDriver=%s\n%s\n", before, name, HARNESS_DRIVER, lines);

    write_file(path, after, 0600);
    free(after);
    free(before);
    free(path);
}

/* Points the driver manager at our ini files. iODBC reads narrow text by the locale of the process. */
static bool point_manager(const struct harness *harness, const char *drivers, const char *sources)
{
    if (HARNESS_IODBC)
        return setenv("ODBCINSTINI", drivers, 1) == 0 && setenv("SYSODBCINSTINI", drivers, 1) == 0 &&
               setenv("ODBCINI", sources, 1) == 0 && setenv("SYSODBCINI", sources, 1) == 0 &&
               setlocale(LC_CTYPE, "C.UTF-8") != NULL;
    return setenv("ODBCSYSINI", harness->directory, 1) == 0 && setenv("ODBCINI", sources, 1) == 0 &&
           unsetenv("ODBCINSTINI") == 0;
}

static bool configure(struct harness *harness)
{
    const char *driver = getenv("CA_DRIVER");
    char *given =
        driver != NULL && *driver != '\0'
            ? text_format("%s", driver)
            : text_format("%s/%slibconnectaiodbc.so", build_directory(), HARNESS_IODBC ? "iodbc/" : "");
    char *drivers = harness_path(harness, "odbcinst.ini"), *sources = harness_path(harness, "odbc.ini");
    bool fine = false;

    harness->driver = realpath(given, NULL);
    if (harness->driver == NULL) {
        fprintf(stderr, "there is no driver %s\n", given);
    } else {
        char *entry = text_format("[%s]\nDriver=%s\n", HARNESS_DRIVER, harness->driver);
        /* tests that answer 429 in passing should not be slowed for a minute: test_governor sets its own
         * limit */
        char *source =
            text_format("[%s]\nDriver=%s\nURL=%s/api\nUID=%s\nPWD=%s\nRateLimit=0\n\n", HARNESS_DSN,
                        HARNESS_DRIVER, harness->service.base, HARNESS_USER, HARNESS_TOKEN);
        fine = put_file(drivers, entry, 0600) && put_file(sources, source, 0600) &&
               point_manager(harness, drivers, sources) && setenv("HOME", harness->directory, 1) == 0;
        free(entry);
        free(source);
    }
    free(given);
    free(drivers);
    free(sources);
    return fine;
}

/* ---- talking to a service ---- */

struct reply_text {
    char *text;
    size_t length;
};

static size_t take_reply(char *data, size_t size, size_t count, void *context)
{
    struct reply_text *reply = context;
    size_t octets = size * count;
    char *text = realloc(reply->text, reply->length + octets + 1);

    if (text == NULL)
        return 0;
    memcpy(text + reply->length, data, octets);
    reply->text = text;
    reply->length += octets;
    text[reply->length] = '\0';
    return octets;
}

char *service_call(const struct service_process *service, const char *method, const char *path,
                   const char *body)
{
    CURL *curl = curl_easy_init();
    char *url = text_format("%s%s", service->base, path);
    struct reply_text reply = {text_format("%s", ""), 0};

    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 60000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_reply);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply);
    if (body != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
    CURLcode code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    if (code != CURLE_OK)
        fail_at(__FILE__, __LINE__, "%s %s: %s", method, url, curl_easy_strerror(code));
    free(url);
    return reply.text;
}

/* The text with " for ', unless it has a " of its own. */
static char *quote(const char *text)
{
    char *quoted = text_format("%s", text);

    if (strchr(text, '"') == NULL)
        for (char *p = quoted; *p != '\0'; p++)
            if (*p == '\'')
                *p = '"';
    return quoted;
}

/* A control request that must be accepted. */
static void control(const struct service_process *service, const char *method, const char *path,
                    const char *body)
{
    char *reply = service_call(service, method, path, body);

    if (strstr(reply, "\"ok\":false") != NULL)
        fail_at(__FILE__, __LINE__, "%s %s: %s\n%s", method, path, reply, body != NULL ? body : "");
    free(reply);
}

void faults_set(const struct service_process *service, const char *rules)
{
    char *quoted = quote(rules);

    control(service, "POST", "/control/faults", quoted);
    free(quoted);
}

void fault_reply(const struct service_process *service, const char *body, const char *more)
{
    char *reply = quote(body), *members = quote(more);
    json_object *text = json_object_new_string(reply);
    char *rule = text_format("{\"method\":\"POST\",\"path\":\"/query\",\"reply\":%s%s%s}",
                             json_object_to_json_string(text), *members != '\0' ? "," : "", members);

    control(service, "POST", "/control/faults", rule);
    free(rule);
    json_object_put(text);
    free(reply);
    free(members);
}

void faults_clear(const struct service_process *service)
{
    control(service, "DELETE", "/control/faults", NULL);
}

void control_options(const struct service_process *service, const char *options)
{
    char *quoted = quote(options);

    control(service, "POST", "/control/options", quoted);
    free(quoted);
}

void requests_clear(const struct service_process *service)
{
    control(service, "DELETE", "/control/requests", NULL);
}

static const char *member_text(json_object *object, const char *name)
{
    const char *text = json_object_get_string(json_object_object_get(object, name));

    return text != NULL ? text : "";
}

static bool all_ended(json_object *list)
{
    for (size_t i = 0; i < json_object_array_length(list); i++)
        if (json_object_object_get(json_object_array_get_idx(list, i), "end") == NULL)
            return false;
    return true;
}

json_object *requests_read(const struct service_process *service, bool running)
{
    for (int64_t begin = now_ms();; sleep_ms(10)) {
        char *text = service_call(service, "GET", "/control/requests", NULL);
        json_object *list = json_tokener_parse(text);
        free(text);
        if (!json_object_is_type(list, json_type_array))
            fail_at(__FILE__, __LINE__, "the record of requests is not a list");
        if (running || all_ended(list) || now_ms() - begin > SETTLE_MS)
            return list;
        json_object_put(list);
    }
}

static size_t count_requests(json_object *list, const char *method, const char *path, const char *body)
{
    size_t found = 0;

    for (size_t i = 0; i < json_object_array_length(list); i++) {
        json_object *r = json_object_array_get_idx(list, i);
        found += (method == NULL || strcmp(member_text(r, "method"), method) == 0) &&
                 (path == NULL || strstr(member_text(r, "path"), path) != NULL) &&
                 (body == NULL || strstr(member_text(r, "body"), body) != NULL);
    }
    return found;
}

size_t requests_count(const struct service_process *service, const char *method, const char *path,
                      const char *body)
{
    json_object *list = requests_read(service, true);
    size_t found = count_requests(list, method, path, body);

    json_object_put(list);
    return found;
}

bool requests_wait(const struct service_process *service, const char *path, const char *body, size_t count)
{
    for (int64_t begin = now_ms(); now_ms() - begin < ARRIVE_MS; sleep_ms(5))
        if (requests_count(service, NULL, path, body) >= count)
            return true;
    return false;
}

int64_t service_statistic(const struct service_process *service, const char *name)
{
    char *text = service_call(service, "GET", "/control/stats", NULL);
    json_object *object = json_tokener_parse(text);
    int64_t number = json_object_get_int64(json_object_object_get(object, name));

    free(text);
    json_object_put(object);
    return number;
}

/* ---- the program ---- */

static int reset(void **state)
{
    const struct harness *harness = *state;

    faults_clear(&harness->service);
    control_options(&harness->service, "{\"profile\":\"new\",\"batchReply\":\"each\",\"dialect\":\"default\","
                                       "\"systemTables\":true,\"caseSensitive\":false,\"gzip\":true}");
    requests_clear(&harness->service);
    return 0;
}

static bool harness_open(struct harness *harness, const char *program, const char *const *service_options)
{
    char *relative =
        text_format("%s/%s/%s.d", build_directory(), HARNESS_IODBC ? "iodbc/odbc" : "odbc", program);

    *harness = (struct harness){0};
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (make_directories(relative))
        harness->directory = realpath(relative, NULL);
    free(relative);
    if (harness->directory == NULL) {
        perror(program);
        return false;
    }
    if (!service_start(harness, "service", service_options, &harness->service) || !configure(harness))
        return false;
    harness->env = environment_open(HARNESS_ODBC_NEWEST);
    return harness->env != SQL_NULL_HENV;
}

static void harness_close(struct harness *harness)
{
    if (harness->env != SQL_NULL_HENV)
        SQLFreeHandle(SQL_HANDLE_ENV, harness->env);
    service_stop(&harness->service);
    free(harness->directory);
    free(harness->driver);
    curl_global_cleanup();
}

int harness_main(const char *program, const char *const *service_options, const struct CMUnitTest *tests,
                 size_t count)
{
    struct harness harness;
    struct CMUnitTest *own = calloc(count, sizeof *own);
    int failed = 1;

    if (own != NULL && harness_open(&harness, program, service_options)) {
        for (size_t i = 0; i < count; i++) {
            own[i] = tests[i];
            own[i].initial_state = &harness;
            if (own[i].setup_func == NULL)
                own[i].setup_func = reset;
        }
        failed = _cmocka_run_group_tests(program, own, count, NULL, NULL);
    } else {
        printf("[  FAILED  ] %s: the surroundings cannot be set up\n", program);
    }
    if (own != NULL)
        harness_close(&harness);
    free(own);
    return failed != 0;
}
