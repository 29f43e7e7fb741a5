/* The commands of connectai-dsn, and what they share. Each returns the exit status. */
#ifndef CA_SETUP_DSN_COMMAND_H
#define CA_SETUP_DSN_COMMAND_H

#include <stdbool.h>

#include "attributes.h"
#include "service/auth_scheme.h"

enum { CA_DONE = 0, CA_FAILED = 1, CA_MISUSED = 2 };

/* What stands on the command line behind the command's name. */
struct ca_arguments {
    const char *name; /* of the data source; NULL = none */
    char **rest;      /* NULL-terminated */
    bool system;      /* the data sources for everyone */
    bool device;      /* sign-in: by a code instead of a browser */
    bool no_browser;  /* sign-in: only print the address */
    int port;         /* sign-in: where the browser comes back to; 0 = any */
};

int ca_command_list(const struct ca_arguments *arguments);
int ca_command_show(const struct ca_arguments *arguments);
int ca_command_options(const struct ca_arguments *arguments);
int ca_command_add(const struct ca_arguments *arguments);
int ca_command_edit(const struct ca_arguments *arguments);
int ca_command_remove(const struct ca_arguments *arguments);
int ca_command_keep(const struct ca_arguments *arguments);
int ca_command_sign_in(const struct ca_arguments *arguments);
int ca_command_test(const struct ca_arguments *arguments);

/* Says what failed on standard error; all return CA_FAILED. */
int ca_say_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));
int ca_say_error(struct ca_error *error);
int ca_say_installer_errors(void);
/* Print what comes from outside: it cannot steer the terminal. What is plain is one line. */
void ca_print_plain(const char *text);
void ca_print_lines(const char *text);

enum { CA_LONGEST_ANSWER = 8192 };
/* Asks for the value of an option, unseen where it is a secret; a line of standard input where that is no
 * terminal. `answer` has room for CA_LONGEST_ANSWER, and is wiped by the caller. false, and said: nothing was
 * given. */
bool ca_ask(const struct ca_option_row *row, char *answer);

/* Reads the options of the data source; false, and said, where there is none of that name. */
bool ca_read_data_source(const struct ca_arguments *arguments, struct ca_options *options);
/* Of a data source that is gone: removes the file that keep or sign-in chose for its token, or says where
 * else the token still is. */
void ca_forget_token(const struct ca_options *options, const struct ca_arguments *arguments);
/* Changes a data source as ConfigDSN does: attributes of the form "Key=Value". */
bool ca_change_data_source(const char *name, const char *const *attributes);

/* One way of signing in. The token is the caller's; false: the error is set. */
bool ca_sign_in_by_browser(const struct ca_options *options, const struct ca_transport *authority,
                           const struct ca_arguments *arguments, struct ca_token *token,
                           struct ca_error *error);
bool ca_sign_in_by_device(const struct ca_options *options, const struct ca_transport *authority,
                          struct ca_token *token, struct ca_error *error);

#endif
