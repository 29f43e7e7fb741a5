/* Arguments of catalog functions: patterns, literals, identifiers. */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/utf.h"
#include "odbc/catalog.h"

static bool acts_as_pattern(const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' && (text[1] == '_' || text[1] == '%' || text[1] == '\\'))
            text++;
        else if (*text == '%' || *text == '_')
            return true;
    }
    return false;
}

/* Undoes \_ \% \\; other backslashes are themselves. */
static char *unescape(const char *text)
{
    char *plain = ca_strdup(text);
    char *to = plain;
    for (; plain && *text; text++) {
        if (*text == '\\' && (text[1] == '_' || text[1] == '%' || text[1] == '\\'))
            text++;
        *to++ = *text;
    }
    if (plain)
        *to = '\0';
    return plain;
}

/* An identifier: blanks around it go, and so do quotes of either kind, with the doubling inside them. */
static char *read_identifier(const struct ca_text *argument)
{
    size_t octets = argument->octets;
    const char *text = ca_text_trim(argument->text, &octets);
    bool quoted = octets >= 2 && ((text[0] == '"' && text[octets - 1] == '"') ||
                                  (text[0] == '[' && text[octets - 1] == ']'));
    if (!quoted)
        return ca_strndup(text, octets);
    char close = text[octets - 1];
    char *name = ca_strndup(text + 1, octets - 2);
    char *to = name;
    for (const char *from = name; name && *from; from++) {
        if (from[0] == close && from[1] == close)
            from++;
        *to++ = *from;
    }
    if (name)
        *to = '\0';
    return name;
}

static bool no_memory(struct ca_statement *statement, struct ca_match *match)
{
    ca_match_free(match);
    ca_post_state(&statement->handle, "HY001");
    return false;
}

bool ca_match_read(struct ca_statement *statement, struct ca_match *match, const struct ca_text *argument,
                   enum ca_argument kind)
{
    bool identifier = statement->metadata_id == SQL_TRUE;
    bool empty_is_all = ca_option_number(&statement->connection->options, CA_OPTION_EMPTY_AS_ALL) != 0;
    memset(match, 0, sizeof *match);
    if (!argument->text && identifier) {
        ca_post(&statement->handle, "HY009", "With SQL_ATTR_METADATA_ID every name must be given.");
        return false;
    }
    if (!argument->text || (!argument->octets && empty_is_all)) {
        match->any = true;
        return true;
    }
    match->text = identifier ? read_identifier(argument) : ca_strdup(argument->text);
    if (!match->text)
        return no_memory(statement, match);
    if (kind == CA_ARGUMENT_LITERAL || identifier) {
        match->plain = ca_strdup(match->text);
        return match->plain || no_memory(statement, match);
    }
    match->any = match->text[strspn(match->text, "%")] == '\0' && *match->text;
    match->pattern = acts_as_pattern(match->text);
    if (!match->any && !match->pattern) {
        match->plain = unescape(match->text);
        return match->plain || no_memory(statement, match);
    }
    return true;
}

bool ca_match_set(struct ca_match *match, const char *name)
{
    ca_match_free(match);
    match->text = ca_strdup(name);
    match->plain = ca_strdup(name);
    return match->text && match->plain;
}

void ca_match_free(struct ca_match *match)
{
    ca_free(match->text);
    ca_free(match->plain);
    memset(match, 0, sizeof *match);
}

/* LIKE with % _ and \ over characters, without regard to case; linear but for the % that is open. */
static bool like(const char *pattern, const char *text, size_t octets)
{
    const char *end = text + octets;
    const char *open_pattern = NULL;
    const char *open_text = NULL;
    for (;;) {
        if (*pattern == '%') {
            open_pattern = ++pattern;
            open_text = text;
            continue;
        }
        if (text == end && !*pattern)
            return true;
        if (text < end && *pattern) {
            bool wild = *pattern == '_';
            const char *p = pattern;
            if (*p == '\\' && (p[1] == '_' || p[1] == '%' || p[1] == '\\'))
                p++;
            uint32_t wanted;
            uint32_t found;
            size_t wanted_octets = ca_utf8_read(p, strlen(p) < 4 ? strlen(p) : 4, &wanted);
            size_t found_octets = ca_utf8_read(text, (size_t)(end - text), &found);
            if (wild || ca_text_fold(wanted) == ca_text_fold(found)) {
                pattern = p + wanted_octets;
                text += found_octets;
                continue;
            }
        }
        if (!open_pattern || open_text >= end)
            return false;
        uint32_t passed;
        open_text += ca_utf8_read(open_text, (size_t)(end - open_text), &passed);
        pattern = open_pattern;
        text = open_text;
    }
}

bool ca_match_test(const struct ca_match *match, const char *text, size_t octets)
{
    if (match->any)
        return true;
    if (match->plain)
        return ca_text_compare_fold(match->plain, strlen(match->plain), text, octets) == 0;
    return like(match->text, text, octets);
}

bool ca_match_cell(const struct ca_match *match, struct ca_cell cell)
{
    return cell.kind == CA_CELL_NULL ? ca_match_test(match, "", 0)
                                     : ca_match_test(match, cell.text, cell.octets);
}

const char *ca_match_filter(const struct ca_match *match)
{
    /* A real pattern with an escape is not sent: the service's LIKE has none. */
    if (match->any)
        return NULL;
    return match->plain ? match->plain : strchr(match->text, '\\') ? NULL : match->text;
}
