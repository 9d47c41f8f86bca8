/* Answers: names, nulls, what is left out; and that what is written reads back the same. */
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "literal.h"
#include "sample.h"
#include "suite.h"

static struct arena *arena;

static struct value packed(const struct sample *sample, size_t extra)
{
    struct buffer out = buffer_in(arena, 64);
    struct sample copy = *sample;
    struct value value;

    model_pack_open(AS(sample, &copy), extra, &out);
    for (size_t i = 0; i < extra; i++) {
        pack_key(&out, "extra");
        pack_int(&out, 1);
    }
    ck_assert(unpack(arena, buffer_str(&out), &value));
    return value;
}

START_TEST(writes_nulls_and_leaves_out_what_is_not_for_callers)
{
    static const char *const names[] = {
        "id",     "title",   "ownerId", "code",   "count",     "ratio",    "freeNumber", "isShared",
        "colour", "dueDate", "period",  "goalId", "valueTags", "metadata", "anything",   "parts"};
    struct sample sample;
    struct value value;

    arena = arena_new();
    memset(&sample, 0x55, sizeof sample);
    model_clear(AS(sample, &sample));
    value = packed(&sample, 0);
    ck_assert_uint_eq(value.count, sizeof names / sizeof *names);
    for (size_t i = 0; i < value.count; i++) {
        const struct value *got = &value.pairs[i].value;

        ck_assert(str_equal(value.pairs[i].key, str_of(names[i])));
        if (got->type == VALUE_ARRAY)
            ck_assert_uint_eq(got->count, 0);
        else if (strcmp(names[i], "isShared") == 0)
            ck_assert(got->type == VALUE_BOOL && !got->boolean);
        else
            ck_assert_int_eq(got->type, VALUE_NULL);
    }
    sample.remark = STR("r");
    sample.links.note = STR("n");
    value = packed(&sample, 1);
    ck_assert(str_equal(value_text(value_get(&value, "remark")), STR("r")));
    ck_assert_uint_eq(value_get(&value, "links")->count, 3);
    ck_assert_int_eq(value_int(value_get(&value, "extra"), 0), 1);
}
END_TEST

/* Values as answers show them; nothing of what callers do not see. */
START_TEST(writes_what_differs)
{
    struct sample before, after;
    struct value value;

    arena = arena_new();
    model_clear(AS(sample, &before));
    before.title = STR("a");
    before.count = 1;
    after = before;
    after.id = (struct uuid){{1}};
    after.title = STR("b");
    after.colour = COLOUR_RED;
    after.secret = STR("s");
    after.version = 7;
    struct buffer out = buffer_in(arena, 64);
    model_pack_changes(AS(sample, &before), AS(sample, &after), arena, &out);
    ck_assert(unpack(arena, buffer_str(&out), &value));
    ck_assert_uint_eq(value.count, 3);
    ck_assert_int_eq(value_get(&value, "id")->items[0].type, VALUE_NULL);
    const struct value *title = value_get(&value, "title"), *colour = value_get(&value, "colour");
    ck_assert_uint_eq(title->count, 2);
    ck_assert(str_equal(value_text(&title->items[0]), STR("a")));
    ck_assert(str_equal(value_text(&title->items[1]), STR("b")));
    ck_assert_int_eq(colour->items[0].type, VALUE_NULL);
    ck_assert(str_equal(value_text(&colour->items[1]), STR("red")));
}
END_TEST

