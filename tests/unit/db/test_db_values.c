/* Every type of field to PostgreSQL and back: as parameters, as columns, as NULL, and at its
 * limits; the server's own text form is compared too, so that two equal mistakes do not hide each
 * other. */
#include <math.h>

#include "db_rig.h"

static const char *const colour_name_texts[] = {NULL, "red", "grün"};
static const struct enum_names colour_names = ENUM_NAMES(colour_name_texts);

struct values_row {
    struct uuid id;
    struct str title;
    int64_t number;
    double ratio;
    bool flag;
    struct timestamp moment;
    struct month month;
    enum colour { COLOUR_RED = 1, COLOUR_GREEN } colour;
    struct texts tags;
    struct uuids links;
    struct packed blob;
    int64_t small, tiny;
};

static const struct field values_row_fields[] = {
    FIELD(values_row, id, "id", .flags = 0),
    FIELD(values_row, title, "title", .flags = 0),
    FIELD(values_row, number, "number", .flags = 0),
    FIELD(values_row, ratio, "ratio", .flags = 0),
    FIELD(values_row, flag, "flag", .flags = 0),
    FIELD(values_row, moment, "moment", .flags = 0),
    FIELD(values_row, month, "month", .flags = 0),
    FIELD(values_row, colour, "colour", .enum_names = &colour_names),
    FIELD(values_row, tags, "tags", .flags = 0),
    FIELD(values_row, links, "links", .flags = 0),
    FIELD(values_row, blob, "blob", .flags = 0),
    FIELD(values_row, small, "small", .flags = 0),
    FIELD(values_row, tiny, "tiny", .flags = 0),
};
static const struct model values_row_model = MODEL("Thing", values_row, values_row_fields);

struct text_answer {
    struct str text;
};
static const struct field text_answer_fields[] = {FIELD(text_answer, text, "text", .flags = 0)};
static const struct model text_answer_model = MODEL("Text", text_answer, text_answer_fields);

STATEMENT(THING_ECHO,
          "SELECT $1::uuid id, $2::varchar title, $3::bigint number, $4::float8 ratio,"
          " $5::bool flag, $6::timestamptz moment, $7::bigint AS month, $8::text colour,"
          " $9::text[] tags, $10::uuid[] links, $11::bytea blob, $12::int4 small, $13::int2 tiny",
          "id", "title", "number", "ratio", "flag", "moment", "month", "colour", "tags", "links",
          "blob", "small", "tiny");
STATEMENT(THING_TEXT,
          "SELECT concat_ws('|', $1::uuid::text, $2::text, $3::bigint::text, $4::float8::text,"
          " $5::bool::text, ($6::timestamptz AT TIME ZONE 'UTC')::text, $7::int::text, $8::text,"
          " $9::varchar[]::text, $10::uuid[]::text, $11::bytea::text, $12::int4::text,"
          " $13::int2::text) AS text",
          "id", "title", "number", "ratio", "flag", "moment", "month", "colour", "tags", "links",
          "blob", "small", "tiny");
STATEMENT_PLAIN(THING_INFINITE, "SELECT 'infinity'::timestamptz AS moment");
STATEMENT_PLAIN(THING_ALIEN, "SELECT 'blue'::text AS colour");
STATEMENT_PLAIN(THING_SQUARE, "SELECT '{{a,b},{c,d}}'::text[] AS tags");
STATEMENT(THING_MANY,
          "SELECT i AS number, repeat('ä', i) AS title FROM generate_series(1, $1::int) i",
          "small");

static struct statement *const statements[] = {
    &THING_ECHO_statement,
    &THING_TEXT_statement,
    &THING_INFINITE_statement,
    &THING_ALIEN_statement,
    &THING_SQUARE_statement,
    &THING_MANY_statement,
    NULL,
};

static bool same_text(struct str a, struct str b)
{
    return (a.data == NULL) == (b.data == NULL) && str_equal(a, b);
}

static void assert_same(const struct values_row *a, const struct values_row *b)
{
    ck_assert(uuid_equal(a->id, b->id));
    ck_assert(same_text(a->title, b->title));
    ck_assert_int_eq(a->number, b->number);
    ck_assert(!memcmp(&a->ratio, &b->ratio, sizeof a->ratio) ||
              (isnan(a->ratio) && isnan(b->ratio)));
    ck_assert_int_eq(a->flag, b->flag);
    ck_assert_int_eq(a->moment.us, b->moment.us);
    ck_assert_int_eq(a->month.number, b->month.number);
    ck_assert_int_eq(a->colour, b->colour);
    ck_assert_uint_eq(a->tags.count, b->tags.count);
    for (size_t i = 0; i < a->tags.count; i++)
        ck_assert(same_text(a->tags.items[i], b->tags.items[i]));
    ck_assert_uint_eq(a->links.count, b->links.count);
    for (size_t i = 0; i < a->links.count; i++)
        ck_assert(uuid_equal(a->links.items[i], b->links.items[i]));
    ck_assert(same_text(a->blob.bytes, b->blob.bytes));
    ck_assert_int_eq(a->small, b->small);
    ck_assert_int_eq(a->tiny, b->tiny);
}

