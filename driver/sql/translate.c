/* Owns the walk over a text: markers, quoted names, and what is copied as it stands. Must not know the
 * escapes one by one. */
#include "sql/translate.h"

#include <stdio.h>
#include <string.h>

#include "sql/escape.h"

enum { MOST_NESTED_ESCAPES = 200, MARKER_OCTETS = CA_SQL_PREFIX_OCTETS + 16 };

/* Whether two octets side by side would be read as one token. */
static bool grow_together(char before, char behind)
{
    if (ca_sql_is_name_octet(before) && ca_sql_is_name_octet(behind))
        return true;
    if (before == behind && before != '\0' && strchr("'\"`]-", before))
        return true;
    return before == '/' && behind == '*';
}

static bool put(struct ca_sql_translator *tr, const char *text, size_t octets, bool piece)
{
    if (octets == 0)
        return true;
    bool seam = tr->seam || piece;
    tr->seam = piece;
    if (seam && tr->out.length && grow_together(tr->out.data[tr->out.length - 1], text[0]))
        ca_buffer_add_char(&tr->out, ' ');
    return ca_buffer_add(&tr->out, text, octets);
}

bool ca_sql_put_piece(struct ca_sql_translator *tr, const char *text, size_t octets)
{
    return put(tr, text, octets, true);
}

static bool put_marker(struct ca_sql_translator *tr)
{
    char name[MARKER_OCTETS];
    int octets = snprintf(name, sizeof name, "@%s%u", tr->prefix, ++tr->markers);
    return put(tr, name, (size_t)octets, true);
}

/* `"x"` becomes `[x]`: the service documents no other quotes (SERVICE.md section 5). */
static bool put_quoted(struct ca_sql_translator *tr, const struct ca_sql_token *token)
{
    ca_buffer_clear(&tr->scratch);
    ca_buffer_add_char(&tr->scratch, '[');
    for (size_t i = 1; i + 1 < token->octets; i++) {
        ca_buffer_add_char(&tr->scratch, token->text[i]);
        if (token->text[i] == ']')
            ca_buffer_add_char(&tr->scratch, ']');
        if (token->text[i] == '"')
            i++;
    }
    return ca_buffer_add_char(&tr->scratch, ']') && put(tr, tr->scratch.data, tr->scratch.length, true);
}

static bool translate_escape(struct ca_sql_translator *tr, const struct ca_sql_token *opening)
{
    if (tr->depth == MOST_NESTED_ESCAPES)
        return ca_error_set(tr->error, "42000", 0,
                            "Escapes are nested deeper than %d levels at character %zu.",
                            (int)MOST_NESTED_ESCAPES, ca_sql_reader_character(&tr->reader, opening->text));
    tr->depth++;
    bool translated = ca_sql_escape_translate(tr, opening->text);
    tr->depth--;
    return translated;
}

bool ca_sql_translate_token(struct ca_sql_translator *tr, const struct ca_sql_token *token)
{
    bool translated;
    ca_sql_watch_token(&tr->watch, token);
    if (token->kind == CA_SQL_TOKEN_MARKER)
        translated = put_marker(tr);
    else if (token->kind == CA_SQL_TOKEN_QUOTED)
        translated = put_quoted(tr, token);
    else if (!tr->options->noscan && ca_sql_token_is_sign(token, '{'))
        translated = translate_escape(tr, token);
    else
        translated = put(tr, token->text, token->octets, false);
    if (!ca_sql_token_is_idle(token)) {
        tr->before_last = tr->last;
        tr->last = *token;
    }
    return translated;
}

bool ca_sql_translate_text(struct ca_sql_translator *tr)
{
    struct ca_sql_token token;
    for (;;) {
        if (!ca_sql_token_next(&tr->reader, &token, tr->error))
            return false;
        if (token.kind == CA_SQL_TOKEN_END)
            return true;
        if (!ca_sql_translate_token(tr, &token))
            return false;
    }
}

bool ca_sql_translate_escaped(struct ca_sql_translator *tr, const char *opening)
{
    struct ca_sql_token token;
    size_t end = tr->out.length;
    bool begun = false;
    tr->seam = true;
    for (;;) {
        if (!ca_sql_token_next(&tr->reader, &token, tr->error))
            return false;
        if (token.kind == CA_SQL_TOKEN_END)
            return ca_sql_escape_not_closed(tr, opening);
        if (ca_sql_token_is_sign(&token, '}'))
            break;
        if (!begun && token.kind == CA_SQL_TOKEN_BLANK)
            continue;
        begun = true;
        if (!ca_sql_translate_token(tr, &token))
            return false;
        if (token.kind != CA_SQL_TOKEN_BLANK)
            end = tr->out.length;
    }
    tr->out.length = end;
    tr->seam = true;
    return true;
}
