/* Proves that libodbcinst finds, loads and calls the setup library as it is built: the path that data source
 * editors and SQLConfigDataSource take. The library is $CA_SETUP_LIBRARY, or else the one in the directory
 * above this program's own. */
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

#include "service/options.h"

enum { LARGEST_PATH = 4096, LARGEST_VALUE = INI_MAX_LINE };

static char driver[] = "Connect AI";
static char directory[] = "/tmp/test_setup_manager.XXXXXX";
static const char *const files[] = {"user.ini", "odbc.ini", "odbcinst.ini"};

static void path_of(char *path, const char *file)
{
    snprintf(path, LARGEST_PATH, "%s/%s", directory, file);
}

static int install_driver(const char *library)
{
    static const char format[] = "%s%cDriver=%s%cSetup=%s%c";
    char list[3 * LARGEST_PATH];
    char place[LARGEST_PATH];
    WORD octets;
    DWORD count;
    snprintf(list, sizeof list, format, driver, 0, library, 0, library, 0);
    return SQLInstallDriverEx(list, NULL, place, sizeof place, &octets, ODBC_INSTALL_COMPLETE, &count) ? 0
                                                                                                       : -1;
}

/* The absolute path; free with free. */
static char *find_library(void)
{
    const char *given = getenv("CA_SETUP_LIBRARY");
    char path[LARGEST_PATH];
    char *program = realpath("/proc/self/exe", NULL);
    snprintf(path, sizeof path, "%s", program ? program : "");
    free(program);
    for (int i = 0; i < 2 && strrchr(path, '/'); i++)
        *strrchr(path, '/') = '\0';
    size_t octets = strlen(path);
    snprintf(path + octets, sizeof path - octets, "/libconnectaiodbcS.so");
    char *library = realpath(given ? given : path, NULL);
    if (!library)
        fprintf(stderr, "The setup library is not there: make all, or set CA_SETUP_LIBRARY.\n");
    return library;
}

static int start(void **state)
{
    char path[LARGEST_PATH];
    char *library = find_library();
    (void)state;
    if (!library)
        return -1;
    if (!mkdtemp(directory))
        return -1;
    path_of(path, "user.ini");
    int result = setenv("ODBCINI", path, 1) || setenv("ODBCSYSINI", directory, 1);
    path_of(path, "odbc.ini");
    FILE *file = fopen(path, "w");
    if (!result && file)
        result = install_driver(library);
    if (file)
        fclose(file);
    free(library);
    return file ? result : -1;
}

static int stop(void **state)
{
    char path[LARGEST_PATH];
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        path_of(path, files[i]);
        unlink(path);
    }
    return rmdir(directory);
}

static void assert_value(UWORD mode, const char *dsn, const char *key, const char *wanted)
{
    char value[LARGEST_VALUE];
    SQLSetConfigMode(mode);
    SQLGetPrivateProfileString(dsn, key, "(none)", value, sizeof value, "odbc.ini");
    SQLSetConfigMode(ODBC_BOTH_DSN);
    assert_string_equal(value, wanted);
}

static void a_user_and_a_system_data_source_of_one_name_are_two(void **state)
{
    (void)state;
    assert_true(SQLConfigDataSource(NULL, ODBC_ADD_DSN, driver, "DSN=One\0User=mine\0"));
    assert_true(SQLConfigDataSource(NULL, ODBC_ADD_SYS_DSN, driver, "DSN=One\0User=ours\0"));
    assert_true(SQLConfigDataSource(NULL, ODBC_CONFIG_SYS_DSN, driver, "DSN=One\0Schema=s\0"));
    assert_value(ODBC_USER_DSN, "One", "UID", "mine");
    assert_value(ODBC_USER_DSN, "One", "DefaultSchema", "(none)");
    assert_value(ODBC_SYSTEM_DSN, "One", "UID", "ours");
    assert_value(ODBC_SYSTEM_DSN, "One", "DefaultSchema", "s");
    assert_true(SQLConfigDataSource(NULL, ODBC_REMOVE_SYS_DSN, driver, "DSN=One\0"));
    assert_value(ODBC_SYSTEM_DSN, "One", "UID", "(none)");
    assert_value(ODBC_USER_DSN, "One", "UID", "mine");
    assert_true(SQLConfigDataSource(NULL, ODBC_REMOVE_DSN, driver, "DSN=One\0"));
    assert_value(ODBC_USER_DSN, "One", "UID", "(none)");
}

static void a_wide_application_reaches_the_library(void **state)
{
    static const SQLWCHAR name[] = {'C', 'o', 'n', 'n', 'e', 'c', 't', ' ', 'A', 'I', 0};
    static const SQLWCHAR list[] = {'D', 'S', 'N', '=', 'W', 0, 'U', 'I', 'D', '=', 'u', 0, 0};
    (void)state;
    assert_true(SQLConfigDataSourceW(NULL, ODBC_ADD_DSN, name, list));
    assert_value(ODBC_USER_DSN, "W", "UID", "u");
    assert_true(SQLConfigDataSourceW(NULL, ODBC_REMOVE_DSN, name, list));
}

static void the_application_reads_the_library_s_error(void **state)
{
    DWORD code = 0;
    char text[SQL_MAX_MESSAGE_LENGTH + 1];
    WORD octets;
    (void)state;
    assert_false(SQLConfigDataSource(NULL, ODBC_ADD_DSN, driver, "DSN=One\0Colour=red\0"));
    assert_int_equal(SQLInstallerError(1, &code, text, sizeof text - 1, &octets), SQL_SUCCESS);
    assert_int_equal(code, ODBC_ERROR_INVALID_KEYWORD_VALUE);
    assert_string_equal(text, "Colour is not an option of this driver.");
    assert_int_equal(SQLInstallerError(2, &code, text, sizeof text - 1, &octets), SQL_NO_DATA);
}

/* libodbcinst has unloaded the library again when the application reads the list. */
static void the_form_is_whole_after_the_library_is_gone(void **state)
{
    HODBCINSTPROPERTY first = NULL;
    (void)state;
    assert_int_equal(ODBCINSTConstructProperties(driver, &first), ODBCINST_SUCCESS);
    const ODBCINSTPROPERTY *property = first;
    static const char *const given[] = {"Name", "Description", "Driver"};
    for (size_t i = 0; i < 3; i++, property = property->pNext)
        assert_string_equal(property->szName, given[i]);
    for (int i = 0; i < CA_OPTION_COUNT; i++, property = property->pNext) {
        const struct ca_option_row *row = &ca_option_rows()[i];
        assert_non_null(property);
        assert_string_equal(property->szName, row->name);
        assert_string_equal(property->pszHelp, row->help);
        for (char **choice = property->aPromptData; choice && *choice; choice++)
            assert_true(strlen(*choice) > 0);
        if (row->kind == CA_OPTION_KIND_SWITCH)
            assert_string_equal(property->aPromptData[1], "1");
    }
    assert_null(property);
    char name[] = "MetadataSource";
    char value[] = "system";
    assert_int_equal(ODBCINSTSetProperty(first, name, value), ODBCINST_SUCCESS);
    assert_int_equal(ODBCINSTDestructProperties(&first), ODBCINST_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_and_a_system_data_source_of_one_name_are_two),
        cmocka_unit_test(a_wide_application_reaches_the_library),
        cmocka_unit_test(the_application_reads_the_library_s_error),
        cmocka_unit_test(the_form_is_whole_after_the_library_is_gone),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
