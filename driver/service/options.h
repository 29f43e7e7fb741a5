/* The connection options: one table for the connection string, the DSN, the completed string, redaction,
 * the setup library and the README. Values are UTF-8 text, numbers and switches also as integers. */
#ifndef CA_SERVICE_OPTIONS_H
#define CA_SERVICE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

#define OPTION(id, ...) CA_OPTION_##id,
enum ca_option {
#include "service/options.def"
    CA_OPTION_COUNT
};
#undef OPTION

enum ca_option_kind {
    CA_OPTION_KIND_TEXT,
    CA_OPTION_KIND_SECRET,
    CA_OPTION_KIND_NUMBER,
    CA_OPTION_KIND_SWITCH,
    CA_OPTION_KIND_PATH,
    CA_OPTION_KIND_CHOICE
};

struct ca_option_row {
    const char *name;
    const char *aliases; /* comma list */
    enum ca_option_kind kind;
    const char *initial;
    int64_t minimum;
    int64_t maximum;
    const char *choices; /* comma list; of kind CHOICE only */
    const char *label;
    const char *help;
};

enum ca_option_origin { CA_ORIGIN_DEFAULT, CA_ORIGIN_DSN, CA_ORIGIN_STRING };

struct ca_options {
    char *text[CA_OPTION_COUNT]; /* owned; NULL = default */
    int64_t number[CA_OPTION_COUNT];
    uint8_t origin[CA_OPTION_COUNT];
};

const struct ca_option_row *ca_option_rows(void);
/* The option of that name or alias, without regard to case; CA_OPTION_COUNT if there is none. */
enum ca_option ca_option_find(const char *name, size_t octets);
/* Keywords that applications and the driver manager add and that mean nothing here. */
bool ca_option_is_ignored(const char *name, size_t octets);

void ca_options_init(struct ca_options *options);
/* Wipes secrets. */
void ca_options_free(struct ca_options *options);
/* Sets a value where nothing of the same or a stronger origin stands (the first of duplicates wins).
 * false: bad value (HY024 with a text that names the option) or no memory. */
bool ca_options_set(struct ca_options *options, enum ca_option option, const char *value,
                    enum ca_option_origin origin, struct ca_error *error);
/* Never NULL. */
const char *ca_option_text(const struct ca_options *options, enum ca_option option);

static inline int64_t ca_option_number(const struct ca_options *options, enum ca_option option)
{
    return options->number[option];
}

/* Appends `name=value;` for every option that the connection string gave, secrets among them: what came from
 * elsewhere comes from there again. */
bool ca_options_write(const struct ca_options *options, struct ca_buffer *text);

#endif
