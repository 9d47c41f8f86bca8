/* Bodies: names, types, limits, null, patches, and how errors are spelled. */
#include <stdio.h>

#include "literal.h"
#include "sample.h"
#include "suite.h"

static struct arena *arena;
static struct field_errors errors;
static struct sample sample;
static uint64_t seen;

static bool decode_as(const char *json, enum decode_mode mode)
{
    struct value body;

    if (arena == NULL)
        arena = arena_new();
    body = literal(arena, json);
    field_errors_init(&errors, arena);
    return model_decode(AS(sample, &sample), &body, mode, &errors, &seen);
}

static bool create(const char *json)
{
    model_clear(AS(sample, &sample));
    return decode_as(json, DECODE_CREATE);
}

static bool patch(const char *json)
{
    return decode_as(json, DECODE_PATCH);
}

static const char *fault(const char *field)
{
    for (const struct field_error *error = errors.first; error; error = error->next)
        if (str_equal(error->field, str_of(field)))
            return error->message.data;
    return "";
}

#define JAMO "\u1100\u1161\u11A8" /* one letter of Hangul in three characters */
#define JAMO5 JAMO JAMO JAMO JAMO JAMO
#define JAMO20 JAMO5 JAMO5 JAMO5 JAMO5

/* The body is refused with this one error. */
#define REFUSES(json, field, message)              \
    do {                                           \
        ck_assert(!create(json));                  \
        ck_assert_str_eq(fault(field), (message)); \
        ck_assert_uint_eq(errors.count, 1);        \
    } while (0)

START_TEST(reads_every_type)
{
    ck_assert(create("{'title':'T','ownerId':'u','code':'#1','count':-5,'ratio':0.5,"
                     "'freeNumber':-7,'isShared':true,'colour':'green','dueDate':'2025-01-15',"
                     "'period':'2025-02','goalId':'0190B6A2-1111-7abc-8def-0123456789ab',"
                     "'valueTags':['a','b'],'metadata':{'k':1},'anything':[1,'x'],"
                     "'parts':[{'name':'p','place':3},{'name':'q'}],"
                     "'links':{'goalIds':['0190b6a2-1111-7abc-8def-0123456789ab'],"
                     "'parts':[{'name':'r'}]},'secret':'s'}"));
    ck_assert(str_equal(sample.title, STR("T")));
    ck_assert_int_eq(sample.count, -5);
    ck_assert(sample.ratio >= 0.5 && sample.ratio <= 0.5);
    ck_assert(sample.free_number >= -7 && sample.free_number <= -7);
    ck_assert(sample.shared);
    ck_assert_int_eq(sample.colour, COLOUR_GREEN);
    ck_assert_int_eq(sample.due_date.us, 1736899200000000);
    ck_assert_int_eq(sample.period.number, 2025 * 12 + 1);
    ck_assert(uuid_equal(sample.goal_id, sample.links.goal_ids.items[0]));
    ck_assert_uint_eq(sample.tags.count, 2);
    ck_assert(str_equal(sample.tags.items[1], STR("b")));
    ck_assert(str_equal(sample.metadata.bytes, STR("\xdf\0\0\0\1\xa1k\x01")));
    ck_assert_uint_eq(sample.parts.count, 2);
    struct part *parts = sample.parts.items;
    ck_assert_int_eq(parts[0].place, 3);
    ck_assert_int_eq(parts[1].place, INT_NONE);
    ck_assert_uint_eq(sample.links.parts.count, 1);
    ck_assert(str_equal(sample.secret, STR("s")));
}
END_TEST

