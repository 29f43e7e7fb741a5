/* Owns the question what kind of statement a text is, and whether it may be sent twice. Must not know how
 * it is translated. */
#include "sql/kind.h"

struct verb {
    const char *word;
    enum ca_sql_kind kind;
};

static const struct verb verbs[] = {
    {"SELECT", CA_SQL_SELECT}, {"INSERT", CA_SQL_INSERT}, {"UPDATE", CA_SQL_UPDATE},
    {"DELETE", CA_SQL_DELETE}, {"UPSERT", CA_SQL_UPSERT}, {"EXEC", CA_SQL_EXEC},
    {"EXECUTE", CA_SQL_EXEC},  {"CREATE", CA_SQL_DDL},    {"ALTER", CA_SQL_DDL},
    {"DROP", CA_SQL_DDL},      {"TRUNCATE", CA_SQL_DDL},  {"RENAME", CA_SQL_DDL},
    {"GRANT", CA_SQL_DDL},     {"REVOKE", CA_SQL_DDL},
};

/* A bare word of these in a query is reason enough not to send it a second time; SELECT … INTO writes too. */
static const char *const writing_words[] = {"INSERT", "UPDATE", "DELETE", "UPSERT", "MERGE",    "INTO",
                                            "EXEC",   "CALL",   "CREATE", "ALTER",  "EXECUTE",  "DROP",
                                            "GRANT",  "REVOKE", "RENAME", "CACHE",  "TRUNCATE", NULL};

void ca_sql_watch_init(struct ca_sql_watch *watch)
{
    *watch = (struct ca_sql_watch){.kind = CA_SQL_OTHER};
}

static const struct verb *find_verb(const struct ca_sql_token *token)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (ca_sql_token_is_word(token, verbs[i].word))
            return &verbs[i];
    return NULL;
}

static void watch_first(struct ca_sql_watch *watch, const struct ca_sql_token *token)
{
    const struct verb *verb = find_verb(token);
    watch->started = true;
    if (verb)
        watch->kind = verb->kind;
    watch->in_with = ca_sql_token_is_word(token, "WITH");
    watch->with_depth = watch->depth;
}

static void watch_word(struct ca_sql_watch *watch, const struct ca_sql_token *token)
{
    const struct verb *verb = NULL;
    if (watch->in_with && watch->depth == watch->with_depth)
        verb = find_verb(token);
    if (verb) {
        watch->kind = verb->kind;
        watch->in_with = false;
    }
    if (ca_sql_token_is_one_of(token, writing_words))
        watch->writes = true;
}

void ca_sql_watch_token(struct ca_sql_watch *watch, const struct ca_sql_token *token)
{
    if (ca_sql_token_is_idle(token) || token->kind == CA_SQL_TOKEN_END)
        return;
    bool behind_dot = watch->behind_dot;
    watch->behind_dot = ca_sql_token_is_sign(token, '.');
    if (ca_sql_token_is_sign(token, ';')) {
        watch->terminated = true;
        return;
    }
    if (watch->terminated)
        watch->several = true;
    if (watch->several)
        return;
    if (ca_sql_token_is_sign(token, '(')) {
        watch->depth++;
        return;
    }
    if (ca_sql_token_is_sign(token, ')'))
        watch->depth--;
    if (!watch->started)
        watch_first(watch, token);
    else if (token->kind == CA_SQL_TOKEN_WORD && !behind_dot)
        watch_word(watch, token);
}

bool ca_sql_watch_single_select(const struct ca_sql_watch *watch)
{
    return watch->kind == CA_SQL_SELECT && !watch->several && !watch->writes;
}
