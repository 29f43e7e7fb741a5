/*
 * The workspaces of the account: assets under names of their own.
 */
#ifndef SERVICE_WORKSPACE_H
#define SERVICE_WORKSPACE_H

#include <stddef.h>

/* Folder of the assets that are in none (SERVICE.md section 1). */
#define WORKSPACE_ROOT "ROOT"

struct asset {
    const char *folder;
    const char *name;
    const char *catalog; /* where it really is */
    const char *schema;
    const char *table;
};

struct workspace {
    const char *name;
    const struct asset *assets; /* in order of folder and name */
    size_t count;
};

const struct workspace *workspaces_all(size_t *count);

#endif