static void echo(struct values_row *thing)
{
    struct arena *arena = arena_new();
    struct session *session = begin(arena, false);
    struct values_row back;
    bool found = false;
    session_queue_row(session, &THING_ECHO_statement, AS(values_row, thing), AS(values_row, &back),
                      &found);
    ck_assert_int_eq(session_wait(session), DB_OK);
    ck_assert(found);
    assert_same(thing, &back);
    session_end(&session);
    arena_destroy(&arena);
}

static const char *as_text(struct values_row *thing)
{
    static char text[500];
    struct arena *arena = arena_new();
    struct session *session = begin(arena, false);
    struct text_answer answer;
    bool found = false;
    session_queue_row(session, &THING_TEXT_statement, AS(values_row, thing),
                      AS(text_answer, &answer), &found);
    ck_assert_int_eq(session_wait(session), DB_OK);
    snprintf(text, sizeof text, STR_FMT, STR_ARG(answer.text));
    session_end(&session);
    arena_destroy(&arena);
    return text;
}

static struct values_row sample(void)
{
    static struct str tags[] = {{"a", 1}, {"", 0}, {"ü, \"quoted\" {}", 15}, {"NULL", 4}};
    static struct uuid links[2] = {{{1}}, {{0xff, 0xfe}}};
    struct values_row thing = {
        .title = STR("Zürich 東京 \xf0\x9f\x8c\x8d"),
        .number = -42,
        .ratio = 0.1,
        .flag = true,
        .moment = {1736935200123456},
        .month = {24301},
        .colour = COLOUR_GREEN,
        .tags = {tags, 4},
        .links = {links, 2},
        .blob = {{"\0\xff\x81z", 4}},
        .small = 70000,
        .tiny = -3,
    };
    ck_assert(uuid_parse(STR("018f4d6e-5c00-7abc-8def-0123456789ab"), &thing.id));
    return thing;
}

static void do_sample(void *argument)
{
    (void)argument;
    struct values_row thing = sample();
    echo(&thing);
    ck_assert_str_eq(
        as_text(&thing),
        "018f4d6e-5c00-7abc-8def-0123456789ab|Zürich 東京 \xf0\x9f\x8c\x8d|-42|0.1|true|"
        "2025-01-15 10:00:00.123456|24301|grün|{a,\"\",\"ü, \\\"quoted\\\" {}\",\"NULL\"}|"
        "{01000000-0000-0000-0000-000000000000,fffe0000-0000-0000-0000-000000000000}|"
        "\\x00ff817a|70000|-3");
}

static void do_absent(void *argument)
{
    (void)argument;
    struct values_row thing;
    model_clear(AS(values_row, &thing));
    echo(&thing);
    ck_assert_str_eq(as_text(&thing), "false|{}|{}"); /* concat_ws leaves NULLs out */
}

static void do_extremes(void *argument)
{
    (void)argument;
    struct values_row thing = sample();
    thing.title = STR("");
    thing.blob.bytes = STR("");
    thing.number = INT64_MAX;
    thing.ratio = -0.0;
    thing.small = INT32_MIN;
    thing.tiny = INT16_MAX;
    thing.moment.us = -62135596800000000; /* year 1 */
    thing.month.number = 0;
    echo(&thing);
    thing.number = INT64_MIN + 1;
    thing.ratio = 1.7976931348623157e308;
    thing.small = INT32_MAX;
    thing.tiny = INT16_MIN;
    thing.moment.us = 253402300799999999; /* the end of 9999 */
    thing.month.number = INT32_MAX;
    echo(&thing);
    thing.ratio = (double)INFINITY;
    thing.moment.us = 0;
    thing.flag = false;
    echo(&thing);
}

static void do_long(void *argument)
{
    (void)argument;
    enum { COUNT = 20000, SIZE = 1 << 20 };
    struct values_row thing = sample();
    struct arena *arena = arena_new();
    char *bytes = arena_alloc(arena, SIZE);
    memset(bytes, 'x', SIZE);
    thing.title = thing.blob.bytes = (struct str){bytes, SIZE};
    thing.links.items = arena_array(arena, COUNT, sizeof(struct uuid));
    thing.tags.items = arena_array(arena, COUNT, sizeof(struct str));
    thing.links.count = thing.tags.count = COUNT;
    for (size_t i = 0; i < COUNT; i++) {
        thing.links.items[i] = uuid_v7();
        thing.tags.items[i] = (struct str){bytes, i % 50};
    }
    echo(&thing);
    arena_destroy(&arena);
}

