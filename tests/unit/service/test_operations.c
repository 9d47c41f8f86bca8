/* One request inside a service: what handlers see, how they answer and fail, what reaches the
 * database, and that tenants are kept apart even from a careless handler. */
#include "event.h"
#include "things.h"

static struct str field_error(const struct things_call *call, const char *field)
{
    struct value errors;

    ck_assert(unpack(arena, call->reply.errors, &errors));
    return value_text(value_get(&errors, field));
}

static const char *id_of(const struct things_call *call)
{
    return arena_copy(arena, value_text(value_get(&call->data, "id"))).data;
}

static struct things_call *create(const char *title, int64_t amount)
{
    struct things_call *call = arena_alloc(arena, sizeof *call);

    *call = *CALL(.operation = "createGoal", .body = rig_thing(title, amount));
    rig_call(call);
    ck_assert_code(call, "CREATED");
    return call;
}

START_TEST(creates_and_reads)
{
    rig_start(&things, NULL);
    struct things_call *made = create("one", 5);
    ck_assert_int_eq(made->reply.http, 201);
    ck_assert_int_eq(made->reply.version, 1);
    ck_assert(str_equal(made->reply.location, STR("/things/1")));
    struct things_call *read = rig_call(CALL(.operation = "getGoalById", .id = id_of(made)));
    ck_assert_code(read, "OK");
    ck_assert_int_eq(read->reply.http, 200);
    ck_assert(str_equal(value_text(value_get(&read->data, "title")), STR("one")));
    ck_assert_int_eq(value_int(value_get(&read->data, "amount"), -1), 5);
    rig_end();
}
END_TEST

START_TEST(unknown_ids_are_not_found)
{
    rig_start(&things, NULL);
    ck_assert_code(rig_call(CALL(.operation = "getGoalById", .id = ID_1)), "GOAL_NOT_FOUND");
    ck_assert_code(rig_call(CALL(.operation = "getGoalById", .id = "nonsense")), "GOAL_NOT_FOUND");
    ck_assert_code(rig_call(CALL(.operation = "getGoalById")), "GOAL_NOT_FOUND");
    rig_end();
}
END_TEST

START_TEST(bad_fields_are_named_together)
{
    struct buffer body = buffer_in(arena_new(), 64);

    rig_start(&things, NULL);
    pack_map(&body, 2);
    pack_key(&body, "title");
    pack_text(&body, STR("bad"));
    pack_key(&body, "amount");
    pack_int(&body, 101);
    struct things_call *made = create("one", 5);
    struct things_call *call =
        rig_call(CALL(.operation = "updateGoal", .id = id_of(made), .body = buffer_str(&body)));
    ck_assert_code(call, "VALIDATION_ERROR");
    ck_assert(str_equal(field_error(call, "amount"), STR("must be at most 100")));
    ck_assert(str_equal(field_error(call, "title"), STR("must not be bad")));
    call = rig_call(CALL(.operation = "createGoal", .body = rig_thing("", 1)));
    ck_assert_code(call, "VALIDATION_ERROR");
    ck_assert(field_error(call, "title").size > 0);
    ck_assert_code(rig_call(CALL(.operation = "createGoal")), "INVALID_REQUEST");
    ck_assert_code(rig_call(CALL(.operation = "createGoal", .body = STR("\x01"))),
                   "INVALID_REQUEST");
    ck_assert_str_eq(rig_sql("SELECT title, amount FROM things"), "one|5");
    arena_destroy(&body.arena);
    rig_end();
}
END_TEST

START_TEST(patches_under_a_version)
{
    struct buffer body;

    rig_start(&things, NULL);
    body = buffer_in(arena, 64);
    pack_map(&body, 1);
    pack_key(&body, "amount");
    pack_int(&body, 7);
    struct things_call *made = create("one", 5);
    ck_assert_code(rig_call(CALL(.operation = "updateGoal", .id = id_of(made), .if_version = 2,
                                 .body = buffer_str(&body))),
                   "PRECONDITION_FAILED");
    struct things_call *call = rig_call(CALL(.operation = "updateGoal", .id = id_of(made),
                                             .if_version = 1, .body = buffer_str(&body)));
    ck_assert_code(call, "OK");
    ck_assert_int_eq(call->reply.version, 2);
    ck_assert_str_eq(rig_sql("SELECT title, amount, version FROM things"), "one|7|2");
    rig_end();
}
END_TEST

