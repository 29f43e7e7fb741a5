/* The state table of statements. Rules: ODBC reference, appendix B, "Statement transitions". */
#ifndef CA_ODBC_STATE_H
#define CA_ODBC_STATE_H

#include <stdbool.h>

enum ca_state {
    CA_STATE_ALLOCATED, /* S1 */
    CA_STATE_PREPARED,  /* S2, S3 */
    CA_STATE_EXECUTED,  /* S4: no result set */
    CA_STATE_OPEN,      /* S5: result set, before the first row */
    CA_STATE_FETCHED,   /* S6: SQLFetch or SQLFetchScroll */
    CA_STATE_EXTENDED,  /* S7: SQLExtendedFetch */
    CA_STATE_NEED_DATA, /* S8: data at execution, before SQLParamData */
    CA_STATE_MUST_PUT,  /* S9: a parameter's data must be put */
    CA_STATE_CAN_PUT,   /* S10: some was put */
    CA_STATE_COUNT
};

enum ca_class {
    CA_CLASS_NONE, /* never checked */
    CA_CLASS_CATALOG,
    CA_CLASS_CLOSE_CURSOR,
    CA_CLASS_CURSOR_NAME,
    CA_CLASS_DESCRIBE,
    CA_CLASS_DESCRIBE_PARAM,
    CA_CLASS_EXEC_DIRECT,
    CA_CLASS_EXECUTE,
    CA_CLASS_EXTENDED_FETCH,
    CA_CLASS_FETCH,
    CA_CLASS_GET,  /* in every state */
    CA_CLASS_IDLE, /* while no data at execution is awaited */
    CA_CLASS_GET_DATA,
    CA_CLASS_NUM_COLUMNS,
    CA_CLASS_NUM_PARAMS,
    CA_CLASS_PARAM_DATA,
    CA_CLASS_PREPARE,
    CA_CLASS_PUT_DATA,
    CA_CLASS_ROW_COUNT,
    CA_CLASS_SET_POS,
    CA_CLASS_COUNT
};

/* 0 where a function of the class is allowed; else what ca_state_refusal makes of it. */
extern const unsigned char ca_state_table[CA_CLASS_COUNT][CA_STATE_COUNT];
static inline bool ca_state_allows(enum ca_class class, enum ca_state state)
{
    return ca_state_table[class][state] == 0;
}
/* The SQLSTATE with which a function of that class is refused in that state, or NULL. `prepared`: the
 * statement was prepared; `more`: results follow the one at hand. */
const char *ca_state_refusal(enum ca_class class, enum ca_state state, bool prepared, bool more);

#endif