START_TEST(knows_the_spellings_of_a_name)
{
    static const char *const good[] = {"ownerId",     "owner_id",    "OwnerId",    "Owner_id",
                                       "responsible", "Responsible", "assignedTo", "assigned_to"};
    static const char *const other[] = {"ownerid",  "OWNERID",  "owner__id", "_ownerId", "owner_xd",
                                        "o_wnerId", "ownerId_", "owner_",    "ownerI"};
    char json[64];

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(json, sizeof json, "{'title':'T','%s':'u1'}", good[i]);
        ck_assert(create(json));
        ck_assert_msg(str_equal(sample.owner_id, STR("u1")), "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        snprintf(json, sizeof json, "{'title':'T','%s':'u1'}", other[i]);
        ck_assert(create(json));
        ck_assert_msg(sample.owner_id.data == NULL, "%s", other[i]);
    }
    ck_assert(create("{'title':'T','':1,'x':2}"));
}
END_TEST

START_TEST(two_spellings_must_agree)
{
    ck_assert(
        create("{'title':'T','ownerId':'u','owner_id':'u','free_number':5,'freeNumber':5.0}"));
    ck_assert(create("{'title':'T','Title':' T ','dueDate':'2025-01-15','due_date':"
                     "'2025-01-15T01:00:00+01:00','period':'2025-03','Period':'2025-03-09'}"));
    ck_assert(create("{'title':'T','ownerId':'','owner_id':null,'goalId':null,'goal_id':''}"));
    REFUSES("{'title':'T','dueDate':'2025-01-15','due_date':'2025-01-16'}", "due_date",
            "differs from dueDate, which means the same");
    REFUSES("{'title':'T','dueDate':'','due_date':'2025-01-16'}", "due_date",
            "differs from dueDate, which means the same");
    REFUSES("{'title':'T','ownerId':'u','owner_id':'v'}", "owner_id",
            "differs from ownerId, which means the same");
    REFUSES("{'title':'T','responsible':null,'ownerId':'v'}", "ownerId",
            "differs from responsible, which means the same");
    REFUSES("{'title':'T','freeNumber':5,'free_number':5.5}", "free_number",
            "differs from freeNumber, which means the same");
}
END_TEST

/* Whoever edits one spelling of an answer sends the other one back as it was. */
START_TEST(of_two_spellings_in_a_patch_the_changed_one_counts)
{
    ck_assert(create("{'title':'T','ownerId':'u','freeNumber':5}"));
    ck_assert(patch("{'ownerId':'u','owner_id':'v','free_number':6,'freeNumber':5.0}"));
    ck_assert(str_equal(sample.owner_id, STR("v")));
    ck_assert_int_eq((int)sample.free_number, 6);
    ck_assert(patch("{'ownerId':null,'responsible':'v'}"));
    ck_assert_ptr_null(sample.owner_id.data);
    ck_assert(patch("{'ownerId':null,'responsible':'w'}"));
    ck_assert(str_equal(sample.owner_id, STR("w")));
    ck_assert(!patch("{'ownerId':'x','responsible':'y'}"));
    ck_assert_str_eq(fault("responsible"), "differs from ownerId, which means the same");
    ck_assert(!patch("{'ownerId':'w','owner_id':'x','responsible':'y'}"));
}
END_TEST

struct titled {
    struct str title;
    struct str shown; /* answered as "name"; a body's "name" is the title */
};
static const struct field titled_fields[] = {
    FIELD(titled, title, "title", .max = 20, .aliases = "name"),
    FIELD(titled, shown, "name", .flags = FIELD_READ_ONLY),
};
static const struct model titled_model = MODEL("Titled", titled, titled_fields);

/* Patches what answers show as {"title": null, "name": "shown"}. */
static bool patch_titled(const char *json, struct titled *titled)
{
    struct value body = literal(arena, json);

    *titled = (struct titled){STR_NONE, STR("shown")};
    field_errors_init(&errors, arena);
    return model_decode(AS(titled, titled), &body, DECODE_PATCH, &errors, &seen);
}

