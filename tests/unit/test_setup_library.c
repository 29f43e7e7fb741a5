/* Proves the setup library against libodbcinst: data sources are added, changed and removed in an odbc.ini of
 * the test's own, bad requests are refused with their code and leave the file alone, the property list is the
 * table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <odbcinstext.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"
#include "base/utf.h"
#include "service/options.h"

enum { LONGEST_FILE = 1 << 20, LARGEST_VALUE = INI_MAX_LINE };

static const char driver[] = "Connect AI";
static char directory[] = "/tmp/test_setup_library.XXXXXX";
static char user_file[64];
static char system_file[64];

/* ---- the private directory ---- */

static int make_directory(void **state)
{
    (void)state;
    /* libodbcinst remembers the paths: they are set before its first call. */
    if (!mkdtemp(directory))
        return -1;
    snprintf(user_file, sizeof user_file, "%s/user.ini", directory);
    snprintf(system_file, sizeof system_file, "%s/odbc.ini", directory);
    return setenv("ODBCINI", user_file, 1) || setenv("ODBCSYSINI", directory, 1);
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(user_file);
    unlink(system_file);
    return rmdir(directory);
}

static int start_empty(void **state)
{
    (void)state;
    unlink(user_file);
    unlink(system_file);
    /* Writing also empties libodbcinst's cache. */
    return SQLSetConfigMode(ODBC_USER_DSN) && SQLWritePrivateProfileString("x", NULL, NULL, "odbc.ini") ? 0
                                                                                                        : -1;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* The content of a file; free with ca_buffer_free. */
static struct ca_buffer read_file(const char *path)
{
    struct ca_buffer text = CA_BUFFER_INIT(LONGEST_FILE);
    char piece[1024];
    size_t octets;
    FILE *file = fopen(path, "r");
    while (file && (octets = fread(piece, 1, sizeof piece, file)) > 0)
        assert_true(ca_buffer_add(&text, piece, octets));
    if (file)
        fclose(file);
    return text;
}

static void assert_file(const char *wanted)
{
    struct ca_buffer text = read_file(user_file);
    assert_string_equal(ca_buffer_text(&text), wanted);
    ca_buffer_free(&text);
}

static void assert_value(const char *dsn, const char *key, const char *wanted)
{
    char value[LARGEST_VALUE];
    SQLGetPrivateProfileString(dsn, key, "(none)", value, sizeof value, "odbc.ini");
    assert_string_equal(value, wanted);
}

/* ---- errors ---- */

/* The list's last error is the driver's own; those before it are of libodbcinst. */
static void assert_error(DWORD wanted, const char *words)
{
    DWORD code = 0;
    char text[SQL_MAX_MESSAGE_LENGTH + 1] = "";
    WORD octets;
    WORD count = 0;
    for (WORD i = 1; i <= 8 && SQLInstallerError(i, &code, text, sizeof text - 1, &octets) == SQL_SUCCESS;
         i++)
        count = i;
    assert_true(count > 0);
    assert_int_equal(code, wanted);
    assert_true(octets < SQL_MAX_MESSAGE_LENGTH);
    if (!strstr(text, words))
        fail_msg("\"%s\" is not in: %s", words, text);
}

/* ---- adding, changing, removing ---- */

static void a_data_source_is_added_with_the_names_of_the_table(void **state)
{
    (void)state;
    assert_true(
        ConfigDSN(NULL, ODBC_ADD_DSN, driver,
                  "DSN=Sales\0Username=a@b.c\0 pat = s3cret \0DESCRIPTION=Sales data\0QueryTimeout=60\0"));
    assert_file("[Sales]\nDriver=Connect AI\nDescription=Sales data\nUID=a@b.c\nPWD=s3cret\nTimeout=60\n\n");
}

static void what_is_not_given_or_given_empty_is_not_written(void **state)
{
    (void)state;
    assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=Sales\0PWD=\0Description=\0Timeout= \0"));
    assert_file("[Sales]\nDriver=Connect AI\n\n");
}

static void the_first_of_duplicates_wins(void **state)
{
    (void)state;
    assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver,
                          "DSN=Sales\0UID=first\0User=second\0DSN=Other\0Description=a\0Description=b\0"));
    assert_file("[Sales]\nDriver=Connect AI\nDescription=a\nUID=first\n\n");
}

