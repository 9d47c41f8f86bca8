/* Configuration: defaults, every kind of mistake as one line, and secrets that stay secret. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "suite.h"

#define SECRET_TEXT "0123456789abcdef0123456789abcdef"

static char path[] = "/tmp/traction-test-config-XXXXXX";

extern char **environ;

/* The machine that runs the tests may have its own. */
static void set_up(void)
{
    char name[256];

    for (char **variable = environ; *variable;)
        if (strncmp(*variable, "TRACTION_", 9) == 0) {
            snprintf(name, sizeof name, "%.*s", (int)strcspn(*variable, "="), *variable);
            unsetenv(name);
            variable = environ;
        } else {
            variable++;
        }
}

static void tear_down(void)
{
    unlink(path);
}

static void set(const char *name, const char *value)
{
    ck_assert_int_eq(setenv(name, value, 1), 0);
}

/* Makes the file and names it in the variable. */
static void set_file(const char *name, const char *content)
{
    int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    close(fd);
    set(name, path);
}

static void fails_with(const char *line)
{
    capture_start();
    bool loaded = config_load();
    char *text = capture_stop(NULL);

    ck_assert_str_eq(text, line);
    ck_assert(!loaded);
    free(text);
}

START_TEST(has_defaults)
{
    ck_assert(config_load());
    ck_assert_int_eq(config_int(CONFIG_PORT), 8002);
    ck_assert_int_eq(config_int(CONFIG_LIMIT_GOALS), -1);
    ck_assert_str_eq(config_cstr(CONFIG_HOST), "127.0.0.1");
    ck_assert_str_eq(config_cstr(CONFIG_LOG_LEVEL), "info");
    ck_assert_ptr_null(config_cstr(CONFIG_JWT_SECRET));
    ck_assert_ptr_null(config_text(CONFIG_DATABASE_URL).data);
}
END_TEST

START_TEST(reads_values)
{
    set("TRACTION_PORT", "65535");
    set("TRACTION_CLOCK_OFFSET_S", "-4000000000");
    set("TRACTION_BASE_PATH", "");
    set("TRACTION_LOG_LEVEL", "error");
    set("TRACTION_JWT_SECRET", SECRET_TEXT);
    set("TRACTION_JWT_JWKS_FILE", "/nowhere.json"); /* a path, not a secret's file */
    set("TRACTION_DATA_DIR", "/tmp/x");             /* only for the command */
    set("TRACTIONS", "not ours");
    ck_assert(config_load());
    set("TRACTION_LOG_LEVEL", "debug"); /* read once */
    ck_assert_int_eq(config_int(CONFIG_PORT), 65535);
    ck_assert_int_eq(config_int(CONFIG_CLOCK_OFFSET_S), -4000000000);
    ck_assert(str_equal(config_text(CONFIG_BASE_PATH), STR("")));
    ck_assert_str_eq(config_cstr(CONFIG_LOG_LEVEL), "error");
    ck_assert_str_eq(config_cstr(CONFIG_JWT_SECRET), SECRET_TEXT);
    ck_assert_str_eq(config_cstr(CONFIG_JWT_JWKS_FILE), "/nowhere.json");
}
END_TEST

START_TEST(refuses_numbers)
{
    static const char *const wrong[] = {
        "abc", "0", "65536", "", "80 ", "+80", "99999999999999999999"};
    char line[200];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        set("TRACTION_PORT", wrong[i]);
        snprintf(line, sizeof line,
                 "traction: TRACTION_PORT: \"%s\" is not a whole number from 1 to 65535 "
                 "(example: TRACTION_PORT=8002)\n",
                 wrong[i]);
        fails_with(line);
    }
}
END_TEST

START_TEST(refuses_words)
{
    set("TRACTION_LOG_LEVEL", "Info");
    fails_with("traction: TRACTION_LOG_LEVEL: \"Info\" is not one of debug|info|warning|error "
               "(example: TRACTION_LOG_LEVEL=debug)\n");
    set("TRACTION_LOG_LEVEL", "");
    ck_assert(!config_load());
    set("TRACTION_LOG_LEVEL", "info|warning");
    ck_assert(!config_load());
}
END_TEST

START_TEST(refuses_text)
{
    set("TRACTION_HOST", "");
    fails_with("traction: TRACTION_HOST: \"\" is not 1 to 255 bytes long "
               "(example: TRACTION_HOST=0.0.0.0)\n");
    set("TRACTION_HOST", "a\nb\xFF");
    fails_with("traction: TRACTION_HOST: \"a?b?\" is not text in UTF-8 "
               "(example: TRACTION_HOST=0.0.0.0)\n");
    char large[257], line[600];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    set("TRACTION_HOST", large);
    snprintf(line, sizeof line,
             "traction: TRACTION_HOST: \"%.80s...\" is not 1 to 255 bytes long "
             "(example: TRACTION_HOST=0.0.0.0)\n",
             large);
    fails_with(line);
}
END_TEST

