#include "service/store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/temporary.h"

#define LARGEST_PIECE ((size_t)1 << 40)

void ca_store_init(struct ca_store *store, size_t memory_limit)
{
    ca_buffer_init(&store->memory, LARGEST_PIECE);
    store->memory_limit = memory_limit;
    store->file = -1;
    store->file_octets = 0;
}

static void close_file(struct ca_store *store)
{
    if (store->file >= 0)
        close(store->file);
    store->file = -1;
    store->file_octets = 0;
}

void ca_store_free(struct ca_store *store)
{
    close_file(store);
    ca_buffer_free(&store->memory);
}

void ca_store_clear(struct ca_store *store)
{
    close_file(store);
    ca_buffer_clear(&store->memory);
}

static bool disk_failed(struct ca_error *error)
{
    return ca_error_set(
        error, "HY000", 0,
        "Rows cannot be kept in a temporary file: %s. TMPDIR names the directory, SpoolMemoryBytes "
        "says how many octets stay in memory.",
        strerror(errno));
}

/* Moves what is in memory to the file. */
static bool spill(struct ca_store *store, struct ca_error *error)
{
    if (store->file < 0)
        store->file = ca_temporary_file();
    if (store->file < 0)
        return disk_failed(error);
    for (size_t done = 0; done < store->memory.length;) {
        ssize_t octets = pwrite(store->file, store->memory.data + done, store->memory.length - done,
                                (off_t)(store->file_octets + done));
        if (octets < 0 && errno != EINTR)
            return disk_failed(error);
        done += octets > 0 ? (size_t)octets : 0;
    }
    store->file_octets += store->memory.length;
    ca_buffer_clear(&store->memory);
    return true;
}

bool ca_store_add(struct ca_store *store, const void *data, size_t octets, struct ca_error *error)
{
    if (!ca_buffer_add(&store->memory, data, octets))
        return ca_error_no_memory(error);
    return store->memory.length < store->memory_limit || spill(store, error);
}

static bool read_file(const struct ca_store *store, char *to, size_t octets, uint64_t at)
{
    for (size_t done = 0; done < octets;) {
        ssize_t got = pread(store->file, to + done, octets - done, (off_t)(at + done));
        if (got == 0)
            errno = EIO;
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool ca_store_read(const struct ca_store *store, uint64_t at, char *to, size_t octets, struct ca_error *error)
{
    size_t from_file = at < store->file_octets ? (size_t)(store->file_octets - at) : 0;
    if (from_file > octets)
        from_file = octets;
    if (from_file && !read_file(store, to, from_file, at))
        return disk_failed(error);
    if (octets > from_file)
        memcpy(to + from_file, store->memory.data + (at + from_file - store->file_octets),
               octets - from_file);
    return true;
}
