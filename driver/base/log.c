#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"

enum { LARGEST_LOG = 16 * 1024 * 1024, LONGEST_LINE = 64 * 1024 };

void ca_log_init(struct ca_log *log)
{
    pthread_mutex_init(&log->lock, NULL);
    log->descriptor = -1;
    log->level = 0;
}

/* O_NONBLOCK: a pipe without a reader must not hold the connection up; it is refused afterwards. */
static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
}

/* An existing file must be regular, the user's own, and closed to others. */
static const char *objection(int descriptor, off_t *size)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return strerror(errno);
    *size = status.st_size;
    if (!S_ISREG(status.st_mode))
        return "it is not a regular file";
    if (status.st_uid != geteuid())
        return "it belongs to another user";
    return status.st_mode & 077 ? "others may read or write it (chmod 600)" : NULL;
}

static void rotate(const char *path)
{
    struct ca_buffer old = CA_BUFFER_INIT(1 << 16);
    if (ca_buffer_add_format(&old, "%s.1", path))
        rename(path, old.data);
    ca_buffer_free(&old);
}

bool ca_log_open(struct ca_log *log, const char *path, int level, struct ca_error *error)
{
    off_t size = 0;
    ca_log_close(log);
    if (!*path || level <= 0)
        return true;
    int descriptor = open_file(path);
    const char *why = descriptor < 0 ? strerror(errno) : objection(descriptor, &size);
    if (!why && size > LARGEST_LOG) {
        close(descriptor);
        rotate(path);
        descriptor = open_file(path);
        why = descriptor < 0 ? strerror(errno) : NULL;
    }
    if (why) {
        if (descriptor >= 0)
            close(descriptor);
        return ca_error_set(error, "HY000", 0, "Logfile=%s cannot be used: %s.", path, why);
    }
    log->descriptor = descriptor;
    log->level = level;
    return true;
}

void ca_log_close(struct ca_log *log)
{
    if (log->descriptor >= 0)
        close(log->descriptor);
    log->descriptor = -1;
    log->level = 0;
}

void ca_log_destroy(struct ca_log *log)
{
    ca_log_close(log);
    pthread_mutex_destroy(&log->lock);
}

static void add_head(struct ca_buffer *line, enum ca_log_level level)
{
    static const char *const names[] = {"", "ERROR", "WARN", "REQUEST", "CALL", "DETAIL"};
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    ca_buffer_add_format(line, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %d %s ", utc.tm_year + 1900,
                         utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                         now.tv_nsec / 1000000, (int)getpid(), names[level]);
}

void ca_log_write(struct ca_log *log, enum ca_log_level level, const char *format, ...)
{
    if (!ca_log_wants(log, level))
        return;
    va_list arguments;
    struct ca_buffer line = CA_BUFFER_INIT(LONGEST_LINE);
    add_head(&line, level);
    va_start(arguments, format);
    ca_buffer_add_format_args(&line, format, arguments);
    va_end(arguments);
    /* What comes from outside stays on its line. */
    for (size_t i = 0; i < line.length; i++)
        if ((unsigned char)line.data[i] < 0x20)
            line.data[i] = ' ';
    line.failure = CA_BUFFER_OK;
    ca_buffer_add_char(&line, '\n');
    pthread_mutex_lock(&log->lock);
    if (log->descriptor >= 0 && line.length) {
        ssize_t written = write(log->descriptor, line.data, line.length);
        (void)written; /* a full disk must not stop the application */
    }
    pthread_mutex_unlock(&log->lock);
    ca_buffer_free(&line);
}