START_TEST(constraints_speak_to_the_caller)
{
    rig_start(&things, NULL);
    create("one", 5);
    ck_assert_code(rig_call(CALL(.operation = "createGoal", .body = rig_thing("one", 1))),
                   "DUPLICATE_NAME");
    struct things_call *call =
        rig_call(CALL(.operation = "createGoal", .body = rig_thing("two", -1)));
    ck_assert_code(call, "VALIDATION_ERROR");
    ck_assert(str_equal(field_error(call, "amount"), STR("must not be negative")));
    ck_assert_code(rig_call(CALL(.operation = "createGoal", .body = rig_thing("two", 13))),
                   "INTERNAL_ERROR");
    ck_assert_ptr_nonnull(strstr(rig_log(SERVICE_GOALS), "things_amount"));
    rig_end();
}
END_TEST

START_TEST(bugs_are_answered)
{
    rig_start(&things, NULL);
    ck_assert_code(rig_call(CALL(.operation = "closeGoal", .id = ID_1)), "INTERNAL_ERROR");
    ck_assert_code(rig_call(CALL(.operation = "createStrategy")), "NOT_IMPLEMENTED");
    ck_assert_code(rig_call(CALL(.operation = "ofTheFuture")), "NOT_IMPLEMENTED");
    ck_assert_int_eq(
        (int)rig_metric("traction_requests_total{operation=\"closeGoal\",status=\"500\"}"), 1);
    rig_end();
}
END_TEST

START_TEST(tenants_do_not_see_each_other)
{
    rig_start(&things, NULL);
    struct things_call *made = create("one", 5);
    struct things_call *list = rig_call(CALL(.operation = "getGoals"));
    ck_assert_code(list, "OK");
    ck_assert_uint_eq(list->data.count, 1);
    list = rig_call(CALL(.operation = "getGoals", .tenant = "t2"));
    ck_assert_code(list, "OK");
    ck_assert_uint_eq(list->data.count, 0);
    list = rig_call(CALL(.operation = "getGoals", .tenant = ""));
    ck_assert_uint_eq(list->data.count, 0);
    ck_assert_code(rig_call(CALL(.operation = "getGoalById", .tenant = "t2", .id = id_of(made))),
                   "GOAL_NOT_FOUND");
    rig_end();
}
END_TEST

static struct things_call *list_with(const char *name, const char *text)
{
    struct things_call *call = arena_alloc(arena, sizeof *call);
    struct buffer query = buffer_in(arena, 64);

    pack_map(&query, 1);
    pack_key(&query, name);
    pack_array(&query, 1);
    pack_text(&query, str_of(text));
    *call = *CALL(.operation = "getGoals", .query = buffer_str(&query));
    return rig_call(call);
}

static int64_t page_of(const struct things_call *call, const char *name)
{
    struct value page;

    ck_assert(unpack(arena, call->reply.page, &page));
    return value_int(value_get(&page, name), -1);
}

START_TEST(pages_are_bounded)
{
    rig_start(&things, NULL);
    struct things_call *call = list_with("page_size", "1000");
    ck_assert_code(call, "OK");
    ck_assert_int_eq(page_of(call, "size"), 100);
    ck_assert_int_eq(page_of(call, "limit"), 100);
    ck_assert_int_eq(page_of(call, "page"), 1);
    ck_assert_int_eq(page_of(call, "totalPages"), 0);
    call = list_with("limit", "0");
    ck_assert_code(call, "VALIDATION_ERROR");
    ck_assert(field_error(call, "limit").size > 0);
    ck_assert_code(list_with("page", "0"), "VALIDATION_ERROR");
    ck_assert_code(list_with("page", "9223372036854775807"), "VALIDATION_ERROR");
    ck_assert_code(list_with("sort", "-title"), "OK");
    ck_assert_code(list_with("sort", "amount:desc"), "OK");
    ck_assert_code(list_with("sort", "-title:desc"), "VALIDATION_ERROR");
    ck_assert_code(list_with("sort", "title:up"), "VALIDATION_ERROR");
    ck_assert_code(list_with("sort", "owner"), "VALIDATION_ERROR");
    ck_assert_code(list_with("nonsense", "1"), "VALIDATION_ERROR");
    rig_end();
}
END_TEST

/* The bytes of a hexadecimal text, in the rig's arena. */
static struct str from_hex(const char *hex)
{
    size_t size = strlen(hex) / 2;
    char *bytes = arena_alloc(arena, size + 1);

