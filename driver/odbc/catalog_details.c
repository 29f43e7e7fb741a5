/* Rows about the parts of what has a name: columns of tables, parameters of procedures. Asked for by the
 * arguments where they say where it is, else by the names that the list of tables or procedures has. */
#include "odbc/catalog.h"

/* Asks by the arguments and adds what matches. *found counts the parts of what matches by name. */
static SQLRETURN ask(struct ca_statement *statement, struct ca_listing_writer *rows,
                     const struct ca_match match[4], const struct ca_details *details, size_t *found)
{
    struct ca_metadata_filter filter = {ca_match_filter(&match[0]), ca_match_filter(&match[1]),
                                        ca_match_filter(&match[2])};
    struct ca_listing *listing = ca_source_get(statement, details->parts, &filter);
    if (!listing)
        return SQL_ERROR;
    *found += details->add(statement, rows, listing, match);
    ca_listing_release(listing);
    return SQL_SUCCESS;
}

/* Asks by a stored name: others that the service's LIKE finds do not count. */
static SQLRETURN ask_for(struct ca_statement *statement, struct ca_listing_writer *rows,
                         const struct ca_table_name *name, const struct ca_match *part,
                         const struct ca_details *details, size_t *found)
{
    struct ca_match exact[4] = {{0}};
    SQLRETURN result = SQL_ERROR;
    exact[2].any = !name->table;
    exact[3] = *part; /* borrowed */
    if (ca_match_set(&exact[0], name->catalog) && ca_match_set(&exact[1], name->schema) &&
        (!name->table || ca_match_set(&exact[2], name->table)))
        result = ask(statement, rows, exact, details, found);
    else
        ca_post_state(&statement->handle, "HY001");
    for (int i = 0; i < 3; i++)
        ca_match_free(&exact[i]);
    return result;
}

/* Each by its full name. `asked`: as it is written it was asked for already. */
static SQLRETURN ask_each(struct ca_statement *statement, struct ca_listing_writer *rows,
                          const struct ca_table_names *names, const struct ca_match match[4],
                          const struct ca_details *details, bool asked)
{
    size_t most = (size_t)ca_option_number(&statement->connection->options, CA_OPTION_METADATA_FAN_OUT);
    SQLRETURN result = SQL_SUCCESS;
    for (size_t i = 0; i < names->count && i < most && result == SQL_SUCCESS; i++) {
        const struct ca_table_name *name = &names->items[i];
        size_t found = 0;
        if (!asked || !ca_table_name_written(name, match))
            result = ask_for(statement, rows, name, &match[3], details, &found);
        if (result == SQL_SUCCESS && !found && name->table && details->describe)
            result = details->describe(statement, rows, name, &match[3]);
    }
    if (names->count > most)
        ca_post(&statement->handle, "01000",
                "%zu %s match; only the first %zu are described. Name the catalog and schema.", names->count,
                match[2].any ? "schemas" : "names", most);
    return result;
}

SQLRETURN ca_catalog_details(struct ca_statement *statement, struct ca_listing_writer *rows,
                             const struct ca_match match[4], const struct ca_details *details)
{
    struct ca_table_names names;
    size_t found = 0;
    /* One name without a catalog: the service would ask every source. */
    bool resolve_first = match[2].plain && match[0].any;
    bool narrowed = !match[0].any || !match[1].any || !match[2].any;
    SQLRETURN result = SQL_SUCCESS;
    if (!resolve_first)
        result = ask(statement, rows, match, details, &found);
    if (result != SQL_SUCCESS || found || !narrowed)
        return result;
    /* Nothing: the service may tell letter case apart, or describe a table by SELECT alone. */
    if (!ca_catalog_resolve(statement, details->names, match, &names))
        return SQL_ERROR;
    result = ask_each(statement, rows, &names, match, details, !resolve_first);
    ca_table_names_free(&names);
    return result;
}