START_TEST(what_answers_show_says_nothing_in_a_patch)
{
    struct titled titled;

    ck_assert(create("{'title':'T'}")); /* makes the arena */
    ck_assert(patch_titled("{'title':null,'name':'shown'}", &titled));
    ck_assert_ptr_null(titled.title.data);
    ck_assert(patch_titled("{'name':'shown'}", &titled));
    ck_assert_uint_eq(seen, 0);
    ck_assert(patch_titled("{'title':'T','name':'shown'}", &titled));
    ck_assert(str_equal(titled.title, STR("T")));
    ck_assert(patch_titled("{'title':null,'name':'N'}", &titled));
    ck_assert(str_equal(titled.title, STR("N")));
    ck_assert(patch_titled("{'title':'shown'}", &titled));
    ck_assert(str_equal(titled.title, STR("shown")));
    ck_assert(!patch_titled("{'title':'T','name':'N'}", &titled));
}
END_TEST

START_TEST(ignores_what_is_not_the_callers)
{
    ck_assert(create("{'title':'T','id':'nonsense','version':'x','createdAt':{},'unknown':[1]}"));
    ck_assert(uuid_is_none(sample.id));
    ck_assert_int_eq(sample.version, INT_NONE);
    ck_assert_uint_eq(seen, 2);
}
END_TEST

START_TEST(requires_what_is_required)
{
    REFUSES("{}", "title", "is required");
    REFUSES("{'title':null}", "title", "must not be null");
    REFUSES("{'title':''}", "title", "must not be blank");
    REFUSES("{'Title':' \t\xc2\xa0\xe3\x80\x80\xe2\x80\x83'}", "Title", "must not be blank");
    REFUSES("[]", "body", "must be an object");
    REFUSES("null", "body", "must be an object");
    ck_assert(create("{'title':'\xe2\x82\xac'}")); /* shares its first byte with spaces */

    struct value none = {.type = VALUE_ABSENT};
    field_errors_init(&errors, arena);
    ck_assert(!model_decode(AS(sample, &sample), &none, DECODE_CREATE, &errors, NULL));
    ck_assert_str_eq(fault("title"), "is required");
}
END_TEST

START_TEST(checks_text)
{
    REFUSES("{'title':5}", "title", "must be text");
    REFUSES("{'title':['x']}", "title", "must be text");
    REFUSES("{'title':'123456789012345678901'}", "title", "must be at most 20 characters");
    REFUSES("{'title':'T','code':'12'}", "code", "must be a code like #1");
    /* Twenty characters of two bytes each, and line ends. */
    ck_assert(create("{'title':'\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6"
                     "\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6"
                     "\xc3\xb6\xc3\xb6\xc3\xb6'}"));
    ck_assert(create("{'title':'a\nb'}"));
}
END_TEST

struct word {
    struct str text;
};
static const struct field word_fields[] = {FIELD(word, text, "text", .min = 2, .max = 3)};
static const struct model word_model = MODEL("Word", word, word_fields);

static const char *fault_of_word(const char *json)
{
    struct value body = literal(arena, json);
    struct word word = {STR_NONE};

    field_errors_init(&errors, arena);
    if (model_decode(AS(word, &word), &body, DECODE_CREATE, &errors, NULL))
        return "";
    return errors.first->message.data;
}

START_TEST(says_how_long_a_text_must_be)
{
    arena = arena_new();
    ck_assert_str_eq(fault_of_word("{'text':''}"), "must not be empty");
    ck_assert_str_eq(fault_of_word("{'text':'a'}"), "must be at least 2 characters");
    ck_assert_str_eq(fault_of_word("{'text':'\xc3\xb6'}"), "must be at least 2 characters");
    ck_assert_str_eq(fault_of_word("{'text':'ab'}"), "");
    ck_assert_str_eq(fault_of_word("{'text':'abc'}"), "");
    ck_assert_str_eq(fault_of_word("{'text':'abcd'}"), "must be at most 3 characters");
}
END_TEST

