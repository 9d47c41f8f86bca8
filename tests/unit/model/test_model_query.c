/* Query parameters: parsing by type, repetition, commas, and unknown names. */
#include <math.h>

#include "literal.h"
#include "model.h"
#include "suite.h"

static const char *const state_name_texts[] = {NULL, "draft", "active", "paused"};
static const struct enum_names state_names = ENUM_NAMES(state_name_texts);

struct find {
    int64_t page, size;
    double low;
    bool open;
    unsigned state;
    struct texts states;
    struct texts tags;
    struct str search;
    struct uuid goal;
    struct uuid strict;
    struct uuids goals;
    struct uuids stricts;
    struct timestamp start_date;
    struct month period;
    struct str hidden;
};
static const struct field find_fields[] = {
    FIELD(find, page, "page", .min = 1, .max = HUGE_VAL),
    FIELD(find, size, "size", .aliases = "limit pageSize"),
    FIELD(find, low, "low", .doc = "any"),
    FIELD(find, open, "open", .doc = "any"),
    FIELD(find, state, "state", .enum_names = &state_names),
    FIELD(find, states, "status", .enum_names = &state_names),
    FIELD(find, tags, "tags", .item_max = 3, .max = 3),
    FIELD(find, search, "search", .min = 1, .max = 5),
    FIELD(find, goal, "goalId", .doc = "any"),
    FIELD(find, strict, "strictId", .flags = FIELD_STRICT_ID),
    FIELD(find, goals, "goalIds", .doc = "any"),
    FIELD(find, stricts, "strictIds", .flags = FIELD_STRICT_ID),
    FIELD(find, start_date, "startDate", .doc = "any"),
    FIELD(find, period, "period", .doc = "any"),
    FIELD(find, hidden, "hidden", .flags = FIELD_INTERNAL),
};
static const struct model find_model = MODEL("Find", find, find_fields);

#define ID "0190b6a2-1111-7abc-8def-0123456789ab"
#define ID2 "0190b6a2-1111-7abc-8def-0123456789ac"

static struct arena *arena;
static struct field_errors errors;
static struct find find;

static bool query(const char *json)
{
    struct value parameters;

    if (arena == NULL)
        arena = arena_new();
    parameters = literal(arena, json);
    field_errors_init(&errors, arena);
    model_clear(AS(find, &find));
    return model_decode_query(AS(find, &find), &parameters, &errors);
}

#define REFUSES(json, name, text)                             \
    do {                                                      \
        ck_assert(!query(json));                              \
        ck_assert_uint_eq(errors.count, 1);                   \
        ck_assert_str_eq(errors.first->field.data, (name));   \
        ck_assert_str_eq(errors.first->message.data, (text)); \
    } while (0)

START_TEST(reads_every_type)
{
    ck_assert(query("{'page':['2'],'page_size':['50'],'low':['-1.5e2'],'open':['true'],"
                    "'state':['active'],'status':['draft,paused','active'],'tags':['a,b'],"
                    "'search':['x y'],'goal_id':['" ID "'],'goalIds':['" ID "," ID2 "','" ID "'],"
                    "'start_date':['2025-01-15'],'period':['2025-02']}"));
    ck_assert_int_eq(find.page, 2);
    ck_assert_int_eq(find.size, 50);
    ck_assert(find.low >= -150 && find.low <= -150);
    ck_assert(find.open);
    ck_assert_uint_eq(find.state, 2);
    ck_assert_uint_eq(find.states.count, 3);
    ck_assert(str_equal(find.states.items[2], STR("active")));
    ck_assert_uint_eq(find.tags.count, 2);
    ck_assert(str_equal(find.search, STR("x y")));
    ck_assert_uint_eq(find.goals.count, 3);
    ck_assert(uuid_equal(find.goal, find.goals.items[2]));
    ck_assert(!uuid_equal(find.goal, find.goals.items[1]));
    ck_assert_int_eq(find.start_date.us, 1736899200000000);
    ck_assert_int_eq(find.period.number, 2025 * 12 + 1);
    ck_assert(query("{}"));
    ck_assert_int_eq(find.page, INT_NONE);
    ck_assert_ptr_null(find.states.items);
}
END_TEST