/* Of what appeared there was nothing before; of what is gone there is nothing now. */
START_TEST(writes_all_that_appeared_or_is_gone)
{
    arena = arena_new();
    struct value data = literal(arena, "{'title':'a','colour':null,'secret':'s','links':{'x':1}}");
    for (int appeared = 0; appeared < 2; appeared++) {
        struct buffer out = buffer_in(arena, 64);
        struct value value;

        model_pack_all_changed(&sample_model, &data, appeared, &out);
        ck_assert(unpack(arena, buffer_str(&out), &value));
        ck_assert_uint_eq(value.count, 2);
        const struct value *title = value_get(&value, "title"), *links = value_get(&value, "links");
        ck_assert_uint_eq(title->count, 2);
        ck_assert_int_eq(title->items[!appeared].type, VALUE_NULL);
        ck_assert(str_equal(value_text(&title->items[appeared]), STR("a")));
        ck_assert_int_eq(value_int(value_get(&links->items[appeared], "x"), 0), 1);
    }
}
END_TEST

START_TEST(writes_values_as_the_models_spell_them)
{
    struct sample sample;
    struct value value;

    arena = arena_new();
    model_clear(AS(sample, &sample));
    sample.colour = COLOUR_BLUE;
    sample.due_date = (struct timestamp){1736935200000000};
    sample.period = (struct month){2025 * 12 + 1};
    sample.secret = STR("s");
    struct part parts[] = {{STR("p"), 1}, {STR("q"), 2}};
    sample.parts = (struct list){parts, 2};
    sample.metadata.bytes = STR("\x81\xa1k\x01");
    value = packed(&sample, 0);
    ck_assert(str_equal(value_text(value_get(&value, "colour")), STR("blue")));
    ck_assert(str_equal(value_text(value_get(&value, "dueDate")), STR("2025-01-15T10:00:00.000Z")));
    ck_assert(str_equal(value_text(value_get(&value, "period")), STR("2025-02")));
    ck_assert_int_eq(value_int(value_get(value_get(&value, "metadata"), "k"), 0), 1);
    ck_assert_int_eq(value_get(&value, "secret")->type, VALUE_ABSENT);
    const struct value *shown = value_get(&value, "parts");
    ck_assert_uint_eq(shown->count, 2);
    ck_assert(str_equal(value_text(value_get(&shown->items[0], "name")), STR("p")));
    ck_assert(str_equal(value_text(value_get(&shown->items[1], "name")), STR("q")));
}
END_TEST

struct dated {
    struct timestamp day;
};
static const struct field dated_fields[] = {
    FIELD(dated, day, "day", .flags = FIELD_DAY),
};
static const struct model dated_model = MODEL("Dated", dated, dated_fields);

/* "2025-01-15" as it is read and written again; "null" for none. */
static const char *day_of(const char *text)
{
    struct dated dated;
    struct field_errors errors;
    struct buffer out = buffer_in(arena, 64);
    struct value body, value;

    pack_map(&out, 1);
    pack_key(&out, "day");
    pack_text(&out, str_of(text));
    ck_assert(unpack(arena, buffer_str(&out), &body));
    field_errors_init(&errors, arena);
    model_clear(AS(dated, &dated));
    if (!model_decode(AS(dated, &dated), &body, DECODE_CREATE, &errors, NULL))
        return "refused";
    struct buffer packed = buffer_in(arena, 64);
    model_pack(AS(dated, &dated), &packed);
    ck_assert(unpack(arena, buffer_str(&packed), &value));
    struct str day = value_text(value_get(&value, "day"));
    return day.data ? arena_printf(arena, STR_FMT, STR_ARG(day)).data : "null";
}

START_TEST(days_are_days_of_utc)
{
    arena = arena_new();
    ck_assert_str_eq(day_of("2025-01-15"), "2025-01-15");
    ck_assert_str_eq(day_of("2025-01-15T23:30:00-01:00"), "2025-01-16");
    ck_assert_str_eq(day_of("0001-01-01"), "0001-01-01");
    ck_assert_str_eq(day_of(""), "null");
    ck_assert_str_eq(day_of("2025-02-30"), "refused");
}
END_TEST

