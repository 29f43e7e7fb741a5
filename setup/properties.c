/* Owns ODBCINSTGetProperties: the option table as the list from which unixODBC's programs build their form
 * for a data source (odbcinstext.h). Writes nothing.
 *
 * The caller owns the list and frees each node, its help and its array of choices with free(), but not the
 * choices themselves; and it may unload this library before it reads them. So the choices stand in the same
 * block as the array. */
#include <odbcinstext.h>

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "service/options.h"
#include "exported.h"

static const struct {
    int prompt;
    const char *choices; /* NULL = the option's own */
} forms[] = {
    [CA_OPTION_KIND_TEXT] = {ODBCINST_PROMPTTYPE_TEXTEDIT, NULL},
    [CA_OPTION_KIND_SECRET] = {ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD, NULL},
    [CA_OPTION_KIND_NUMBER] = {ODBCINST_PROMPTTYPE_TEXTEDIT, NULL},
    [CA_OPTION_KIND_SWITCH] = {ODBCINST_PROMPTTYPE_LISTBOX, "0,1"},
    [CA_OPTION_KIND_PATH] = {ODBCINST_PROMPTTYPE_FILENAME, NULL},
    [CA_OPTION_KIND_CHOICE] = {ODBCINST_PROMPTTYPE_LISTBOX, NULL},
};

/* A comma list as an array that ends with NULL, texts included in its block. */
static char **make_choices(const char *list)
{
    size_t octets = strlen(list) + 1;
    size_t count = 1;
    for (const char *c = list; *c; c++)
        count += *c == ',';
    char **choices = ca_alloc((count + 1) * sizeof *choices + octets);
    if (!choices)
        return NULL;
    char *text = memcpy((char *)(choices + count + 1), list, octets);
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(text, ",");
        choices[i] = text;
        text[length] = '\0';
        text += length + 1;
    }
    choices[count] = NULL;
    return choices;
}

static void free_properties(HODBCINSTPROPERTY property)
{
    while (property) {
        HODBCINSTPROPERTY next = property->pNext;
        ca_free(property->aPromptData);
        ca_free(property->pszHelp);
        ca_free(property);
        property = next;
    }
}

static HODBCINSTPROPERTY make_property(const struct ca_option_row *row)
{
    const char *choices = forms[row->kind].choices ? forms[row->kind].choices : row->choices;
    HODBCINSTPROPERTY property = ca_calloc(1, sizeof *property);
    if (!property)
        return NULL;
    property->nPromptType = forms[row->kind].prompt;
    snprintf(property->szName, sizeof property->szName, "%s", row->name);
    snprintf(property->szValue, sizeof property->szValue, "%s", row->initial);
    property->pszHelp = ca_strdup(row->help);
    property->aPromptData = *choices ? make_choices(choices) : NULL;
    if (property->pszHelp && (property->aPromptData || !*choices))
        return property;
    free_properties(property);
    return NULL;
}

/* Appends one property for every option, in the table's order; without memory for all of them it appends
 * none. The name, the description and the driver of a data source come from the caller. */
CA_EXPORTED int INSTAPI ODBCINSTGetProperties(HODBCINSTPROPERTY last)
{
    HODBCINSTPROPERTY first = NULL;
    HODBCINSTPROPERTY *end = &first;
    if (!last)
        return ODBCINST_ERROR;
    for (int i = 0; i < CA_OPTION_COUNT; i++) {
        *end = make_property(&ca_option_rows()[i]);
        if (!*end) {
            free_properties(first);
            return ODBCINST_ERROR;
        }
        end = &(*end)->pNext;
    }
    *end = last->pNext;
    last->pNext = first;
    return ODBCINST_SUCCESS;
}
