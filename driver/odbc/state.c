#include "odbc/state.h"

#include <stddef.h>

/* What stands in the table beside "" (allowed) and a SQLSTATE. */
static const char cursor_or_sequence[] = "24000 if prepared, else HY010";
static const char only_last[] = "24000 if results follow";
static const char only_last_prepared[] = "prepared and no results follow";

/* Columns: S1 allocated, S2-3 prepared, S4 executed, S5 open, S6 fetched, S7 extended, S8, S9, S10. */
#define NEEDS "HY010", "HY010", "HY010"
const char *const ca_state_table[CA_CLASS_COUNT][CA_STATE_COUNT] = {
    [CA_CLASS_NONE] = {"", "", "", "", "", "", "", "", ""},
    [CA_CLASS_IDLE] = {"", "", "", "", "", "", NEEDS},
    [CA_CLASS_CATALOG] = {"", "", only_last, "24000", "24000", "24000", NEEDS},
    [CA_CLASS_CLOSE_CURSOR] = {"24000", "24000", "24000", "", "", "", NEEDS},
    [CA_CLASS_CURSOR_NAME] = {"", "", "24000", "24000", "24000", "24000", NEEDS},
    [CA_CLASS_DESCRIBE] = {"HY010", "", "24000", "", "", "", NEEDS},
    [CA_CLASS_DESCRIBE_PARAM] = {"HY010", "", "HY010", "HY010", "HY010", "HY010", NEEDS},
    [CA_CLASS_EXEC_DIRECT] = {"", "", only_last, "24000", "24000", "24000", NEEDS},
    [CA_CLASS_EXECUTE] = {"HY010", "", only_last_prepared, cursor_or_sequence, cursor_or_sequence,
                          cursor_or_sequence, NEEDS},
    [CA_CLASS_EXTENDED_FETCH] = {"HY010", "HY010", "24000", "", "HY010", "", NEEDS},
    [CA_CLASS_FETCH] = {"HY010", "HY010", "24000", "", "", "HY010", NEEDS},
    [CA_CLASS_GET] = {"", "", "", "", "", "", "", "", ""},
    [CA_CLASS_GET_DATA] = {"HY010", "HY010", "24000", "24000", "", "", NEEDS},
    [CA_CLASS_NUM_COLUMNS] = {"HY010", "", "", "", "", "", NEEDS},
    [CA_CLASS_NUM_PARAMS] = {"HY010", "", "", "", "", "", NEEDS},
    [CA_CLASS_PARAM_DATA] = {"HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "", "HY010", ""},
    [CA_CLASS_PREPARE] = {"", "", only_last, "24000", "24000", "24000", NEEDS},
    [CA_CLASS_PUT_DATA] = {"HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "", ""},
    [CA_CLASS_ROW_COUNT] = {"HY010", "HY010", "", "", "", "", NEEDS},
    [CA_CLASS_SET_POS] = {"HY010", "HY010", "24000", "24000", "", "", NEEDS},
};

const char *ca_state_refusal(enum ca_class class, enum ca_state state, bool prepared, bool more)
{
    const char *entry = ca_state_table[class][state];
    if (*entry == '\0')
        return NULL;
    if (entry == cursor_or_sequence)
        return prepared ? "24000" : "HY010";
    if (entry == only_last)
        return more ? "24000" : NULL;
    if (entry == only_last_prepared)
        return !prepared ? "HY010" : more ? "24000" : NULL;
    return entry;
}
