/* A made-up service of things, with handlers that do what its tests want to see: it borrows names
 * of the product's operations, whose flags count. */
#ifndef TRACTION_THINGS_H
#define TRACTION_THINGS_H

#include "fiber.h"
#include "things_rig.h"

struct thing {
    struct uuid id;
    struct str title;
    int64_t amount, version;
    double seconds; /* to sleep */
    struct uuid other;
};
static const struct field thing_fields[] = {
    FIELD(thing, id, "id", .flags = FIELD_READ_ONLY),
    FIELD(thing, title, "title", .flags = FIELD_REQUIRED, .min = 1, .max = 50),
    FIELD(thing, amount, "amount", .doc = "how many"),
    FIELD(thing, version, "version", .flags = FIELD_READ_ONLY),
    FIELD(thing, seconds, "seconds", .flags = FIELD_INTERNAL | FIELD_COMPUTED),
    FIELD(thing, other, "other", .flags = FIELD_WRITE_ONLY | FIELD_COMPUTED),
};
const struct model thing_model = MODEL("Thing", thing, thing_fields);

struct thing_query {
    struct paging paging;
};
static const char *const thing_sort_fields[] = {"title", "amount", NULL};
static const struct field thing_query_fields[] = {
    SORTED_FIELDS(thing_query, thing_sort_fields, NULL, 20, 100)};
static const struct model thing_query_model = MODEL("ThingQuery", thing_query, thing_query_fields);

/* Waits for nothing unless a limit applies. */
static void thing_create(struct op *op)
{
    struct thing thing;

    if (!op_body(op, AS(thing, &thing)) || !op_limit(op, LIMIT_GOALS, THING_COUNT, NOTHING))
        return;
    thing.id = uuid_v7();
    thing.version = 1;
    sql_exec(op, THING_INSERT, AS(thing, &thing));
    op_event(op, "thing.created", thing.id, 1, AS(thing, &thing));
    op_created(op, STR("/things/1"));
    op_reply(op, AS(thing, &thing), 1);
}

/* Without an event, so that nothing happens in the service but the request itself. */
static void thing_create_quietly(struct op *op)
{
    struct thing thing;

    if (!op_body(op, AS(thing, &thing)))
        return;
    thing.id = uuid_v7();
    thing.version = 1;
    sql_exec(op, THING_INSERT, AS(thing, &thing));
    op_reply(op, AS(thing, &thing), 1);
}

static void thing_read(struct op *op)
{
    struct thing key = {.title = STR_NONE}, thing;

    if (op_path_uuid(op, "id", &key.id) &&
        sql_row(op, THING_READ, AS(thing, &key), AS(thing, &thing)))
        op_reply(op, AS(thing, &thing), thing.version);
}

static void thing_update(struct op *op)
{
    struct thing key = {.title = STR_NONE}, thing;

    if (!op_path_uuid(op, "id", &key.id) ||
        !sql_row(op, THING_LOCK, AS(thing, &key), AS(thing, &thing)) ||
        !op_version_ok(op, thing.version) || !op_patch(op, AS(thing, &thing)))
        return;
    if (thing.amount > 100)
        op_invalid(op, "amount", "must be at most 100");
    if (op_named(op, "title") && str_equal(thing.title, STR("bad")))
        op_invalid(op, "title", "must not be bad");
    if (!op_valid(op))
        return;
    thing.version++;
    sql_exec(op, THING_UPDATE, AS(thing, &thing));
    op_event(op, "thing.updated", thing.id, thing.version, AS(thing, &thing));
    op_reply(op, AS(thing, &thing), thing.version);
}

/* Writes, and then finds a reason to fail. */
static void thing_regret(struct op *op)
{
    struct thing thing = {.title = STR("regretted"), .amount = 1, .version = 1};

    thing.id = uuid_v7();
    sql_exec(op, THING_INSERT, AS(thing, &thing));
    op_event(op, "thing.created", thing.id, 1, AS(thing, &thing));
    if (sql_wait(op))
        op_fail_because(op, STATUS_CONFLICT, "after all, no");
}

static void nap(struct op *op, double seconds)
{
    struct thing thing = {.seconds = seconds};

    sql_exec(op, NAP, AS(thing, &thing));
}

/* Locks the thing of the path, rests, then the other one: two of these deadlock. */
static void thing_entangle(struct op *op)
{
    struct thing key = {.title = STR_NONE}, thing, body;

    if (!op_body(op, AS(thing, &body)) || !op_path_uuid(op, "id", &key.id) ||
        !sql_row(op, THING_LOCK, AS(thing, &key), AS(thing, &thing)))
        return;
    nap(op, 0.2);
    key.id = body.other;
    if (!sql_row(op, THING_LOCK, AS(thing, &key), AS(thing, &thing)))
        return;
    thing.amount++;
    sql_exec(op, THING_UPDATE, AS(thing, &thing));
    op_reply(op, AS(thing, &thing), 1);
}

