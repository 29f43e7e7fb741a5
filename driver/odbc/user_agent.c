#include "odbc/user_agent.h"

#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "odbc/version.h"

enum { LONGEST_APPLICATION = 128 };

/* A driver manager does not tell a driver its version; the name of its file does. */
struct manager {
    const char *name;
    char *path; /* owned */
};

static int find_manager(struct dl_phdr_info *info, size_t size, void *context)
{
    static const char *const files[][2] = {{"libodbc.so.", "unixODBC"}, {"libiodbc.so.", "iODBC"}};
    const char *slash = info->dlpi_name ? strrchr(info->dlpi_name, '/') : NULL;
    struct manager *manager = context;
    (void)size;
    for (size_t i = 0; slash && i < sizeof files / sizeof *files; i++)
        if (strncmp(slash + 1, files[i][0], strlen(files[i][0])) == 0) {
            manager->name = files[i][1];
            manager->path = ca_strdup(info->dlpi_name);
            return 1;
        }
    return 0;
}

/* Appends `; unixODBC libodbc.so.2.0.0`, or nothing where the driver is used without a manager. */
static void add_manager(struct ca_buffer *text)
{
    struct manager manager = {NULL, NULL};
    dl_iterate_phdr(find_manager, &manager);
    char *real = manager.path ? realpath(manager.path, NULL) : NULL;
    const char *path = real ? real : manager.path;
    if (path)
        ca_buffer_add_format(text, "; %s %s", manager.name, strrchr(path, '/') + 1);
    free(real);
    ca_free(manager.path);
}

/* Appends printable ASCII, a question mark for each other character of UTF-8 text. */
static void add_printable(struct ca_buffer *text, const char *value)
{
    for (int count = 0; *value && count < LONGEST_APPLICATION; value++) {
        unsigned char octet = (unsigned char)*value;
        if ((octet & 0xC0) == 0x80)
            continue;
        ca_buffer_add_char(text, octet >= 0x20 && octet < 0x7F ? *value : '?');
        count++;
    }
}

void ca_user_agent_write(struct ca_buffer *text, const char *application)
{
    struct utsname machine;
    ca_buffer_add_format(text, "connectai-odbc/%s (ODBC 3.80", CA_VERSION_TEXT);
    add_manager(text);
    if (uname(&machine) == 0)
        ca_buffer_add_format(text, "; %s %s", machine.sysname, machine.machine);
    ca_buffer_add_text(text, ") ");
    add_printable(text, *application ? application : program_invocation_short_name);
}
