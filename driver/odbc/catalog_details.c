/* Rows about the parts of what has a name: columns of tables, parameters of procedures. Asked for by the
 * arguments where they say where it is, else by the names that the list of tables or procedures has: without
 * a catalog the service would ask every source of the account. */
#include "base/text.h"
#include "odbc/catalog.h"

#include <string.h>

/* Asks by the arguments and adds what matches; *seen receives the names that have parts, for the caller to
 * free. */
static SQLRETURN ask(struct ca_statement *statement, struct ca_listing_writer *rows,
                     const struct ca_match match[4], const struct ca_details *details,
                     struct ca_table_names *seen)
{
    struct ca_metadata_filter filter = {ca_match_filter(&match[0]), ca_match_filter(&match[1]),
                                        ca_match_filter(&match[2])};
    struct ca_listing *listing = ca_source_get(statement, details->parts, &filter);
    if (!listing)
        return SQL_ERROR;
    details->add(statement, rows, listing, match);
    bool done = ca_table_names_read(statement, listing, match, seen);
    ca_listing_release(listing);
    return done ? SQL_SUCCESS : SQL_ERROR;
}

/* Asks by a stored name: others that the service's LIKE finds do not count. */
static SQLRETURN ask_for(struct ca_statement *statement, struct ca_listing_writer *rows,
                         const struct ca_table_name *name, const struct ca_match *part,
                         const struct ca_details *details, bool *found)
{
    struct ca_table_names seen = {.items = NULL};
    struct ca_match exact[4] = {{0}};
    SQLRETURN result = SQL_ERROR;
    exact[2].any = !name->table;
    exact[3] = *part; /* borrowed */
    if (ca_match_set(&exact[0], name->catalog) && ca_match_set(&exact[1], name->schema) &&
        (!name->table || ca_match_set(&exact[2], name->table)))
        result = ask(statement, rows, exact, details, &seen);
    else
        ca_post_state(&statement->handle, "HY001");
    *found = seen.count > 0;
    ca_table_names_free(&seen);
    for (int i = 0; i < 3; i++)
        ca_match_free(&exact[i]);
    return result;
}

/* What a call knows when it goes through names one by one. */
struct round {
    const struct ca_match *match; /* [4] */
    const struct ca_details *details;
    struct ca_table_names names; /* that match */
    struct ca_table_names seen;  /* of them, that have their rows */
    bool asked;                  /* by the arguments as they are written */
};

/* Each name that has no rows yet, by its full name. */
static SQLRETURN ask_each(struct ca_statement *statement, struct ca_listing_writer *rows,
                          const struct round *round, size_t most)
{
    SQLRETURN result = SQL_SUCCESS;
    size_t asked = 0;
    size_t left = 0;
    for (size_t i = 0; i < round->names.count && result == SQL_SUCCESS; i++) {
        const struct ca_table_name *name = &round->names.items[i];
        bool found = false;
        if (ca_table_names_have(&round->seen, name))
            continue;
        if (asked == most) {
            left++;
            continue;
        }
        asked++;
        if (!round->asked || !ca_table_name_written(name, round->match))
            result = ask_for(statement, rows, name, &round->match[3], round->details, &found);
        if (result == SQL_SUCCESS && !found && name->table && round->details->describe)
            result = round->details->describe(statement, rows, name, &round->match[3]);
    }
    if (left)
        ca_post(&statement->handle, "01000",
                "%zu %s that match are not described (MetadataFanOut). Name the catalog and schema.", left,
                round->match[2].any ? "schemas" : "names");
    return result;
}

/* A name with an underscore is a pattern, and mostly means itself. */
static bool means_itself(const struct ca_match *match, const struct ca_table_names *seen)
{
    for (size_t i = 0; match->text && i < seen->count; i++)
        if (seen->items[i].table &&
            ca_text_compare_fold(match->text, strlen(match->text), seen->items[i].table,
                                 strlen(seen->items[i].table)) == 0)
            return true;
    return false;
}

/* Asks by the arguments. *whole: that was all. */
static SQLRETURN ask_as_written(struct ca_statement *statement, struct ca_listing_writer *rows,
                                struct round *round, bool *whole)
{
    const struct ca_match *match = round->match;
    SQLRETURN result = ask(statement, rows, match, round->details, &round->seen);
    bool narrowed = !match[0].any || !match[1].any || !match[2].any;
    /* What every name has, and a pattern chose from: some may be missing. */
    bool doubtful = round->details->describe && match[2].pattern && !means_itself(&match[2], &round->seen);
    round->asked = true;
    /* The service may tell letter case apart, or describe a table by SELECT alone. */
    *whole = !narrowed || (round->seen.count && !doubtful);
    return result;
}

SQLRETURN ca_catalog_details(struct ca_statement *statement, struct ca_listing_writer *rows,
                             const struct ca_match match[4], const struct ca_details *details)
{
    size_t most = (size_t)ca_option_number(&statement->connection->options, CA_OPTION_METADATA_FAN_OUT);
    struct round round = {.match = match, .details = details};
    SQLRETURN result = SQL_SUCCESS;
    bool whole = false;
    if (!match[0].any || match[2].any)
        result = ask_as_written(statement, rows, &round, &whole);
    if (result == SQL_SUCCESS && !whole)
        result = ca_catalog_resolve(statement, details->names, match, &round.names) ? SQL_SUCCESS : SQL_ERROR;
    /* A pattern that many names have is asked for at once. */
    if (result == SQL_SUCCESS && !whole && !round.asked && match[2].pattern && round.names.count > most)
        result = ask_as_written(statement, rows, &round, &whole);
    if (result == SQL_SUCCESS && !whole)
        result = ask_each(statement, rows, &round, most);
    ca_table_names_free(&round.names);
    ca_table_names_free(&round.seen);
    return result;
}