/* Has its key early and takes its time. */
static void thing_create_slowly(struct op *op)
{
    struct thing thing;

    if (!op_body(op, AS(thing, &thing)))
        return;
    thing.id = uuid_v7();
    thing.version = 1;
    nap(op, 0.3);
    if (!sql_wait(op))
        return;
    sql_exec(op, THING_INSERT, AS(thing, &thing));
    op_reply(op, AS(thing, &thing), 1);
}

static void thing_list_carelessly(struct op *op)
{
    struct thing_query query;
    struct list list;
    struct str sort_field;
    bool descending;

    if (op_query(op, AS(thing_query, &query)) &&
        op_paging(op, &query.paging, &sort_field, &descending) &&
        sql_rows(op, THING_LIST_CARELESS, NOTHING, &thing_model, &list))
        op_reply_list(op, &thing_model, list, &query.paging, (int64_t)list.count);
}

/* A reader that holds its fiber. */
static void thing_dream(struct op *op)
{
    fiber_sleep(600);
    op_reply_packed(op, STR_NONE, -1);
}

/* Answers what it was sent. */
static void thing_internal(struct op *op)
{
    op_reply_packed(op, op->request->body, -1);
}

static void thing_mute(struct op *op)
{
    (void)op;
}

static const struct handler thing_handlers[] = {
    {"createGoal", NULL, thing_create},          {"getGoalById", NULL, thing_read},
    {"updateGoal", NULL, thing_update},          {"deleteGoal", NULL, thing_regret},
    {"activateGoal", NULL, thing_entangle},      {"pauseGoal", NULL, thing_create_slowly},
    {"getGoals", NULL, thing_list_carelessly},   {"getStrategies", NULL, thing_dream},
    {"checkGoals", NULL, thing_internal},        {"closeGoal", NULL, thing_mute},
    {"addGoalNote", NULL, thing_create_quietly}, {.operation = NULL},
};
static const struct constraint_fault thing_constraints[] = {
    {"things_title", STATUS_DUPLICATE_NAME, NULL, NULL},
    {"things_sign", STATUS_VALIDATION_ERROR, "amount", "must not be negative"},
    {NULL, STATUS_OK, NULL, NULL},
};
static const struct service_program things = {
    .service = SERVICE_GOALS,
    .handlers = thing_handlers,
    .partial = true,
    .statements = service_statements,
    .migrations = service_migrations,
    .constraints = thing_constraints,
};

/* --- Another service, which asks the one of things --- */

static void ask_read(struct op *op)
{
    struct op_call call, spare;

    op_call_start(op, &call, "checkGoals", op->request->body, 500);
    op_call_start(op, &spare, "checkGoals", op->request->body, 500); /* nobody waits for it */
    op_call_wait(op, &call);
    if (!call.reached)
        op_degraded(op, SERVICE_GOALS);
    op_reply_packed(op, call.reached ? call.data->raw : STR_NONE, -1);
}

/* Two things by one command. */
static void ask_create(struct op *op)
{
    const char *const titles[] = {"first", "second"};
    struct op_call calls[2];

    for (size_t i = 0; i < 2; i++) {
        struct buffer body = buffer_in(op->arena, 64);
        pack_map(&body, 2);
        pack_key(&body, "title");
        pack_text(&body, str_of(titles[i]));
        pack_key(&body, "amount");
        pack_int(&body, 1);
        op_call_start(op, &calls[i], "createGoal", buffer_str(&body), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        op_call_wait(op, &calls[i]);
        if (!calls[i].reached || calls[i].reply.http != 201)
            op_fail(op, STATUS_SERVICE_UNAVAILABLE);
    }
    op_reply_packed(op, calls[1].data->raw, -1);
}

static const struct handler asker_handlers[] = {{"getActionGoalRelationships", NULL, ask_read},
                                                {"createAction", NULL, ask_create},
                                                {.operation = NULL}};
static const enum service asked[] = {SERVICE_GOALS, SERVICE_GATEWAY};
static const struct service_program callers = {
    .service = SERVICE_OPERATIONS,
    .handlers = asker_handlers,
    .partial = true,
    .statements = service_statements,
    .migrations = service_migrations,
    .calls = asked,
};

const struct service_program *const rig_programs[] = {&things, &callers, NULL};

#endif