static void adding_again_replaces_the_data_source_and_no_other(void **state)
{
    (void)state;
    write_file(user_file, "[Other]\nDriver=X\nUID=kept\n\n[Sales]\nDriver=Y\nUID=old\nNonsense=1\n\n");
    assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=Sales\0URL=http://localhost:1/api\0"));
    assert_file("[Other]\nDriver=X\nUID=kept\n\n[Sales]\nDriver=Connect AI\nURL=http://localhost:1/api\n\n");
}

static void a_change_writes_what_is_given_and_keeps_the_rest(void **state)
{
    (void)state;
    write_file(
        user_file,
        "[Sales]\nDriver=Connect AI\nDescription=old\nUID=u\nPWD=p\nTimeout=60\nOwn=1\n\n[Z]\nDriver=X\n\n");
    assert_true(
        ConfigDSN(NULL, ODBC_CONFIG_DSN, driver, "DSN=Sales\0UID=v\0Timeout=\0ReadOnly=yes\0Description=\0"));
    assert_file("[Sales]\nDriver=Connect AI\nUID=v\nPWD=p\nOwn=1\nReadOnly=yes\n\n[Z]\nDriver=X\n\n");
}

static void a_change_takes_the_place_of_an_alias_written_by_hand(void **state)
{
    (void)state;
    write_file(user_file, "[Sales]\nDriver=Connect AI\nuser=by hand\npassword=old\n\n");
    assert_true(ConfigDSN(NULL, ODBC_CONFIG_DSN, driver, "DSN=Sales\0PAT=new\0"));
    assert_file("[Sales]\nDriver=Connect AI\nuser=by hand\nPWD=new\n\n");
}

static void a_data_source_is_removed_once(void **state)
{
    (void)state;
    assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=Keep\0UID=u\0"));
    assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=Sales\0UID=u\0"));
    assert_value("Sales", "UID", "u");
    assert_true(ConfigDSN(NULL, ODBC_REMOVE_DSN, driver, "DSN=Sales\0"));
    assert_file("[Keep]\nDriver=Connect AI\nUID=u\n\n");
    assert_value("Sales", "UID", "(none)");
    assert_false(ConfigDSN(NULL, ODBC_REMOVE_DSN, driver, "DSN=Sales\0"));
    assert_error(ODBC_ERROR_INVALID_DSN, "There is no data source Sales");
    assert_false(ConfigDSN(NULL, ODBC_CONFIG_DSN, driver, "DSN=Sales\0UID=v\0"));
    assert_error(ODBC_ERROR_INVALID_DSN, "There is no data source Sales");
}

static void the_mode_of_the_installer_names_the_file(void **state)
{
    (void)state;
    SQLSetConfigMode(ODBC_SYSTEM_DSN);
    /* unixODBC makes a missing file of the user, but not of the system. */
    assert_false(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=Everyone\0"));
    assert_error(ODBC_ERROR_REQUEST_FAILED, "Does odbc.ini exist");
    write_file(system_file, "");
    assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=Everyone\0"));
    struct ca_buffer text = read_file(system_file);
    assert_string_equal(ca_buffer_text(&text), "[Everyone]\nDriver=Connect AI\n\n");
    ca_buffer_free(&text);
    SQLSetConfigMode(ODBC_USER_DSN);
    assert_file("");
    assert_false(ConfigDSN(NULL, ODBC_REMOVE_DSN, driver, "DSN=Everyone\0"));
}

/* A window handle asks for a dialog, which there is none of: the list decides. */
static void a_window_handle_changes_nothing(void **state)
{
    int window;
    (void)state;
    assert_true(ConfigDSN((HWND)&window, ODBC_ADD_DSN, driver, "DSN=Sales\0UID=u\0"));
    assert_file("[Sales]\nDriver=Connect AI\nUID=u\n\n");
}

/* ---- values ---- */

static void odd_values_survive_writing_reading_and_writing_again(void **state)
{
    static const char *const values[] = {
        "a;b#c",         "#starts",
        ";starts",       "[section]",
        "=equals==",     "{brace}s}}",
        "quo\"te's`",    "back\\slash\\",
        "a  b\xC2\xA0.", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
        "%s%n",          "$HOME ~ *?!@()",
        "\xC3\xA0",
    };
    char list[256];
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        int octets =
            snprintf(list, sizeof list, "DSN=Odd%cPWD=%s%cDescription=%s%c", 0, values[i], 0, values[i], 0);
        assert_true(octets > 0 && (size_t)octets < sizeof list);
        assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, list));
        assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=Another\0UID=u\0"));
        assert_value("Odd", "PWD", values[i]);
        assert_value("Odd", "Description", values[i]);
        assert_true(ConfigDSN(NULL, ODBC_CONFIG_DSN, driver, list));
        assert_value("Odd", "PWD", values[i]);
        assert_value("Another", "UID", "u");
    }
}

