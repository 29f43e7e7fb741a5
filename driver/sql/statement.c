/* Owns the reading of a statement's text as a whole. Must not know how its pieces are translated. */
#include "sql/statement.h"

#include <string.h>

#include "base/alloc.h"
#include "sql/kind.h"
#include "sql/marker.h"
#include "sql/target.h"
#include "sql/translate.h"

/* Markers and doubled quotes let a text grow; nothing sensible comes near this. */
enum { LONGEST_TEXT = 1 << 28 };

static bool full(const struct ca_buffer *buffer, struct ca_error *error)
{
    if (buffer->failure == CA_BUFFER_TOO_BIG)
        return ca_error_set(error, "42000", 0, "The statement is longer than %d octets.", (int)LONGEST_TEXT);
    return ca_error_no_memory(error);
}

/* Gives the text to the statement. */
static bool keep_text(struct ca_buffer *text, struct ca_sql_statement *statement, struct ca_error *error)
{
    statement->octets = text->length;
    statement->text = ca_buffer_take(text);
    return statement->text ? true : ca_error_no_memory(error);
}

static bool read_call(const char *text, size_t octets, struct ca_sql_statement *statement,
                      struct ca_error *error)
{
    struct ca_buffer out = CA_BUFFER_INIT(LONGEST_TEXT);
    statement->kind = CA_SQL_CALL;
    statement->call = ca_sql_call_read(text, octets, error);
    if (!statement->call)
        return false;
    statement->markers = statement->call->markers;
    bool kept = ca_sql_call_write(&out, statement->call, statement->prefix)
                    ? keep_text(&out, statement, error)
                    : full(&out, error);
    ca_buffer_free(&out);
    return kept;
}

static bool read_text(struct ca_sql_translator *translator, struct ca_sql_statement *statement,
                      struct ca_error *error)
{
    ca_buffer_reserve(&translator->out, translator->reader.octets);
    if (!ca_sql_translate_text(translator)) {
        if (ca_error_is_set(error))
            return false;
        return full(translator->out.failure ? &translator->out : &translator->scratch, error);
    }
    statement->kind = translator->watch.kind;
    statement->single_select = ca_sql_watch_single_select(&translator->watch);
    statement->several = translator->watch.several;
    statement->markers = translator->markers;
    return keep_text(&translator->out, statement, error);
}

static bool translate(const char *text, size_t octets, const struct ca_sql_options *options,
                      struct ca_sql_statement *statement, struct ca_error *error)
{
    struct ca_sql_translator translator = {.options = options,
                                           .prefix = statement->prefix,
                                           .out = CA_BUFFER_INIT(LONGEST_TEXT),
                                           .scratch = CA_BUFFER_INIT(LONGEST_TEXT),
                                           .error = error};
    ca_sql_reader_init(&translator.reader, text, octets);
    ca_sql_watch_init(&translator.watch);
    bool read = read_text(&translator, statement, error);
    ca_buffer_free(&translator.out);
    ca_buffer_free(&translator.scratch);
    if (read && statement->kind == CA_SQL_EXEC && !statement->several)
        statement->call = ca_sql_call_read_exec(text, octets, options->noscan, error);
    return read && !ca_error_is_set(error);
}

bool ca_sql_read(const char *text, size_t octets, const struct ca_sql_options *options,
                 struct ca_sql_statement *statement, struct ca_error *error)
{
    *statement = (struct ca_sql_statement){.kind = CA_SQL_OTHER};
    bool read;
    if (octets == 0)
        text = "";
    if (!ca_sql_marker_prefix(text, octets, statement->prefix))
        read = ca_error_no_memory(error);
    else if (!options->noscan && ca_sql_call_starts(text, octets))
        read = read_call(text, octets, statement, error);
    else
        read = translate(text, octets, options, statement, error);
    if (!read) {
        ca_sql_statement_free(statement);
        return false;
    }
    statement->changed = statement->octets != octets || memcmp(statement->text, text, octets) != 0;
    return true;
}

void ca_sql_statement_free(struct ca_sql_statement *statement)
{
    ca_free(statement->text);
    ca_sql_call_free(statement->call);
    ca_sql_targets_free(statement->targets, statement->markers);
    *statement = (struct ca_sql_statement){.kind = CA_SQL_OTHER};
}
