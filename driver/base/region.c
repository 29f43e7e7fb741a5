#include "base/region.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/temporary.h"

enum { SMALLEST_IN_MEMORY = 256, SMALLEST_IN_FILE = 64 << 10, LARGEST_STEP = 64 << 20 };

void ca_region_init(struct ca_region *region, size_t memory_limit, size_t maximum)
{
    *region =
        (struct ca_region){.memory_limit = memory_limit > SMALLEST_IN_FILE ? memory_limit : SMALLEST_IN_FILE,
                           .maximum = maximum,
                           .file = -1};
}

void ca_region_free(struct ca_region *region)
{
    if (region->file >= 0) {
        if (region->data)
            munmap(region->data, region->capacity);
        close(region->file);
    } else {
        ca_free(region->data);
    }
    ca_region_init(region, region->memory_limit, region->maximum);
}

static bool fail(struct ca_region *region, int failure)
{
    region->failure = failure;
    return false;
}

static bool grow_memory(struct ca_region *region, size_t capacity)
{
    char *data = ca_realloc(region->data, capacity);
    if (!data)
        return fail(region, ENOMEM);
    region->data = data;
    region->capacity = capacity;
    return true;
}

/* A mapping of the file with its space reserved; NULL: failed. */
static char *map_file(struct ca_region *region, size_t capacity)
{
    int failure;
    do
        failure = posix_fallocate(region->file, 0, (off_t)capacity);
    while (failure == EINTR);
    if (failure) {
        fail(region, failure);
        return NULL;
    }
    void *data = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, region->file, 0);
    if (data != MAP_FAILED)
        return data;
    fail(region, errno);
    return NULL;
}

static bool grow_file(struct ca_region *region, size_t capacity)
{
    char *data = map_file(region, capacity);
    if (!data)
        return false;
    munmap(region->data, region->capacity);
    region->data = data;
    region->capacity = capacity;
    return true;
}

static bool move_to_file(struct ca_region *region, size_t capacity)
{
    region->file = ca_temporary_file();
    if (region->file < 0)
        return fail(region, errno);
    char *data = map_file(region, capacity);
    if (!data) {
        close(region->file);
        region->file = -1;
        return false;
    }
    if (region->length)
        memcpy(data, region->data, region->length);
    ca_free(region->data);
    region->data = data;
    region->capacity = capacity;
    return true;
}

/* Doubles, in steps of at most 64 MiB. */
static size_t next_capacity(const struct ca_region *region, size_t needed, size_t smallest)
{
    size_t capacity = region->capacity > smallest ? region->capacity : smallest;
    while (capacity < needed)
        capacity += capacity < LARGEST_STEP ? capacity : LARGEST_STEP;
    return capacity;
}

bool ca_region_reserve(struct ca_region *region, size_t octets)
{
    if (region->failure)
        return false;
    if (octets > region->maximum || region->length > region->maximum - octets)
        return fail(region, EFBIG);
    size_t needed = region->length + octets;
    if (needed <= region->capacity)
        return true;
    if (needed <= region->memory_limit) {
        size_t capacity = next_capacity(region, needed, SMALLEST_IN_MEMORY);
        return grow_memory(region, capacity < region->memory_limit ? capacity : region->memory_limit);
    }
    size_t capacity = next_capacity(region, needed, SMALLEST_IN_FILE);
    return region->file < 0 ? move_to_file(region, capacity) : grow_file(region, capacity);
}

bool ca_region_add(struct ca_region *region, const void *data, size_t octets)
{
    if (!ca_region_reserve(region, octets))
        return false;
    if (octets)
        memcpy(region->data + region->length, data, octets);
    region->length += octets;
    return true;
}

void ca_region_trim(struct ca_region *region)
{
    /* What a file reserves costs no memory and ends with it. */
    if (region->file >= 0 || !region->length || region->length == region->capacity)
        return;
    char *data = ca_realloc(region->data, region->length);
    if (!data)
        return;
    region->data = data;
    region->capacity = region->length;
}

bool ca_region_error(const struct ca_region *region, struct ca_error *error)
{
    if (region->failure == ENOMEM)
        return ca_error_no_memory(error);
    return ca_error_set(
        error, "HY000", 0,
        "Rows cannot be kept in a temporary file: %s. TMPDIR names its directory, SpoolMemoryBytes "
        "says how much stays in memory.",
        strerror(region->failure));
}