static void do_too_large(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    struct session *session = begin(arena, false);
    struct values_row thing = sample(), back;
    bool found = true;
    thing.tiny = 40000;
    session_queue_row(session, &THING_ECHO_statement, AS(values_row, &thing), AS(values_row, &back),
                      &found);
    ck_assert_int_eq(session_wait(session), DB_BUG);
    ck_assert(!found);
    session_end(&session);
    arena_destroy(&arena);
}

/* A statement whose row cannot be read. */
static void do_unreadable(void *argument)
{
    struct arena *arena = arena_new();
    struct session *session = begin(arena, false);
    struct values_row back;
    bool found;
    session_queue_row(session, argument, NOTHING, AS(values_row, &back), &found);
    ck_assert_int_eq(session_wait(session), DB_BUG);
    session_end(&session);
    arena_destroy(&arena);
}

static void do_rows(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    struct session *session = begin(arena, false);
    struct values_row thing = sample();
    struct list many, none;
    int64_t affected = -1;
    thing.small = 300;
    session_queue_rows(session, &THING_MANY_statement, AS(values_row, &thing), &values_row_model,
                       &many);
    thing.small = 0; /* parameters were taken */
    session_queue_rows(session, &THING_MANY_statement, AS(values_row, &thing), &values_row_model,
                       &none);
    session_queue_count(session, &THING_MANY_statement, AS(values_row, &thing), &affected);
    ck_assert_int_eq(session_wait(session), DB_OK);
    ck_assert_uint_eq(many.count, 300);
    ck_assert_uint_eq(none.count, 0);
    ck_assert_int_eq(affected, 0);
    const struct values_row *rows = many.items;
    for (int64_t i = 0; i < 300; i++) {
        ck_assert_int_eq(rows[i].number, i + 1);
        ck_assert_uint_eq(rows[i].title.size, 2 * (size_t)(i + 1));
        ck_assert_int_eq(rows[i].small, INT_NONE); /* not in the row: cleared */
    }
    /* Several rows where one was asked for. */
    struct values_row one;
    bool found;
    thing.small = 2;
    session_queue_row(session, &THING_MANY_statement, AS(values_row, &thing), AS(values_row, &one),
                      &found);
    ck_assert_int_eq(session_wait(session), DB_BUG);
    session_end(&session);
    arena_destroy(&arena);
}

/* 300 rows are some 100 KB: with the bound nothing of them is kept, and they can be read again. */
static void do_bounded(void *argument)
{
    (void)argument;
    struct arena *arena = arena_new();
    struct session *session = begin(arena, false);
    struct values_row thing = sample();
    struct list few, many;
    thing.small = 300;
    session_bound(session, 65536);
    session_queue_rows(session, &THING_MANY_statement, AS(values_row, &thing), &values_row_model,
                       &many);
    ck_assert_int_eq(session_wait(session), DB_OK);
    ck_assert(session_held_back(session));
    ck_assert_uint_eq(many.count, 0);
    ck_assert_int_eq(session_wait_again(session), DB_OK);
    ck_assert(!session_held_back(session));
    ck_assert_uint_eq(many.count, 300);
    thing.small = 3;
    session_bound(session, 65536);
    for (int i = 0; i < 2; i++) /* what is enough for each, and for both */
        session_queue_rows(session, &THING_MANY_statement, AS(values_row, &thing),
                           &values_row_model, i ? &few : &many);
    ck_assert_int_eq(session_wait(session), DB_OK);
    ck_assert(!session_held_back(session));
    ck_assert_uint_eq(few.count + many.count, 6);
    session_end(&session);
    arena_destroy(&arena);
}

#define VALUE_TEST(name, body, argument)              \
    START_TEST(name)                                  \
    {                                                 \
        rig_open("SELECT 1");                         \
        rig_database_open(rig_url, statements, 1, 1); \
        rig_fiber(body, argument);                    \
        rig_close();                                  \
    }                                                 \
    END_TEST

VALUE_TEST(every_type_comes_back, do_sample, NULL)
VALUE_TEST(absent_is_null, do_absent, NULL)
VALUE_TEST(extremes_come_back, do_extremes, NULL)
VALUE_TEST(long_values_come_back, do_long, NULL)
VALUE_TEST(numbers_beyond_the_type_are_refused, do_too_large, NULL)
VALUE_TEST(infinity_is_refused, do_unreadable, &THING_INFINITE_statement)
VALUE_TEST(unknown_words_are_refused, do_unreadable, &THING_ALIEN_statement)
VALUE_TEST(two_dimensions_are_refused, do_unreadable, &THING_SQUARE_statement)
VALUE_TEST(rows_become_structs, do_rows, NULL)
VALUE_TEST(large_results_are_held_back, do_bounded, NULL)

POSTGRES_SUITE_MAIN("db values", every_type_comes_back, absent_is_null, extremes_come_back,
                    long_values_come_back, numbers_beyond_the_type_are_refused, infinity_is_refused,
                    unknown_words_are_refused, two_dimensions_are_refused, rows_become_structs,
                    large_results_are_held_back)