START_TEST(cleans_text_that_people_see)
{
    ck_assert(create("{'title':'\u3000 A\u0308rger \t','valueTags':[' a\u0308 ','b'],"
                     "'ownerId':' A\u0308 '}"));
    ck_assert(str_equal(sample.title, STR("\u00C4rger")));
    ck_assert(str_equal(sample.tags.items[0], STR("\u00E4")));
    ck_assert(str_equal(sample.owner_id, STR(" A\u0308 "))); /* not ours */
    /* Limits are about what is kept: twenty letters of three characters each. */
    ck_assert(create("{'title':' " JAMO5 JAMO5 JAMO5 JAMO5 " '}"));
    ck_assert_uint_eq(utf8_length(sample.title), 20);
    REFUSES("{'title':'" JAMO5 JAMO5 JAMO5 JAMO5 "x'}", "title", "must be at most 20 characters");
    REFUSES("{'title':'" JAMO20 JAMO20 "'}", "title", "must be at most 20 characters");
    REFUSES("{'title':'\u2060\u200C'}", "title", "must not be blank");
    REFUSES("{'title':'T','valueTags':['\u00AD']}", "valueTags[0]", "must not be blank");
    REFUSES("{'title':'T','valueTags':['a',' \t ']}", "valueTags[1]", "must not be empty");
    ck_assert(create("{'title':'T'}"));
    ck_assert(!patch("{'title':'\u3164'}"));
    ck_assert_str_eq(fault("title"), "must not be blank");
}
END_TEST

/* Forms send it for a choice that nobody made. */
START_TEST(empty_text_is_no_id_and_no_date)
{
    ck_assert(create("{'title':'T','ownerId':'','dueDate':'','period':'','goalId':''}"));
    ck_assert_ptr_null(sample.owner_id.data);
    ck_assert(timestamp_is_none(sample.due_date));
    ck_assert_int_eq(sample.period.number, MONTH_NONE.number);
    ck_assert(uuid_is_none(sample.goal_id));
    ck_assert(create("{'title':'T','ownerId':'u','dueDate':'2025-01-15'}"));
    ck_assert(patch("{'owner_id':'','due_date':''}"));
    ck_assert_ptr_null(sample.owner_id.data);
    ck_assert(timestamp_is_none(sample.due_date));
    REFUSES("{'title':'T','goalId':' '}", "goalId", "must be a UUID");
    REFUSES("{'title':'T','code':''}", "code", "must be a code like #1");
}
END_TEST

START_TEST(checks_numbers)
{
    ck_assert(create("{'title':'T','count':5.0,'ratio':1}"));
    ck_assert_int_eq(sample.count, 5);
    ck_assert(create("{'title':'T','count':100,'freeNumber':1e300}"));
    REFUSES("{'title':'T','count':101}", "count", "must be a whole number from -5 to 100");
    REFUSES("{'title':'T','count':5.5}", "count", "must be a whole number from -5 to 100");
    REFUSES("{'title':'T','count':1e300}", "count", "must be a whole number from -5 to 100");
    REFUSES("{'title':'T','count':'5'}", "count", "must be a whole number from -5 to 100");
    REFUSES("{'title':'T','ratio':1.01}", "ratio", "must be a number from 0 to 1");
    REFUSES("{'title':'T','free_number':'NaN'}", "free_number", "must be a number");
    REFUSES("{'title':'T','isShared':1}", "isShared", "must be true or false");
    REFUSES("{'title':'T','is_shared':'true'}", "is_shared", "must be true or false");
}
END_TEST