START_TEST(empty_means_absent)
{
    ck_assert(query("{'page':[''],'status':['',','],'search':[''],'goalId':[''],'goalIds':[],"
                    "'tags':[',a,,']}"));
    ck_assert_int_eq(find.page, INT_NONE);
    ck_assert_ptr_null(find.states.items);
    ck_assert_ptr_null(find.search.data);
    ck_assert(uuid_is_none(find.goal));
    ck_assert_ptr_null(find.goals.items);
    ck_assert_uint_eq(find.tags.count, 1);
}
END_TEST

/* Stored is the table's spelling, because SQL compares with it. */
START_TEST(words_have_many_spellings)
{
    ck_assert(query("{'state':['ACTIVE'],'status':['Draft,PAUSED']}"));
    ck_assert_uint_eq(find.state, 2);
    ck_assert_uint_eq(find.states.count, 2);
    ck_assert(str_equal(find.states.items[0], STR("draft")));
    ck_assert(str_equal(find.states.items[1], STR("paused")));
}
END_TEST

START_TEST(a_plus_that_became_a_blank_is_read)
{
    ck_assert(query("{'startDate':['2025-01-15T05:30:00 05:30']}"));
    ck_assert_int_eq(find.start_date.us, 1736899200000000);
    REFUSES("{'startDate':['2025-01-15 00:00:00Z']}", "startDate",
            "must be a date such as 2025-01-15 or a time such as 2025-01-15T10:00:00Z");
}
END_TEST