/* The attribute list `DSN=Long`, `key=xxx…` with a value of `octets`. */
static struct ca_buffer long_list(const char *key, size_t octets)
{
    struct ca_buffer list = CA_BUFFER_INIT(LONGEST_FILE);
    ca_buffer_add(&list, "DSN=Long", sizeof "DSN=Long");
    ca_buffer_add_format(&list, "%s=", key);
    for (size_t i = 0; i < octets; i++)
        ca_buffer_add_char(&list, (char)('a' + i % 26));
    assert_true(ca_buffer_add_char(&list, '\0'));
    return list;
}

static void the_longest_value_survives_and_one_octet_more_is_refused(void **state)
{
    static const struct {
        const char *key;
        const char *stored;
    } cases[] = {{"PWD", "PWD"}, {"Password", "PWD"}, {"Description", "Description"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t longest = INI_MAX_LINE - 1 - strlen(cases[i].stored) - strlen("=\n");
        struct ca_buffer list = long_list(cases[i].key, longest);
        assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, list.data));
        /* The next write reads the whole file and writes it anew. */
        assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=Next\0UID=u\0"));
        assert_value("Long", cases[i].stored, list.data + sizeof "DSN=Long" + strlen(cases[i].key) + 1);
        assert_value("Next", "UID", "u");
        ca_buffer_free(&list);
        list = long_list(cases[i].key, longest + 1);
        assert_false(ConfigDSN(NULL, ODBC_ADD_DSN, driver, list.data));
        assert_error(ODBC_ERROR_INVALID_KEYWORD_VALUE, "octets long");
        ca_buffer_free(&list);
    }
}

/* ---- refusals ---- */