START_TEST(checks_words_ids_and_times)
{
    ck_assert(create("{'title':'T','colour':3}"));
    ck_assert_int_eq(sample.colour, COLOUR_BLUE);
    REFUSES("{'title':'T','colour':5}", "colour", "must be one of red, green, blue, off_white");
    REFUSES("{'title':'T','colour':'re_d'}", "colour",
            "must be one of red, green, blue, off_white");
    REFUSES("{'title':'T','colour':''}", "colour", "must be one of red, green, blue, off_white");
    REFUSES("{'title':'T','colour':true}", "colour", "must be one of red, green, blue, off_white");
    REFUSES("{'title':'T','goalId':'x'}", "goalId", "must be a UUID");
    REFUSES("{'title':'T','goalId':7}", "goalId", "must be text");
    REFUSES("{'title':'T','dueDate':'2025-02-30'}", "dueDate",
            "must be a date such as 2025-01-15 or a time such as 2025-01-15T10:00:00Z");
    REFUSES("{'title':'T','period':'2025-13'}", "period",
            "must be a month such as 2025-01, or a day in it");
    REFUSES("{'title':'T','period':'2025-1'}", "period",
            "must be a month such as 2025-01, or a day in it");
}
END_TEST

START_TEST(words_have_many_spellings)
{
    static const char *const good[] = {"off_white", "OFF_WHITE", "off-white", "Off White",
                                       "offWhite",  "OffWhite",  "offwhite"};
    static const char *const bad[] = {"off__white", " off_white", "off_white ", "_off_white",
                                      "off_whit",   "of_fwhite",  "off.white"};
    char json[64];

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(json, sizeof json, "{'title':'T','colour':'%s'}", good[i]);
        ck_assert_msg(create(json), "%s", good[i]);
        ck_assert_int_eq(sample.colour, COLOUR_OFF_WHITE);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(json, sizeof json, "{'title':'T','colour':'%s'}", bad[i]);
        ck_assert_msg(!create(json), "%s", bad[i]);
    }
    ck_assert(create("{'title':'T','colour':'GREEN'}"));
    ck_assert_int_eq(sample.colour, COLOUR_GREEN);
}
END_TEST

/* Not as bytes of msgpack, which are fewer for most and more for short decimals. */
START_TEST(measures_objects_as_json)
{
    static const char *const fit[] = {
        "{'k':'1234567890123456789012'}", "{'k':[0.5,0.25,1.5,2.5,3.5]}",
        "{'k':[1,22,-3,null,true,true]}", "{'k':[false,{},[],{'a':-128}]}",
        "{'k':'\n\n\n\n\n\n\n\n\n\n\n'}", "{'k':'\\\\\\\\\\\\\\\\\\\\\\'}",
        "{'k':'\001\001\001aaaa'}",       "{'a':-9223372036854775807}",
    };
    static const char *const large[] = {
        "{'k':'12345678901234567890123'}", "{'k':[0.5,0.25,1.5,2.5,3.5,12]}",
        "{'k':[1,22,-3,null,true,false]}", "{'k':[false,{},[],{'a':-128},1]}",
        "{'k':'\n\n\n\n\n\n\n\n\n\n\n.'}", "{'k':'\\\\\\\\\\\\\\\\\\\\\\.'}",
        "{'k':'\001\001\001aaaaa'}",       "{'a':9223372036854775807,'b':1}",
    };
    char json[100];

    for (size_t i = 0; i < sizeof fit / sizeof *fit; i++) {
        snprintf(json, sizeof json, "{'title':'T','metadata':%s}", fit[i]);
        ck_assert_msg(create(json), "%s", json);
    }
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        snprintf(json, sizeof json, "{'title':'T','metadata':%s}", large[i]);
        REFUSES(json, "metadata", "is too large: at most 30 bytes of JSON are kept");
    }
}
END_TEST

