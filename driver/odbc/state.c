#include "odbc/state.h"

#include <stddef.h>

/* What stands in the table. */
enum {
    OK,                 /* allowed */
    SEQUENCE,           /* HY010 */
    CURSOR,             /* 24000 */
    CURSOR_IF_PREPARED, /* 24000 if prepared, else HY010 */
    LAST,               /* 24000 if results follow */
    LAST_AND_PREPARED   /* 24000 if results follow, HY010 if not prepared */
};

/* Columns: S1 allocated, S2-3 prepared, S4 executed, S5 open, S6 fetched, S7 extended, S8, S9, S10. */
#define NEEDS SEQUENCE, SEQUENCE, SEQUENCE
const unsigned char ca_state_table[CA_CLASS_COUNT][CA_STATE_COUNT] = {
    [CA_CLASS_NONE] = {OK, OK, OK, OK, OK, OK, OK, OK, OK},
    [CA_CLASS_IDLE] = {OK, OK, OK, OK, OK, OK, NEEDS},
    [CA_CLASS_CATALOG] = {OK, OK, LAST, CURSOR, CURSOR, CURSOR, NEEDS},
    [CA_CLASS_CLOSE_CURSOR] = {CURSOR, CURSOR, CURSOR, OK, OK, OK, NEEDS},
    [CA_CLASS_CURSOR_NAME] = {OK, OK, CURSOR, CURSOR, CURSOR, CURSOR, NEEDS},
    [CA_CLASS_DESCRIBE] = {SEQUENCE, OK, CURSOR, OK, OK, OK, NEEDS},
    [CA_CLASS_DESCRIBE_PARAM] = {SEQUENCE, OK, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, NEEDS},
    [CA_CLASS_EXEC_DIRECT] = {OK, OK, LAST, CURSOR, CURSOR, CURSOR, NEEDS},
    [CA_CLASS_EXECUTE] = {SEQUENCE, OK, LAST_AND_PREPARED, CURSOR_IF_PREPARED, CURSOR_IF_PREPARED,
                          CURSOR_IF_PREPARED, NEEDS},
    [CA_CLASS_EXTENDED_FETCH] = {SEQUENCE, SEQUENCE, CURSOR, OK, SEQUENCE, OK, NEEDS},
    [CA_CLASS_FETCH] = {SEQUENCE, SEQUENCE, CURSOR, OK, OK, SEQUENCE, NEEDS},
    [CA_CLASS_GET] = {OK, OK, OK, OK, OK, OK, OK, OK, OK},
    [CA_CLASS_GET_DATA] = {SEQUENCE, SEQUENCE, CURSOR, CURSOR, OK, OK, NEEDS},
    [CA_CLASS_NUM_COLUMNS] = {SEQUENCE, OK, OK, OK, OK, OK, NEEDS},
    [CA_CLASS_NUM_PARAMS] = {SEQUENCE, OK, OK, OK, OK, OK, NEEDS},
    [CA_CLASS_PARAM_DATA] = {SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, OK, SEQUENCE, OK},
    [CA_CLASS_PREPARE] = {OK, OK, LAST, CURSOR, CURSOR, CURSOR, NEEDS},
    [CA_CLASS_PUT_DATA] = {SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, OK, OK},
    [CA_CLASS_ROW_COUNT] = {SEQUENCE, SEQUENCE, OK, OK, OK, OK, NEEDS},
    [CA_CLASS_SET_POS] = {SEQUENCE, SEQUENCE, CURSOR, CURSOR, OK, OK, NEEDS},
};

const char *ca_state_refusal(enum ca_class class, enum ca_state state, bool prepared, bool more)
{
    switch (ca_state_table[class][state]) {
    case OK:
        return NULL;
    case CURSOR:
        return "24000";
    case CURSOR_IF_PREPARED:
        return prepared ? "24000" : "HY010";
    case LAST:
        return more ? "24000" : NULL;
    case LAST_AND_PREPARED:
        return !prepared ? "HY010" : more ? "24000" : NULL;
    default:
        return "HY010";
    }
}
