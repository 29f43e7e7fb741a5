/* Owns the choice of the markers' prefix. Must not know what the text means. */
#include "sql/marker.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

/* Finds the next `@p` at or behind `at`; returns the place behind it, 0 if there is none. */
static size_t next_candidate(const char *text, size_t octets, size_t at)
{
    while (at + 1 < octets) {
        const char *found = memchr(text + at, '@', octets - at - 1);
        if (!found)
            return 0;
        at = (size_t)(found - text) + 1;
        if (ca_text_lower(text[at]) == 'p')
            return at + 1;
    }
    return 0;
}

/* `_` is number 0, `7_` is number 7; anything else, and what is not below `limit`, gives `limit`. */
static size_t candidate_number(const char *text, size_t octets, size_t at, size_t limit)
{
    size_t number = 0;
    if (at < octets && text[at] == '0')
        return limit;
    for (; at < octets && text[at] >= '0' && text[at] <= '9'; at++) {
        number = number * 10 + (size_t)(text[at] - '0');
        if (number >= limit)
            return limit;
    }
    return at < octets && text[at] == '_' ? number : limit;
}

bool ca_sql_marker_prefix(const char *text, size_t octets, char prefix[CA_SQL_PREFIX_OCTETS])
{
    size_t count = 0;
    for (size_t at = 0; (at = next_candidate(text, octets, at)) != 0;)
        count++;
    if (count == 0) {
        snprintf(prefix, CA_SQL_PREFIX_OCTETS, "p");
        return true;
    }
    /* `count` names cannot take all of `count` + 1 prefixes. */
    bool *taken = ca_calloc(count + 2, sizeof *taken);
    if (!taken)
        return false;
    for (size_t at = 0; (at = next_candidate(text, octets, at)) != 0;)
        taken[candidate_number(text, octets, at, count + 1)] = true;
    size_t number = 0;
    while (number < count && taken[number])
        number++;
    ca_free(taken);
    if (number == 0)
        snprintf(prefix, CA_SQL_PREFIX_OCTETS, "p_");
    else
        snprintf(prefix, CA_SQL_PREFIX_OCTETS, "p%zu_", number);
    return true;
}
