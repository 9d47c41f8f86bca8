/* Mistakes in field tables that compile, and that no table of the product has one. */
#include "operation.h"
#include "suite.h"

enum color { COLOR_RED = 1 };
static const char *const color_name_texts[] = {NULL, "red"};
static const struct enum_names color_names = ENUM_NAMES(color_name_texts);
static const char *const quoted_texts[] = {NULL, "red", "\"green\""};
static const struct enum_names quoted_names = ENUM_NAMES(quoted_texts);

struct table_part {
    struct str name;
    enum color color;
    struct list parts;
    int64_t place;
};

static void check(const struct field *fields, size_t count, const char *expected)
{
    const struct model part = {"Part", sizeof(struct table_part), fields, count};
    const struct field outer = {.name = "parts", .type = FIELD_LIST, .model = &part, .doc = "any"};
    const struct model whole = {"Whole", sizeof(struct table_part), &outer, 1};
    char why[200] = "";

    ck_assert_int_eq(model_validate(&part, why, sizeof why), !*expected);
    ck_assert_str_eq(why, expected);
    why[0] = '\0';
    ck_assert_int_eq(model_validate(&whole, why, sizeof why), !*expected);
    ck_assert_str_eq(why, expected);
}
#define CHECK(expected, ...)                                       \
    do {                                                           \
        const struct field fields[] = {__VA_ARGS__};               \
        check(fields, sizeof fields / sizeof *fields, (expected)); \
    } while (0)

START_TEST(mistaken_fields_are_named)
{
    CHECK("", FIELD(table_part, name, "name", .doc = "any"),
          FIELD(table_part, color, "color", .enum_names = &color_names, .doc = "any"),
          COLUMN(table_part, name), COLUMN(table_part, place));
    CHECK("Part: \"color\" is an enum and needs .enum_names",
          FIELD(table_part, color, "color", .doc = "any"));
    CHECK("Part: \"color\" is an enum and needs .enum_names", COLUMN(table_part, color));
    CHECK("Part: \"name\" is no enum, so .enum_names do not count",
          FIELD(table_part, name, "name", .enum_names = &color_names, .doc = "any"));
    CHECK("Part: \"parts\" is a list or an object and needs .model",
          FIELD(table_part, parts, "parts", .doc = "any"));
    CHECK("Part: \"na\\me\" has a name that needs escapes in JSON",
          FIELD(table_part, name, "na\\me", .doc = "any"));
    CHECK("Part: \"color\" has a name that needs escapes in JSON",
          FIELD(table_part, color, "color", .enum_names = &quoted_names, .doc = "any"));
    CHECK("Part: \"name\" has the name of a field before it",
          FIELD(table_part, name, "name", .doc = "any"),
          FIELD(table_part, place, "name", .doc = "any"));
}
END_TEST

static void check_row(struct operation second, const char *expected)
{
    const struct operation first = {
        .name = "first", .method = METHOD_GET, .path = "/a", .tag = "A", .summary = "any"};
    const struct operation table[] = {first, second};
    char why[200] = "";

    ck_assert_int_eq(operations_validate(table, 2, why, sizeof why), !*expected);
    ck_assert_str_eq(why, expected);
}

START_TEST(mistaken_operations_are_named)
{
    static const struct field field = FIELD(table_part, color, "color");
    static const struct model part = {"Part", sizeof(struct table_part), &field, 1};
    struct operation good = {.name = "second",
                             .method = METHOD_PUT,
                             .path = "/a",
                             .tag = "A",
                             .summary = "any",
                             .faults = "GOAL_NOT_FOUND GOAL_LIMIT_REACHED"};
    struct operation bad = good;

    check_row(good, "");
    bad.tag = NULL;
    check_row(bad, "second needs .tag and .summary");
    bad = good;
    bad.faults = "GOAL_NOT_FOUND GOAL_LIMIT_RAECHED";
    check_row(bad, "second has a code in .faults that is none");
    bad = good;
    bad.method = METHOD_GET;
    check_row(bad, "second has the method and path of an operation before it");
    bad = good;
    bad.reply = &part;
    check_row(bad, "Part: \"color\" is an enum and needs .enum_names");
}
END_TEST

START_TEST(the_product_has_none)
{
    char why[200] = "";

    ck_assert_msg(operations_validate(operations, operation_count, why, sizeof why), "%s", why);
}
END_TEST

/* Whether a table says of each text that people send what it is: shown, an id, or of a form. */
static void check_texts(const struct model *model)
{
    const unsigned kinds = FIELD_SHOWN | FIELD_OPAQUE | FIELD_READ_ONLY | FIELD_INTERNAL;

    for (size_t i = 0; i < model->count; i++) {
        const struct field *field = &model->fields[i];
        bool text = field->type == FIELD_TEXT || field->type == FIELD_TEXTS;

        if (field->model && (field->flags & FIELD_READ_ONLY) == 0)
            check_texts(field->model);
        ck_assert_msg(!text || (field->flags & kinds) != 0 || field->check || field->enum_names,
                      "%s: %s", model->name, field->name);
    }
}

START_TEST(every_text_of_a_body_says_what_it_is)
{
    size_t bodies = 0;

    for (size_t i = 0; i < operation_count; i++)
        if (operations[i].body && operations[i].path) {
            check_texts(operations[i].body);
            bodies++;
        }
    ck_assert_uint_gt(bodies, 15);
}
END_TEST

SUITE_MAIN("tables", mistaken_fields_are_named, mistaken_operations_are_named, the_product_has_none,
           every_text_of_a_body_says_what_it_is)