START_TEST(numbers_are_strict)
{
    static const char *const bad[] = {"{'low':['nan']}",   "{'low':['inf']}", "{'low':['0x1']}",
                                      "{'low':[' 1']}",    "{'low':['1 ']}",  "{'low':['+1']}",
                                      "{'low':['1e999']}", "{'low':['1e']}",  "{'low':['.5']}",
                                      "{'low':['5.']}",    "{'low':['-']}",   "{'low':['1,5']}"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        REFUSES(bad[i], "low", "must be a number");
    /* 63 characters, and one more. */
    ck_assert(query("{'low':['1.0000000000000000000000000000000000000000000000000000000000000']}"));
    REFUSES("{'low':['1.00000000000000000000000000000000000000000000000000000000000000']}", "low",
            "must be a number");
    REFUSES("{'limit':['ten']}", "limit", "must be a whole number");
    REFUSES("{'limit':['1.0']}", "limit", "must be a whole number");
    REFUSES("{'limit':['-9223372036854775808']}", "limit", "must be a whole number");
    REFUSES("{'limit':['99999999999999999999x']}", "limit", "must be a whole number");
    ck_assert(query("{'limit':['99999999999999999999']}"));
    ck_assert_int_eq(find.size, INT64_MAX);
    REFUSES("{'page':['0']}", "page", "must be a whole number of at least 1");
    REFUSES("{'open':['yes']}", "open", "must be true or false");
    REFUSES("{'open':['True']}", "open", "must be true or false");
}
END_TEST

START_TEST(other_values_are_checked)
{
    REFUSES("{'status':['draft,done']}", "status", "must be one of draft, active, paused");
    REFUSES("{'state':['draft,active']}", "state", "must be one of draft, active, paused");
    REFUSES("{'tags':['abcd']}", "tags", "must be at most 3 characters");
    REFUSES("{'tags':['a,b,c,d']}", "tags", "must have at most 3 items");
    REFUSES("{'search':['123456']}", "search", "must be at most 5 characters");
    REFUSES("{'start_date':['2025-02-30']}", "start_date",
            "must be a date such as 2025-01-15 or a time such as 2025-01-15T10:00:00Z");
    REFUSES("{'strictId':['x']}", "strictId", "must be a UUID");
    REFUSES("{'strictIds':['" ID ",x']}", "strictIds", "must be UUIDs separated by commas");
    REFUSES("{'search':[5]}", "search", "must be text");
    REFUSES("{'search':'x'}", "search", "must be text");

    struct value parameters;
    struct buffer out = buffer_in(arena, 64);
    pack_map(&out, 1);
    pack_key(&out, "search");
    pack_array(&out, 1);
    pack_text(&out, STR("a\0b"));
    ck_assert(unpack(arena, buffer_str(&out), &parameters));
    field_errors_init(&errors, arena);
    ck_assert(!model_decode_query(AS(find, &find), &parameters, &errors));
    ck_assert_str_eq(errors.first->message.data, "must not contain a NUL character");
}
END_TEST

START_TEST(ids_that_are_none_match_nothing)
{
    ck_assert(query("{'goalId':['x'],'goalIds':['" ID ",x']}"));
    ck_assert(!uuid_is_none(find.goal));
    ck_assert_uint_eq(find.goals.count, 2);
    ck_assert(!uuid_is_none(find.goals.items[1]));
}
END_TEST

START_TEST(given_twice_must_agree)
{
    ck_assert(query("{'page':['2','2'],'size':['5'],'limit':['5']}"));
    ck_assert(query("{'status':['Active'],'Status':['active']}"));
    ck_assert(query("{'size':[''],'limit':['5'],'pageSize':['']}"));
    ck_assert_int_eq((int)find.size, 5);
    REFUSES("{'status':['active'],'Status':['active,draft']}", "Status",
            "differs from status, which means the same");
    REFUSES("{'page':['2','3']}", "page", "must be given only once");
    REFUSES("{'size':['5'],'limit':['6']}", "limit", "differs from size, which means the same");
}
END_TEST

START_TEST(unknown_names_are_told)
{
    struct value parameters;

    ck_assert(query("{'_':['1'],'_cache':['x']}"));
    REFUSES("{'statsu':['draft']}", "statsu",
            "is not a known parameter; allowed are page, size, low, open, state, status, tags, "
            "search, goalId, strictId, goalIds, strictIds, startDate, period");
    ck_assert(!query("{'hidden':['x']}"));
    parameters = literal(arena, "{'x':['1']}");
    field_errors_init(&errors, arena);
    ck_assert(!model_decode_query(NOTHING, &parameters, &errors));
    ck_assert_str_eq(errors.first->message.data, "is not a known parameter; none is allowed here");
    parameters = (struct value){.type = VALUE_ABSENT};
    field_errors_init(&errors, arena);
    ck_assert(model_decode_query(NOTHING, &parameters, &errors));
}
END_TEST

struct need {
    struct str from;
};
static const struct field need_fields[] = {
    FIELD(need, from, "fromWhen", .flags = FIELD_REQUIRED),
};
static const struct model need_model = MODEL("Need", need, need_fields);

START_TEST(requires_what_is_required)
{
    struct need need = {STR_NONE};
    struct value parameters;

    arena = arena_new();
    parameters = literal(arena, "{'from_when':['']}");
    field_errors_init(&errors, arena);
    ck_assert(!model_decode_query(AS(need, &need), &parameters, &errors));
    ck_assert_str_eq(errors.first->field.data, "from_when");
    ck_assert_str_eq(errors.first->message.data, "is required");
    parameters = literal(arena, "{}");
    field_errors_init(&errors, arena);
    ck_assert(!model_decode_query(AS(need, &need), &parameters, &errors));
    ck_assert_str_eq(errors.first->field.data, "fromWhen");
}
END_TEST

SUITE_MAIN("model_query", reads_every_type, empty_means_absent, words_have_many_spellings,
           a_plus_that_became_a_blank_is_read, numbers_are_strict, other_values_are_checked,
           ids_that_are_none_match_nothing, given_twice_must_agree, unknown_names_are_told,
           requires_what_is_required)