START_TEST(checks_arrays_and_objects)
{
    REFUSES("{'title':'T','valueTags':'a'}", "valueTags", "must be an array");
    REFUSES("{'title':'T','value_tags':['a','b','c','d']}", "value_tags",
            "must have at most 3 items");
    REFUSES("{'title':'T','value_tags':['a','']}", "value_tags[1]", "must not be empty");
    REFUSES("{'title':'T','value_tags':['123456']}", "value_tags[0]",
            "must be at most 5 characters");
    REFUSES("{'title':'T','value_tags':[null]}", "value_tags[0]", "must be text");
    REFUSES("{'title':'T','metadata':[]}", "metadata", "must be an object");
    REFUSES("{'title':'T','metadata':{'k':'1234567890123456789012345'}}", "metadata",
            "is too large: at most 30 bytes of JSON are kept");
    REFUSES("{'title':'T','links':{'goalIds':['0190b6a2-1111-7abc-8def-0123456789ab',"
            "'0190b6a2-1111-7abc-8def-0123456789ab','x']}}",
            "links.goalIds[2]", "must be a UUID");
    REFUSES("{'title':'T','Links':{'parts':[{'name':'a'},{'Name':''}]}}", "Links.parts[1].Name",
            "must not be blank");
    REFUSES("{'title':'T','parts':[{'place':1}]}", "parts[0].name", "is required");
    REFUSES("{'title':'T','parts':[5]}", "parts[0]", "must be an object");
    REFUSES("{'title':'T','links':[]}", "links", "must be an object");
}
END_TEST

START_TEST(tells_every_error_at_once)
{
    ck_assert(!create("{'owner_id':5,'count':'x','parts':[{'name':1,'place':77},{}]}"));
    ck_assert_uint_eq(errors.count, 6);
    ck_assert_str_eq(fault("title"), "is required");
    ck_assert_str_eq(fault("owner_id"), "must be text");
    ck_assert_str_eq(fault("parts[0].name"), "must be text");
    ck_assert_str_eq(fault("parts[0].place"), "must be a whole number from 0 to 9");
    ck_assert_str_eq(fault("parts[1].name"), "is required");
    field_errors_add(&errors, STR("title"), "again");
    ck_assert_uint_eq(errors.count, 6);
    ck_assert_str_eq(fault("title"), "is required");

    struct buffer out = buffer_in(arena, 64);
    struct value packed;
    field_errors_pack(&errors, &out);
    ck_assert(unpack(arena, buffer_str(&out), &packed));
    ck_assert_uint_eq(packed.count, 6);
    ck_assert(str_equal(value_text(value_get(&packed, "owner_id")), STR("must be text")));
}
END_TEST

static void ck_sentence(const char *expected)
{
    struct str sentence = field_errors_sentence(&errors);

    ck_assert_msg(str_equal(sentence, str_of(expected)), STR_FMT, STR_ARG(sentence));
}

START_TEST(says_the_first_error_in_a_sentence)
{
    ck_assert(create("{'title':'T'}"));
    ck_assert(!field_errors_sentence(&errors).data);
    create("{}");
    ck_sentence("title is required");
    create("{'count':500,'title':''}");
    ck_sentence("title must not be blank (and 1 more field is not valid)");
    create("{'links':{'parts':[{'name':5}]},'ratio':2,'Count':500,'title':'T'}");
    ck_sentence("Count must be a whole number from -5 to 100 (and 2 more fields are not valid)");
}
END_TEST

struct sample_request {
    struct str owner_id;
    struct str value_tag;
};
static const struct field sample_request_fields[] = {
    FIELD(sample_request, owner_id, "ownerId", .flags = FIELD_REQUIRED, .request_name = "owner_id"),
    FIELD(sample_request, value_tag, "valueTag", .flags = FIELD_REQUIRED),
};
static const struct model sample_request_model =
    MODEL("Request", sample_request, sample_request_fields);

/* What is missing has the name that the documentation's request gives it; what is there, the
 * caller's. */
START_TEST(names_what_is_missing_as_requests_do)
{
    struct sample_request request;
    struct value body;

    arena = arena_new();
    body = literal(arena, "{}");
    field_errors_init(&errors, arena);
    model_clear(AS(sample_request, &request));
    model_decode(AS(sample_request, &request), &body, DECODE_CREATE, &errors, NULL);
    ck_assert_str_eq(fault("owner_id"), "is required");
    ck_assert_str_eq(fault("valueTag"), "is required");
    body = literal(arena, "{'ownerId':5}");
    field_errors_init(&errors, arena);
    model_decode(AS(sample_request, &request), &body, DECODE_CREATE, &errors, NULL);
    ck_assert_str_eq(fault("ownerId"), "must be text");
}
END_TEST

