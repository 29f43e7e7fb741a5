#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/utf.h"

enum { LONGEST_LINE = 64 * 1024, LONGEST_PATH = 1 << 16 };

void ca_log_init(struct ca_log *log)
{
    memset(log, 0, sizeof *log);
    pthread_mutex_init(&log->lock, NULL);
    log->descriptor = -1;
}

/* ---- the file ---- */

/* An existing file must be the user's alone, and under one name. */
static const char *objection(int descriptor)
{
    struct stat status;
    const char *why = ca_file_objection(descriptor);
    if (!why && fstat(descriptor, &status) == 0 && status.st_nlink > 1)
        why = "it has another name besides this one";
    return why;
}

/* The descriptor, or -1 with the reason in *why. O_NONBLOCK: a pipe without a reader must not hold the
 * connection up; it is refused afterwards. */
static int open_file(const char *path, const char **why)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    if (descriptor < 0)
        *why = errno == ELOOP ? "it is a link" : strerror(errno); /* O_NOFOLLOW */
    else
        *why = objection(descriptor);
    if (*why && descriptor >= 0) {
        close(descriptor);
        descriptor = -1;
    }
    return descriptor;
}

/* PATH.1 becomes PATH.2 and so on, the last one goes, PATH becomes PATH.1. */
static void shift(const struct ca_log *log)
{
    struct ca_buffer from = CA_BUFFER_INIT(LONGEST_PATH);
    struct ca_buffer to = CA_BUFFER_INIT(LONGEST_PATH);
    if (log->settings.files == 1)
        unlink(log->path);
    for (int n = log->settings.files - 1; n > 0; n--) {
        ca_buffer_clear(&from);
        ca_buffer_clear(&to);
        ca_buffer_add_text(&from, log->path);
        if (n > 1)
            ca_buffer_add_format(&from, ".%d", n - 1);
        if (ca_buffer_add_format(&to, "%s.%d", log->path, n) && !from.failure)
            rename(from.data, to.data);
    }
    ca_buffer_free(&from);
    ca_buffer_free(&to);
}

/* The path leads to the file that is open. */
static bool is_current(const struct ca_log *log, const struct stat *opened)
{
    struct stat named;
    return lstat(log->path, &named) == 0 && named.st_dev == opened->st_dev && named.st_ino == opened->st_ino;
}

static void reopen(struct ca_log *log)
{
    const char *why;
    int descriptor = open_file(log->path, &why);
    if (descriptor < 0)
        return; /* the old file takes what comes */
    close(log->descriptor);
    log->descriptor = descriptor;
    log->limit = log->settings.octets;
    log->owner = getpid();
}

/* The file is full, or somebody else has turned it over or removed it. Whoever gets the lock turns over; the
 * others write on, beyond the length if need be, and see the new file the next time: nobody waits, and
 * nothing is lost. */
static void turn_over(struct ca_log *log, const struct stat *opened)
{
    if (flock(log->descriptor, LOCK_EX | LOCK_NB) != 0)
        return;
    if (is_current(log, opened))
        shift(log);
    if (is_current(log, opened)) {
        /* It cannot be renamed: tried again when it has grown by as much once more. */
        log->limit = (int64_t)opened->st_size + log->settings.octets;
        flock(log->descriptor, LOCK_UN);
    } else {
        reopen(log); /* closing the old file unlocks it */
    }
}

static void check_file(struct ca_log *log, size_t octets)
{
    struct stat status;
    if (log->owner != getpid())
        reopen(log);
    if (fstat(log->descriptor, &status) == 0 &&
        (status.st_nlink == 0 || (status.st_size && (int64_t)status.st_size + (int64_t)octets > log->limit)))
        turn_over(log, &status);
}

/* ---- open and closed ---- */

bool ca_log_open(struct ca_log *log, const struct ca_log_settings *settings, struct ca_error *error)
{
    const char *why;
    ca_log_close(log);
    if (!*settings->path || settings->level <= 0)
        return true;
    int descriptor = open_file(settings->path, &why);
    if (descriptor < 0)
        return ca_error_set(error, "01000", 0, "Logfile=%s cannot be used: %s. Nothing is logged.",
                            settings->path, why);
    pthread_mutex_lock(&log->lock);
    log->path = ca_strdup(settings->path);
    log->descriptor = descriptor;
    log->settings = *settings;
    log->settings.path = log->path;
    log->limit = settings->octets;
    log->owner = getpid();
    pthread_mutex_unlock(&log->lock);
    if (!log->path) {
        ca_log_close(log);
        return ca_error_no_memory(error);
    }
    atomic_store(&log->level, settings->level);
    return true;
}

void ca_log_close(struct ca_log *log)
{
    atomic_store(&log->level, 0);
    pthread_mutex_lock(&log->lock);
    if (log->descriptor >= 0)
        close(log->descriptor);
    log->descriptor = -1;
    ca_free(log->path);
    log->path = NULL;
    pthread_mutex_unlock(&log->lock);
}

void ca_log_destroy(struct ca_log *log)
{
    ca_log_close(log);
    pthread_mutex_destroy(&log->lock);
}

/* ---- lines ---- */

static void add_head(struct ca_buffer *line, enum ca_log_level level)
{
    static const char *const names[] = {"", "ERROR", "WARN", "REQUEST", "CALL", "DETAIL"};
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    ca_buffer_add_format(line, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %d/%d %s ", utc.tm_year + 1900,
                         utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                         now.tv_nsec / 1000000, (int)getpid(), (int)gettid(), names[level]);
}

/* What is too long for a line is cut. */
static void add_text(struct ca_buffer *line, const char *format, va_list arguments)
{
    static const char more[] = " ...";
    va_list again;
    va_copy(again, arguments);
    if (!ca_buffer_add_format_args(line, format, arguments) && line->failure == CA_BUFFER_TOO_BIG) {
        size_t room = line->maximum - line->length - sizeof more;
        line->failure = CA_BUFFER_OK;
        if (ca_buffer_reserve(line, room) && vsnprintf(line->data + line->length, room, format, again) > 0) {
            line->length += ca_utf8_cut(line->data + line->length, room - 1, room - 2);
            ca_buffer_add_text(line, more);
        }
    }
    va_end(again);
}

void ca_log_write(struct ca_log *log, enum ca_log_level level, const char *format, ...)
{
    if (!ca_log_wants(log, level))
        return;
    va_list arguments;
    struct ca_buffer line = CA_BUFFER_INIT(LONGEST_LINE);
    add_head(&line, level);
    va_start(arguments, format);
    add_text(&line, format, arguments);
    va_end(arguments);
    /* What comes from outside stays on its line. */
    for (size_t i = 0; i < line.length; i++)
        if ((unsigned char)line.data[i] < 0x20 || line.data[i] == 0x7F)
            line.data[i] = ' ';
    line.failure = CA_BUFFER_OK;
    ca_buffer_add_char(&line, '\n');
    pthread_mutex_lock(&log->lock);
    if (log->descriptor >= 0 && line.length) {
        check_file(log, line.length);
        /* One write a line: appending keeps lines of several processes apart. A full disk must not stop the
         * application. */
        while (write(log->descriptor, line.data, line.length) < 0 && errno == EINTR)
            ;
    }
    pthread_mutex_unlock(&log->lock);
    ca_buffer_free(&line);
}
