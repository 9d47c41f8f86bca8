/* What is forgotten in a statement is found when the service starts: a field that a SELECT does not
 * deliver or an UPDATE does not write would be erased by the next change. Each mistake is planted
 * into the program that the test starts. */
#include "things.h"

static const struct model other_model = MODEL("Other", thing, thing_fields);

static void plant_select(void)
{
    THING_READ->text = "SELECT id, title, version FROM things WHERE tenant_id = $1 AND id = $2";
}

static void plant_update(void)
{
    static const char *const parameters[] = {"amount", "version", "tenant", "id"};

    THING_UPDATE->text =
        "UPDATE things SET amount = $1, version = $2 WHERE tenant_id = $3 AND id = $4";
    THING_UPDATE->parameters = parameters;
    THING_UPDATE->parameter_count = 4;
}

static void plant_insert(void)
{
    static const char *const parameters[] = {"tenant", "id", "title", "amount"};

    THING_INSERT->text =
        "INSERT INTO things (tenant_id, id, title, amount, version) VALUES ($1, $2, $3, $4, 1)";
    THING_INSERT->parameters = parameters;
    THING_INSERT->parameter_count = 4;
}

static void plant_silence(void)
{
    THING_READ->fills = NULL;
}

static void plant_exception(void)
{
    static const char *const unfilled[] = {"title", "colour", NULL};

    THING_READ->unfilled = unfilled;
}

static void plant_sorting(void)
{
    static const char *const sorts[] = {"title", "amount", NULL};

    THING_LIST_CARELESS->sorts = sorts;
    THING_LIST_CARELESS->text = "SELECT id, title, amount, version FROM things ORDER BY "
                                "CASE 'title' WHEN 'title' THEN title WHEN 'colour' THEN title END";
}

static void plant_unsaid_sorting(void)
{
    static const char *const parameters[] = {"sort_field"};

    THING_LIST_CARELESS->text = "SELECT id, title, amount, version FROM things ORDER BY $1::text";
    THING_LIST_CARELESS->parameters = parameters;
    THING_LIST_CARELESS->parameter_count = 1;
}

/* Not to be seen at the start, but at the first use. */
static void plant_other_struct(void)
{
    THING_READ->fills = &other_model;
}

static const struct {
    const char *name;
    void (*plant)(void);
} plants[] = {
    {"select", plant_select},
    {"update", plant_update},
    {"insert", plant_insert},
    {"silence", plant_silence},
    {"exception", plant_exception},
    {"sorting", plant_sorting},
    {"unsaid sorting", plant_unsaid_sorting},
    {"other struct", plant_other_struct},
};

/* The program that is started is this one: it does what PLANT says before its main function. */
__attribute__((constructor)) static void plant(void)
{
    const char *wanted = getenv("PLANT");

    for (size_t i = 0; wanted && i < sizeof plants / sizeof *plants; i++)
        if (strcmp(plants[i].name, wanted) == 0)
            plants[i].plant();
}

static void start_planted(const char *name)
{
    const char *const settings[] = {"PLANT", name, NULL};

    rig_prepare();
    ck_assert_int_eq(rig_exit_of(rig_run(&things, "--migrate", settings)), 0);
    child = rig_run(&things, NULL, settings);
}

static void assert_logged(const char *message, const char *statement, const char *column)
{
    char line[300];

    snprintf(line, sizeof line, "\"message\":\"%s\",\"statement\":\"%s\"", message, statement);
    const char *at = strstr(rig_log(SERVICE_GOALS), line);
    snprintf(line, sizeof line, "\"column\":\"%s\"", column);
    while (at && strncmp(at, line, strlen(line)) != 0 && *at != '\n')
        at++;
    ck_assert_msg(at && *at != '\n', "%s of %s\n%s", line, statement, rig_log(SERVICE_GOALS));
}

static void assert_refused(const char *name, const char *message, const char *statement,
                           const char *column)
{
    start_planted(name);
    ck_assert_int_eq(rig_exit_of(child), 1);
    assert_logged(message, statement, column);
    rig_clean();
}

START_TEST(a_field_that_a_row_lacks)
{
    assert_refused("select", "a statement does not deliver a field", "THING_READ", "amount");
}
END_TEST

START_TEST(a_field_that_a_change_lacks)
{
    assert_refused("update", "a statement does not write a field", "THING_UPDATE", "title");
}
END_TEST

START_TEST(a_field_that_a_new_row_lacks)
{
    assert_refused("insert", "a statement does not write a field", "THING_INSERT", "version");
}
END_TEST

START_TEST(rows_of_no_struct)
{
    assert_refused("silence", "a statement does not say what its rows fill", "THING_READ", "id");
}
END_TEST

START_TEST(exceptions_that_are_none)
{
    start_planted("exception");
    ck_assert_int_eq(rig_exit_of(child), 1);
    assert_logged("a statement delivers a field that it says it does not", "THING_READ", "title");
    assert_logged("a statement excepts a field that there is not", "THING_READ", "colour");
    rig_clean();
}
END_TEST

START_TEST(sort_fields_that_differ)
{
    start_planted("sorting");
    ck_assert_int_eq(rig_exit_of(child), 1);
    assert_logged("a statement does not sort by a field", "THING_LIST_CARELESS", "amount");
    assert_logged("a statement sorts by what is no sort field", "THING_LIST_CARELESS", "colour");
    rig_clean();
}
END_TEST

START_TEST(a_sort_of_no_list)
{
    assert_refused("unsaid sorting", "a statement does not say what it sorts",
                   "THING_LIST_CARELESS", "sort_field");
}
END_TEST

START_TEST(a_struct_that_was_not_named)
{
    start_planted("other struct");
    rig_call(CALL(.operation = "getGoalById", .id = ID_1, .remaining_ms = 3000));
    ck_assert_int_eq(rig_exit_of(child), 128 + SIGABRT);
    ck_assert_ptr_nonnull(strstr(rig_log(SERVICE_GOALS), "a statement fills another struct"));
    rig_clean();
}
END_TEST

SERVICE_SUITE_MAIN("omissions", a_field_that_a_row_lacks, a_field_that_a_change_lacks,
                   a_field_that_a_new_row_lacks, rows_of_no_struct, exceptions_that_are_none,
                   sort_fields_that_differ, a_sort_of_no_list, a_struct_that_was_not_named)
