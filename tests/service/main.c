/*
 * connectai-local: a local Connect AI service over SQLite.
 * Owns start and stop; knows nothing of what lies between.
 */
#include "http.h"
#include "options.h"
#include "service.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tells the port through a file that is there whole or not at all. */
static bool write_port_file(const char *name, unsigned port)
{
    char *unfinished = string_format("%s.new", name);
    FILE *file = unfinished != NULL ? fopen(unfinished, "we") : NULL;
    bool fine = false;

    if (file != NULL) {
        fine = fprintf(file, "%u\n", port) > 0;
        fine = fclose(file) == 0 && fine && rename(unfinished, name) == 0;
    }
    free(unfinished);
    return fine;
}

static void announce(const struct options *options, unsigned port)
{
    bool colon = strchr(options->bind, ':') != NULL;

    printf("listening on %s://%s%s%s:%u/api\n", options->tls_certificate != NULL ? "https" : "http",
           colon ? "[" : "", options->bind, colon ? "]" : "", port);
    printf("user %s\ntoken %s\n", options->user, options->token);
    fflush(stdout);
}

/* Serves until SIGINT or SIGTERM, which are blocked in every thread. */
static bool serve(struct service *service, const sigset_t *ends, struct problem *problem)
{
    const struct options *options = service->options;
    struct http *http = http_start(service, problem);
    int signal_number;

    if (http == NULL)
        return false;
    unsigned port = http_port(http);
    if (options->port_file != NULL && !write_port_file(options->port_file, port)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "cannot write %s", options->port_file);
    } else {
        announce(options, port);
        sigwait(ends, &signal_number);
    }
    atomic_store(&service->stopping, true);
    http_stop(http);
    return problem->code == PROBLEM_NONE;
}

int main(int argc, char **argv)
{
    struct options options;
    struct service service;
    struct problem problem = {0};
    sigset_t ends;
    int status = EXIT_FAILURE;

    if (!options_read(&options, argc, argv))
        goto out;
    if (options.help) {
        options_help();
        status = EXIT_SUCCESS;
        goto out;
    }
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* else every allocation of every request meets at one lock */
    if (service_open(&service, &options, &problem) && serve(&service, &ends, &problem))
        status = EXIT_SUCCESS;
    else
        fprintf(stderr, "connectai-local: %s\n", problem.message != NULL ? problem.message : "out of memory");
    service_close(&service);
out:
    problem_free(&problem);
    options_free(&options);
    return status;
}