START_TEST(finds_columns_and_words)
{
    ck_assert_ptr_eq(model_column(&sample_model, STR("due_date")), &sample_fields[9]);
    ck_assert_ptr_null(model_column(&sample_model, STR("dueDate")));
    ck_assert_uint_eq(enum_value(&colour_names, STR("green")), COLOUR_GREEN);
    ck_assert_uint_eq(enum_value(&colour_names, STR("gree")), 0);
    ck_assert_uint_eq(enum_value(&colour_names, STR_NONE), 0);
    ck_assert(str_equal(enum_name(&colour_names, COLOUR_GREEN), STR("green")));
    ck_assert_ptr_null(enum_name(&colour_names, 0).data);
}
END_TEST

static bool chance(void)
{
    return rand() % 3 != 0;
}

static struct str random_text(size_t max)
{
    size_t size = 1 + (size_t)rand() % max;
    char *text = arena_alloc(arena, size);

    for (size_t i = 0; i < size; i++)
        text[i] = (char)('!' + rand() % 90);
    return (struct str){text, size};
}

static struct uuid random_id(void)
{
    struct uuid id;

    for (size_t i = 0; i < sizeof id.bytes; i++)
        id.bytes[i] = (uint8_t)(1 + rand() % 255);
    return id;
}

static struct list random_parts(void)
{
    struct list list = {.count = (size_t)rand() % 4};
    struct part *parts = arena_array(arena, list.count, sizeof *parts);

    for (size_t i = 0; i < list.count; i++)
        parts[i] = (struct part){random_text(10), chance() ? rand() % 10 : INT_NONE};
    list.items = parts;
    return list;
}

static void random_sample(struct sample *s)
{
    model_clear(AS(sample, s));
    s->title = random_text(20);
    s->owner_id = chance() ? random_text(128) : STR_NONE;
    s->count = chance() ? rand() % 106 - 5 : INT_NONE;
    s->ratio = chance() ? rand() / (double)RAND_MAX : (double)NAN;
    s->free_number = chance() ? (rand() - rand()) * 1e10 / 7 : (double)NAN;
    s->shared = chance();
    s->colour = (enum colour)(rand() % 4);
    s->due_date = chance() ? (struct timestamp){(int64_t)rand() * 1000000} : TIMESTAMP_NONE;
    s->period = chance() ? (struct month){2000 * 12 + rand() % 600} : MONTH_NONE;
    s->goal_id = chance() ? random_id() : (struct uuid){{0}};
    s->tags.count = (size_t)rand() % 4;
    s->tags.items = arena_array(arena, s->tags.count, sizeof *s->tags.items);
    for (size_t i = 0; i < s->tags.count; i++)
        s->tags.items[i] = random_text(5);
    s->anything.bytes = chance() ? literal(arena, "{'a':[1,2.5,null,'x']}").raw : STR_NONE;
    s->parts = random_parts();
    s->links.goal_ids.count = (size_t)rand() % 5;
    s->links.goal_ids.items = arena_array(arena, s->links.goal_ids.count, sizeof(struct uuid));
    for (size_t i = 0; i < s->links.goal_ids.count; i++)
        s->links.goal_ids.items[i] = random_id();
    s->links.parts = random_parts();
    s->remark = chance() ? random_text(30) : STR_NONE;
}

static struct str bytes_of(struct sample *sample)
{
    struct buffer out = buffer_in(arena, 64);

    model_pack(AS(sample, sample), &out);
    return buffer_str(&out);
}