START_TEST(refuses_unknown_variables)
{
    set("TRACTION_PROT", "8002");
    fails_with("traction: TRACTION_PROT: there is no such variable; perhaps TRACTION_PORT is meant "
               "(example: TRACTION_PORT=8002)\n");
    unsetenv("TRACTION_PROT");
    set("TRACTION_PORT_FILE", "/tmp/x"); /* not a secret */
    fails_with("traction: TRACTION_PORT_FILE: there is no such variable; perhaps TRACTION_PORT is "
               "meant (example: TRACTION_PORT=8002)\n");
    unsetenv("TRACTION_PORT_FILE");
    set("TRACTION_", "x");
    ck_assert(!config_load());
}
END_TEST

START_TEST(never_shows_secrets)
{
    set("TRACTION_JWT_SECRET", "hunter2");
    fails_with("traction: TRACTION_JWT_SECRET: is not 32 to 512 bytes long "
               "(example: TRACTION_JWT_SECRET=(at least 32 characters))\n");
    set("TRACTION_JWT_SECRET", "hunter2\xFF");
    fails_with("traction: TRACTION_JWT_SECRET: is not text in UTF-8 "
               "(example: TRACTION_JWT_SECRET=(at least 32 characters))\n");
}
END_TEST

START_TEST(reads_secrets_from_files)
{
    set_file("TRACTION_JWT_SECRET_FILE", SECRET_TEXT "\n");
    ck_assert(config_load());
    ck_assert_str_eq(config_cstr(CONFIG_JWT_SECRET), SECRET_TEXT);
    ck_assert_ptr_null(config_cstr(CONFIG_JWT_SECRET_PREVIOUS));
}
END_TEST

START_TEST(trims_one_line_end)
{
    set_file("TRACTION_JWT_SECRET_PREVIOUS_FILE", SECRET_TEXT " \n\r\n");
    ck_assert(config_load());
    ck_assert_str_eq(config_cstr(CONFIG_JWT_SECRET_PREVIOUS), SECRET_TEXT " \n");
}
END_TEST

START_TEST(refuses_secret_files)
{
    set("TRACTION_JWT_SECRET_FILE", "/nowhere/secret");
    fails_with("traction: TRACTION_JWT_SECRET_FILE: \"/nowhere/secret\" cannot be read: "
               "No such file or directory "
               "(example: TRACTION_JWT_SECRET=(at least 32 characters))\n");
    set("TRACTION_JWT_SECRET_FILE", "/tmp");
    ck_assert(!config_load());
    set_file("TRACTION_JWT_SECRET_FILE", "short\n");
    fails_with("traction: TRACTION_JWT_SECRET: is not 32 to 512 bytes long "
               "(example: TRACTION_JWT_SECRET=(at least 32 characters))\n");
}
END_TEST

START_TEST(refuses_too_long_secret_files)
{
    char large[2000];

    memset(large, 'x', sizeof large);
    large[sizeof large - 1] = '\0';
    set_file("TRACTION_JWT_SECRET_FILE", large);
    ck_assert(!config_load());
}
END_TEST

START_TEST(refuses_a_secret_given_twice)
{
    set_file("TRACTION_JWT_SECRET_FILE", SECRET_TEXT);
    set("TRACTION_JWT_SECRET", SECRET_TEXT);
    fails_with("traction: TRACTION_JWT_SECRET: is given twice, perhaps also as "
               "TRACTION_JWT_SECRET_FILE (example: TRACTION_JWT_SECRET=(at least 32 "
               "characters))\n");
}
END_TEST

START_TEST(prints_the_table_without_values)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    set("TRACTION_JWT_SECRET", SECRET_TEXT);
    ck_assert(config_load());
    config_print(out);
    fclose(out);
    ck_assert_ptr_nonnull(strstr(text, "TRACTION_PORT: port the gateway listens on\n"
                                       "    whole number from 1 to 65535; default \"8002\"; "
                                       "example 8002\n"));
    ck_assert_ptr_nonnull(strstr(text, "TRACTION_JWT_SECRET_FILE"));
    ck_assert_ptr_nonnull(strstr(text, "one of debug|info|warning|error"));
    ck_assert_ptr_null(strstr(text, SECRET_TEXT));
    free(text);
}
END_TEST

SUITE_MAIN_WITH("config", set_up, tear_down, has_defaults, reads_values, refuses_numbers,
                refuses_words, refuses_text, refuses_unknown_variables, never_shows_secrets,
                reads_secrets_from_files, trims_one_line_end, refuses_secret_files,
                refuses_too_long_secret_files, refuses_a_secret_given_twice,
                prints_the_table_without_values)