START_TEST(a_patch_keeps_and_clears)
{
    ck_assert(create("{'title':'T','ownerId':'u','count':7,'isShared':true,'valueTags':['a'],"
                     "'metadata':{},'colour':'red','dueDate':'2025-01-15',"
                     "'links':{'note':'n','parts':[{'name':'r'}]}}"));
    ck_assert(patch("{'count':8}"));
    ck_assert_uint_eq(seen, 1 << 4);
    ck_assert_int_eq(sample.count, 8);
    ck_assert(str_equal(sample.owner_id, STR("u")));
    ck_assert_uint_eq(sample.tags.count, 1);
    ck_assert(patch("{'links':{'parts':null}}"));
    ck_assert(str_equal(sample.links.note, STR("n")));
    ck_assert_uint_eq(sample.links.parts.count, 0);
    ck_assert(patch("{'ownerId':null,'count':null,'isShared':null,'valueTags':null,"
                    "'metadata':null,'colour':null,'dueDate':null,'links':null}"));
    ck_assert_ptr_null(sample.owner_id.data);
    ck_assert_int_eq(sample.count, INT_NONE);
    ck_assert(!sample.shared);
    ck_assert_uint_eq(sample.tags.count, 0);
    ck_assert_ptr_null(sample.metadata.bytes.data);
    ck_assert_int_eq(sample.colour, 0);
    ck_assert(timestamp_is_none(sample.due_date));
    ck_assert_ptr_null(sample.links.note.data);
    ck_assert(!patch("{'title':null}"));
    ck_assert_str_eq(fault("title"), "must not be null");
    ck_assert(!patch("{'parts':[{}]}")); /* items are whole even in a patch */
    ck_assert_str_eq(fault("parts[0].name"), "is required");
}
END_TEST

START_TEST(bounds_what_hostile_bodies_cost)
{
    arena = arena_new();
    struct buffer out = buffer_in(arena, 64);
    struct value body;

    pack_map(&out, 2);
    pack_key(&out, "title");
    pack_text(&out, STR("T"));
    pack_key(&out, "links");
    pack_map(&out, 2);
    pack_key(&out, "goalIds");
    pack_array(&out, 1001);
    for (int i = 0; i < 1001; i++)
        pack_nil(&out);
    pack_key(&out, "parts");
    pack_array(&out, 1000);
    for (int i = 0; i < 1000; i++)
        pack_nil(&out);
    ck_assert(unpack(arena, buffer_str(&out), &body));
    field_errors_init(&errors, arena);
    model_clear(AS(sample, &sample));
    ck_assert(!model_decode(AS(sample, &sample), &body, DECODE_CREATE, &errors, NULL));
    ck_assert_str_eq(fault("links.goalIds"), "must have at most 1000 items");
    ck_assert_uint_eq(errors.count, 1001);
    ck_assert_str_eq(fault("links.parts[998]"), "must be an object");
    ck_assert_str_eq(fault("links.parts[999]"), ""); /* counted only */
}
END_TEST

SUITE_MAIN("model_decode", reads_every_type, knows_the_spellings_of_a_name,
           two_spellings_must_agree, of_two_spellings_in_a_patch_the_changed_one_counts,
           what_answers_show_says_nothing_in_a_patch, ignores_what_is_not_the_callers,
           requires_what_is_required, checks_text, says_how_long_a_text_must_be,
           cleans_text_that_people_see, empty_text_is_no_id_and_no_date, words_have_many_spellings,
           checks_numbers, checks_words_ids_and_times, checks_arrays_and_objects,
           measures_objects_as_json, tells_every_error_at_once, says_the_first_error_in_a_sentence,
           names_what_is_missing_as_requests_do, a_patch_keeps_and_clears,
           bounds_what_hostile_bodies_cost)