    for (size_t i = 0; i < size; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (char)strtoul(pair, NULL, 16);
    }
    return (struct str){bytes, size};
}

START_TEST(events_tell_who_and_what)
{
    struct event event;
    struct value data;
    char id[UUID_TEXT_SIZE];

    rig_start(&things, NULL);
    struct things_call *made = create("one", 5);
    ck_assert_str_eq(rig_sql("SELECT tenant_id, type FROM " RIG_EVENTS), "t1|thing.created");
    struct str payload = from_hex(rig_sql("SELECT encode(payload, 'hex') FROM " RIG_EVENTS));
    ck_assert(event_unpack(arena, payload, &event));
    ck_assert_int_eq(event.version, 1);
    uuid_format(event.entity, id);
    ck_assert(str_equal((struct str){id, sizeof id}, str_of(id_of(made))));
    ck_assert(str_equal(event.user_id, STR("u1")));
    ck_assert(str_equal(event.user_name, STR("Ann")));
    ck_assert(str_equal(event.request_id, STR("request-1")));
    ck_assert(unpack(arena, event.data, &data));
    ck_assert(str_equal(value_text(value_get(&data, "title")), STR("one")));
    rig_end();
}
END_TEST

static void learn(const char *name, int64_t issued_at)
{
    struct buffer body = buffer_in(arena, 64);

    pack_map(&body, 3);
    pack_key(&body, "userId");
    pack_text(&body, STR("u1"));
    pack_key(&body, "name");
    pack_text(&body, str_of(name));
    pack_key(&body, "issuedAt");
    pack_int(&body, issued_at);
    ck_assert_code(rig_call(CALL(.operation = "learnPerson", .body = buffer_str(&body))), "OK");
}

START_TEST(learns_the_newest_name)
{
    rig_start(&things, NULL);
    learn("Ann", 1000);
    ck_assert_str_eq(rig_sql("SELECT tenant_id, user_id, name FROM people"), "t1|u1|Ann");
    learn("Anna", 1000); /* of equal age: the later call */
    ck_assert_str_eq(rig_sql("SELECT name FROM people"), "Anna");
    learn("Old", 999);
    ck_assert_str_eq(rig_sql("SELECT name FROM people"), "Anna");
    const char *before = arena_copy(arena, str_of(rig_sql("SELECT xmin FROM people"))).data;
    learn("Anna", 1000); /* known already: nothing is written */
    ck_assert_str_eq(rig_sql("SELECT xmin FROM people"), before);
    learn("Annika", 2000);
    ck_assert_str_eq(rig_sql("SELECT name, extract(epoch FROM issued_at)::int FROM people"),
                     "Annika|2000");
    rig_end();
}
END_TEST

START_TEST(answers_ping)
{
    rig_start(&things, NULL);
    struct things_call *call = rig_call(CALL(.operation = "ping"));
    ck_assert_code(call, "OK");
    ck_assert(value_bool(value_get(&call->data, "database")));
    ck_assert_uint_eq(call->data.count, 1); /* no text of the database's */
    rig_end();
}
END_TEST

START_TEST(logs_one_line_a_request)
{
    rig_start(&things, (const char *const[]){"TRACTION_LOG_LEVEL", "info", NULL});
    create("one", 5);
    rig_call(CALL(.operation = "getGoals"));
    rig_call(CALL(.operation = "getGoalById", .id = ID_1));
    const char *first = strstr(rig_log(SERVICE_GOALS), "\"message\":\"request\"");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(strstr(first, "\"operation\":\"createGoal\",\"status\":201"));
    const char *second = strstr(first + 1, "\"message\":\"request\"");
    ck_assert_ptr_nonnull(second);
    ck_assert_ptr_nonnull(strstr(second, "\"requestId\":\"request-1\""));
    ck_assert_ptr_nonnull(strstr(second, "\"operation\":\"getGoalById\",\"status\":404"));
    ck_assert_ptr_null(strstr(second + 1, "\"message\":\"request\"")); /* a good read is not told */
    rig_end();
}
END_TEST

SERVICE_SUITE_MAIN("operations", creates_and_reads, unknown_ids_are_not_found,
                   bad_fields_are_named_together, patches_under_a_version,
                   constraints_speak_to_the_caller, bugs_are_answered,
                   tenants_do_not_see_each_other, pages_are_bounded, events_tell_who_and_what,
                   learns_the_newest_name, answers_ping, logs_one_line_a_request)