static void bad_requests_are_refused_and_write_nothing(void **state)
{
    static const char kept[] =
        "[Sales]\nDriver=Connect AI\nUID=u\n\n[ODBC Data Sources]\nSales=Connect AI\n\n";
    static const struct {
        WORD request;
        const char *driver;
        const char *list;
        DWORD code;
        const char *words;
    } cases[] = {
        {ODBC_ADD_DSN, driver, "DSN=New\0Colour=red\0", ODBC_ERROR_INVALID_KEYWORD_VALUE,
         "Colour is not an option"},
        {ODBC_CONFIG_DSN, driver, "DSN=Sales\0Trace=1\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "Trace is not"},
        {ODBC_ADD_DSN, driver, "DSN=New\0Driver=x\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "Driver is not"},
        {ODBC_ADD_DSN, driver, "DSN=New\0Timeout=301\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "from 0 to 300"},
        {ODBC_ADD_DSN, driver, "DSN=New\0Timeout=1.5\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "Timeout=1.5"},
        {ODBC_ADD_DSN, driver, "DSN=New\0SSLVerify=maybe\0", ODBC_ERROR_INVALID_KEYWORD_VALUE,
         "VerifyCertificate"},
        {ODBC_ADD_DSN, driver, "DSN=New\0MetadataSource=x\0", ODBC_ERROR_INVALID_KEYWORD_VALUE,
         "auto,system"},
        {ODBC_ADD_DSN, driver, "DSN=New\0UID=a\n[Bad]\0", ODBC_ERROR_INVALID_KEYWORD_VALUE,
         "UID: a line break"},
        {ODBC_ADD_DSN, driver, "DSN=New\0PWD=a\x7F\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "PWD: a line break"},
        {ODBC_ADD_DSN, driver, "DSN=New\0Description=a\rb\0", ODBC_ERROR_INVALID_KEYWORD_VALUE,
         "Description: "},
        {ODBC_ADD_DSN, driver, "DSN=New\0nonsense\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "not of the form"},
        {ODBC_ADD_DSN, driver, "DSN=New\0=x\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "not of the form"},
        {ODBC_ADD_DSN, driver, "DSN=New\n[Bad\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "DSN: a line break"},
        {ODBC_ADD_DSN, driver, "DSN=New;UID=u\0", ODBC_ERROR_INVALID_DSN, "cannot name a data source"},
        {ODBC_ADD_DSN, driver, "DSN=123456789012345678901234567890123\0", ODBC_ERROR_INVALID_DSN,
         "at most 32"},
        {ODBC_ADD_DSN, driver, "DSN=odbc data sources\0", ODBC_ERROR_INVALID_DSN, "cannot name"},
        {ODBC_REMOVE_DSN, driver, "DSN=ODBC Data Sources\0", ODBC_ERROR_INVALID_DSN, "cannot name"},
        {ODBC_ADD_DSN, driver, "DSN= \0UID=u\0", ODBC_ERROR_INVALID_DSN, "DSN=name is missing"},
        {ODBC_ADD_DSN, driver, "UID=u\0", ODBC_ERROR_INVALID_DSN, "DSN=name is missing"},
        {ODBC_REMOVE_DSN, driver, "\0", ODBC_ERROR_INVALID_DSN, "DSN=name is missing"},
        {ODBC_REMOVE_DSN, driver, NULL, ODBC_ERROR_INVALID_DSN, "DSN=name is missing"},
        {ODBC_CONFIG_DSN, driver, "DSN=Nowhere\0UID=u\0", ODBC_ERROR_INVALID_DSN, "There is no data source"},
        {ODBC_REMOVE_DEFAULT_DSN, driver, "DSN=Sales\0", ODBC_ERROR_INVALID_REQUEST_TYPE, "Request 7"},
        {0, driver, "DSN=Sales\0", ODBC_ERROR_INVALID_REQUEST_TYPE, "Request 0"},
        {ODBC_ADD_DSN, NULL, "DSN=New\0", ODBC_ERROR_INVALID_NAME, "driver's name"},
        {ODBC_ADD_DSN, "", "DSN=New\0", ODBC_ERROR_INVALID_NAME, "driver's name"},
        {ODBC_ADD_DSN, "a\n[b]", "DSN=New\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "Driver: a line break"},
    };
    (void)state;
    write_file(user_file, kept);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SQLValidDSN("x"); /* empties the list of errors */
        assert_false(ConfigDSN(NULL, cases[i].request, cases[i].driver, cases[i].list));
        assert_error(cases[i].code, cases[i].words);
        assert_file(kept);
    }
}

static void an_error_never_shows_a_secret_and_is_never_too_long(void **state)
{
    struct ca_buffer list = long_list("Timeout", 900);
    DWORD code;
    char text[SQL_MAX_MESSAGE_LENGTH + 1];
    (void)state;
    assert_false(ConfigDSN(NULL, ODBC_ADD_DSN, driver, list.data));
    assert_error(ODBC_ERROR_INVALID_KEYWORD_VALUE, "Timeout=abc");
    ca_buffer_free(&list);
    list = long_list("UnknownUnknown", 900);
    list.data[strlen(list.data) + 1 + 7] = 'X';
    assert_false(ConfigDSN(NULL, ODBC_ADD_DSN, driver, list.data));
    assert_error(ODBC_ERROR_INVALID_KEYWORD_VALUE, "UnknownXnknown");
    ca_buffer_free(&list);
    SQLValidDSN("x");
    assert_false(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=New\0PWD=s3cret\ns3cret\0"));
    assert_false(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=New\0s3cret\0"));
    for (WORD i = 1; SQLInstallerError(i, &code, text, sizeof text - 1, NULL) == SQL_SUCCESS; i++)
        assert_null(strstr(text, "s3cret"));
}

static void a_file_that_cannot_be_written_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(setenv("ODBCINI", "/nonexistent/user.ini", 1), 0);
    assert_false(ConfigDSN(NULL, ODBC_ADD_DSN, driver, "DSN=Sales\0UID=u\0"));
    assert_error(ODBC_ERROR_REQUEST_FAILED, "could not be written");
    assert_int_equal(setenv("ODBCINI", user_file, 1), 0);
}

/* ---- wide forms ---- */

static void the_wide_form_takes_the_same_list(void **state)
{
    static const char list[] = "DSN=Wide\0User=\xC3\xA9\xF0\x9F\x98\x80\0PWD=s3cret\0";
    SQLWCHAR wide_list[sizeof list];
    SQLWCHAR wide_driver[sizeof driver];
    size_t taken;
    (void)state;
    size_t units = ca_utf8_to_wide((ca_wide *)wide_list, sizeof list, list, sizeof list, &taken);
    assert_int_equal(taken, sizeof list);
    assert_true(units <= sizeof list);
    ca_utf8_to_wide((ca_wide *)wide_driver, sizeof driver, driver, sizeof driver, &taken);
    assert_true(ConfigDSNW(NULL, ODBC_ADD_DSN, wide_driver, wide_list));
    assert_file("[Wide]\nDriver=Connect AI\nUID=\xC3\xA9\xF0\x9F\x98\x80\nPWD=s3cret\n\n");
    assert_true(ConfigDSNW(NULL, ODBC_REMOVE_DSN, wide_driver, wide_list));
    assert_file("");
    assert_false(ConfigDSNW(NULL, ODBC_ADD_DSN, wide_driver, NULL));
    assert_error(ODBC_ERROR_INVALID_DSN, "DSN=name is missing");
    assert_false(ConfigDSNW(NULL, ODBC_ADD_DSN, NULL, wide_list));
    assert_error(ODBC_ERROR_INVALID_NAME, "driver's name");
}

static void a_driver_is_installed_without_a_word(void **state)
{
    static const SQLWCHAR wide_driver[] = {'x', 0};
    char text[8] = "old";
    SQLWCHAR wide_text[8] = {'o', 0};
    WORD octets = 99;
    (void)state;
    for (WORD request = ODBC_INSTALL_DRIVER; request <= ODBC_CONFIG_DRIVER; request++) {
        assert_true(ConfigDriver(NULL, request, driver, NULL, text, sizeof text, &octets));
        assert_string_equal(text, "");
        assert_int_equal(octets, 0);
        octets = 99;
        assert_true(ConfigDriverW(NULL, request, wide_driver, NULL, wide_text, 8, &octets));
        assert_int_equal(wide_text[0], 0);
        assert_int_equal(octets, 0);
        assert_true(ConfigDriver(NULL, request, driver, "CPTimeout=60\0", NULL, 0, NULL));
    }
    octets = 99;
    assert_false(ConfigDriver(NULL, 4, driver, NULL, text, 0, &octets));
    assert_error(ODBC_ERROR_INVALID_REQUEST_TYPE, "Request 4");
    assert_int_equal(octets, 0);
    assert_false(ConfigDriverW(NULL, ODBC_INSTALL_DRIVER, NULL, NULL, NULL, 0, NULL));
    assert_error(ODBC_ERROR_INVALID_NAME, "driver's name");
}

/* ---- properties ---- */

static int prompt_of(enum ca_option_kind kind)
{
    switch (kind) {
    case CA_OPTION_KIND_SECRET:
        return ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD;
    case CA_OPTION_KIND_SWITCH:
    case CA_OPTION_KIND_CHOICE:
        return ODBCINST_PROMPTTYPE_LISTBOX;
    case CA_OPTION_KIND_PATH:
        return ODBCINST_PROMPTTYPE_FILENAME;
    default:
        return ODBCINST_PROMPTTYPE_TEXTEDIT;
    }
}

static void assert_choices(char **choices, const char *list)
{
    size_t i = 0;
    assert_non_null(choices);
    for (; *list; i++) {
        size_t length = strcspn(list, ",");
        assert_non_null(choices[i]);
        assert_true(ca_text_same_n(list, length, choices[i]));
        list += length + (list[length] == ',');
    }
    assert_null(choices[i]);
}

static void assert_property(const ODBCINSTPROPERTY *property, const struct ca_option_row *row)
{
    assert_string_equal(property->szName, row->name);
    assert_string_equal(property->szValue, row->initial);
    assert_int_equal(property->nPromptType, prompt_of(row->kind));
    assert_string_equal(property->pszHelp, row->help);
    assert_null(property->hDLL);
    if (row->kind == CA_OPTION_KIND_SWITCH)
        assert_choices(property->aPromptData, "0,1");
    else if (row->kind == CA_OPTION_KIND_CHOICE)
        assert_choices(property->aPromptData, row->choices);
    else
        assert_null(property->aPromptData);
}

static void the_property_list_is_the_option_table_in_order(void **state)
{
    HODBCINSTPROPERTY first = calloc(1, sizeof *first);
    (void)state;
    assert_non_null(first);
    assert_int_equal(ODBCINSTGetProperties(first), ODBCINST_SUCCESS);
    const ODBCINSTPROPERTY *property = first->pNext;
    for (int i = 0; i < CA_OPTION_COUNT; i++, property = property->pNext) {
        assert_non_null(property);
        assert_property(property, &ca_option_rows()[i]);
    }
    assert_null(property);
    /* libodbcinst frees with free(): a wrong owner shows under valgrind or a sanitizer. */
    assert_int_equal(ODBCINSTDestructProperties(&first), ODBCINST_SUCCESS);
    assert_null(first);
    assert_int_equal(ODBCINSTGetProperties(NULL), ODBCINST_ERROR);
}

/* A form that is saved as it was built hands every default back. */
static void every_default_is_a_valid_value(void **state)
{
    struct ca_buffer list = CA_BUFFER_INIT(LONGEST_FILE);
    (void)state;
    ca_buffer_add(&list, "DSN=All", sizeof "DSN=All");
    for (int i = 0; i < CA_OPTION_COUNT; i++) {
        ca_buffer_add_format(&list, "%s=%s", ca_option_rows()[i].name, ca_option_rows()[i].initial);
        assert_true(ca_buffer_add_char(&list, '\0'));
    }
    assert_true(ConfigDSN(NULL, ODBC_ADD_DSN, driver, list.data));
    for (int i = 0; i < CA_OPTION_COUNT; i++)
        assert_value("All", ca_option_rows()[i].name,
                     *ca_option_rows()[i].initial ? ca_option_rows()[i].initial : "(none)");
    ca_buffer_free(&list);
}

#ifdef CA_TEST_ALLOC
static void without_memory_the_list_is_whole_or_absent(void **state)
{
    (void)state;
    for (unsigned long n = 1;; n++) {
        HODBCINSTPROPERTY first = calloc(1, sizeof *first);
        assert_non_null(first);
        ca_alloc_fail_at(n);
        int result = ODBCINSTGetProperties(first);
        ca_alloc_fail_at(0);
        assert_true(result == ODBCINST_SUCCESS ? first->pNext != NULL : first->pNext == NULL);
        ODBCINSTDestructProperties(&first);
        if (result == ODBCINST_SUCCESS)
            break;
    }
}

/* Whichever allocation fails, the data source is there as asked for or not at all. */
static void without_memory_a_data_source_is_whole_or_absent(void **state)
{
    static const SQLWCHAR wide_driver[] = {'x', 0};
    static const SQLWCHAR list[] = {'D', 'S', 'N', '=', 'a', 0,   'U', 'I', 'D', '=',
                                    'u', 0,   'P', 'A', 'T', '=', 'p', 0,   0};
    int result = 0;
    (void)state;
    for (unsigned long n = 1; !result; n++) {
        SQLWritePrivateProfileString("a", NULL, NULL, "odbc.ini");
        ca_alloc_fail_at(n);
        result = ConfigDSNW(NULL, ODBC_ADD_DSN, wide_driver, list);
        ca_alloc_fail_at(0);
        assert_file(result ? "[a]\nDriver=x\nUID=u\nPWD=p\n\n" : "");
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_data_source_is_added_with_the_names_of_the_table, start_empty),
        cmocka_unit_test_setup(what_is_not_given_or_given_empty_is_not_written, start_empty),
        cmocka_unit_test_setup(the_first_of_duplicates_wins, start_empty),
        cmocka_unit_test_setup(adding_again_replaces_the_data_source_and_no_other, start_empty),
        cmocka_unit_test_setup(a_change_writes_what_is_given_and_keeps_the_rest, start_empty),
        cmocka_unit_test_setup(a_change_takes_the_place_of_an_alias_written_by_hand, start_empty),
        cmocka_unit_test_setup(a_data_source_is_removed_once, start_empty),
        cmocka_unit_test_setup(the_mode_of_the_installer_names_the_file, start_empty),
        cmocka_unit_test_setup(a_window_handle_changes_nothing, start_empty),
        cmocka_unit_test_setup(odd_values_survive_writing_reading_and_writing_again, start_empty),
        cmocka_unit_test_setup(the_longest_value_survives_and_one_octet_more_is_refused, start_empty),
        cmocka_unit_test_setup(bad_requests_are_refused_and_write_nothing, start_empty),
        cmocka_unit_test_setup(an_error_never_shows_a_secret_and_is_never_too_long, start_empty),
        cmocka_unit_test_setup(a_file_that_cannot_be_written_is_an_error, start_empty),
        cmocka_unit_test_setup(the_wide_form_takes_the_same_list, start_empty),
        cmocka_unit_test_setup(a_driver_is_installed_without_a_word, start_empty),
        cmocka_unit_test(the_property_list_is_the_option_table_in_order),
        cmocka_unit_test_setup(every_default_is_a_valid_value, start_empty),
#ifdef CA_TEST_ALLOC
        cmocka_unit_test(without_memory_the_list_is_whole_or_absent),
        cmocka_unit_test_setup(without_memory_a_data_source_is_whole_or_absent, start_empty),
#endif
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