START_TEST(random_structs_come_back_the_same)
{
    int64_t end_us = monotonic_us() + 1500000;

    arena = arena_new();
    srand(99);
    for (int i = 0; i < 2000 && monotonic_us() < end_us; i++) {
        struct sample sent, got;
        struct field_errors errors;
        struct value value;
        struct str bytes;

        random_sample(&sent);
        bytes = bytes_of(&sent);
        ck_assert(unpack(arena, bytes, &value));
        model_clear(AS(sample, &got));
        field_errors_init(&errors, arena);
        ck_assert(model_decode(AS(sample, &got), &value, DECODE_CREATE, &errors, NULL));
        ck_assert(str_equal(got.title, sent.title));
        ck_assert(str_equal(got.owner_id, sent.owner_id));
        ck_assert_int_eq(got.count, sent.count);
        ck_assert(memcmp(&got.ratio, &sent.ratio, sizeof got.ratio) == 0);
        ck_assert_int_eq(got.due_date.us, sent.due_date.us);
        ck_assert_int_eq(got.period.number, sent.period.number);
        ck_assert(uuid_equal(got.goal_id, sent.goal_id));
        ck_assert_uint_eq(got.links.goal_ids.count, sent.links.goal_ids.count);
        /* All the rest: equal structs have equal bytes. */
        ck_assert(str_equal(bytes_of(&got), bytes));
        arena_reset(arena);
    }
}
END_TEST

static struct str walked(struct str packed)
{
    struct buffer out = buffer_in(arena, 64);
    struct json *json = json_new();

    json_start(json, &out);
    json_out(json, packed);
    json_destroy(&json);
    return buffer_str(&out);
}

static size_t pauses;

static void count_pause(void)
{
    pauses++;
}

static struct str written(struct sample *sample, size_t max, bool *fits)
{
    struct buffer out = buffer_in(arena, 64);
    struct json *json = json_new();

    json_start_limited(json, &out, max);
    pauses = 0;
    model_json(AS(sample, sample), json, count_pause);
    ck_assert_uint_ge(pauses, sample->parts.count); /* parts have parts */
    *fits = !json_overflows(json);
    json_destroy(&json);
    return buffer_str(&out);
}

START_TEST(json_is_that_of_what_is_packed)
{
    int64_t end_us = monotonic_us() + 1500000;

    arena = arena_new();
    srand(101);
    for (int i = 0; i < 2000 && monotonic_us() < end_us; i++) {
        struct sample sample;
        bool fits;

        random_sample(&sample);
        struct str expected = walked(bytes_of(&sample));
        ck_assert(str_equal(written(&sample, expected.size, &fits), expected) && fits);
        written(&sample, expected.size - 1, &fits);
        ck_assert(!fits);
        arena_reset(arena);
    }
    struct sample none;
    bool fits;
    model_clear(AS(sample, &none));
    ck_assert(str_equal(written(&none, SIZE_MAX, &fits), walked(bytes_of(&none))) && fits);
}
END_TEST

START_TEST(mutated_bodies_do_no_harm)
{
    int64_t end_us = monotonic_us() + 1500000;

    arena = arena_new();
    srand(100);
    for (int i = 0; i < 20000 && monotonic_us() < end_us; i++) {
        struct sample sent, got;
        struct field_errors errors;
        struct value value;
        struct buffer out = buffer_in(arena, 64);

        random_sample(&sent);
        model_pack(AS(sample, &sent), &out);
        for (int j = rand() % 5; j >= 0; j--)
            out.data[(size_t)rand() % out.size] = (char)rand();
        model_clear(AS(sample, &got));
        field_errors_init(&errors, arena);
        if (unpack(arena, buffer_str(&out), &value)) {
            /* What was taken is whole: it can be written again. */
            if (model_decode(AS(sample, &got), &value, DECODE_CREATE, &errors, NULL))
                ck_assert(unpack(arena, bytes_of(&got), &value));
            model_decode_query(AS(part, &(struct part){.name = STR_NONE}), &value, &errors);
        }
        arena_reset(arena);
    }
}
END_TEST

SUITE_MAIN("model_encode", writes_nulls_and_leaves_out_what_is_not_for_callers, writes_what_differs,
           writes_all_that_appeared_or_is_gone, writes_values_as_the_models_spell_them,
           days_are_days_of_utc, finds_columns_and_words, random_structs_come_back_the_same,
           json_is_that_of_what_is_packed, mutated_bodies_do_no_harm)
