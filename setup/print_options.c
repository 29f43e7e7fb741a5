/* Prints the option table as the Markdown table of the README. A program of its own, no part of the library.
 */
#include <stdio.h>
#include <stdlib.h>

#include "service/options.h"

/* In a cell `|` would end the cell, and a comma list reads better with blanks. */
static void print_text(const char *text, bool is_list)
{
    for (; *text; text++) {
        if (*text == '|')
            putchar('\\');
        putchar(*text);
        if (is_list && *text == ',')
            putchar(' ');
    }
}

static void print_row(const struct ca_option_row *row)
{
    printf("| `%s` | ", row->name);
    print_text(row->aliases, true);
    printf(" | ");
    print_text(row->initial, false);
    printf(" | ");
    print_text(row->help, false);
    printf(" |\n");
}

int main(void)
{
    printf("| Option | Aliases | Default | Meaning |\n| --- | --- | --- | --- |\n");
    for (int i = 0; i < CA_OPTION_COUNT; i++)
        print_row(&ca_option_rows()[i]);
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}
