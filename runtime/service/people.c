/* The operations that every service has: whether it answers, and the names of people. What
 * svc-goals is told of them comes as an event. */
#include "people.h"

#include "lookup.h"
#include "op_state.h"
#include "runtime_queries.h"

enum { PING_MS = 1000 }; /* a database slower than that is not there */

struct alive {
    bool alive;
};
static const struct field alive_fields[] = {COLUMN(alive, alive)};
const struct model alive_model = MODEL("Alive", alive, alive_fields);

/* Really asks the database: a frozen one keeps its connections open. */
void ping(struct op *op)
{
    struct database *database = op->process->database;
    struct session_context nobody = {.tenant = STR(""), .now = op->now};
    int64_t deadline_us = monotonic_us() + PING_MS * INT64_C(1000);
    struct alive alive = {false};
    struct ping ping = {false};
    bool found = false;

    if (deadline_us > op->state->pending->deadline_us)
        deadline_us = op->state->pending->deadline_us;
    struct session *session = session_begin(database, op->arena, false, &nobody, deadline_us);
    session_queue_row(session, DATABASE_PING, NOTHING, AS(alive, &alive), &found);
    ping.database = session_wait(session) == DB_OK && found;
    session_end(&session);
    op_reply(op, AS(ping, &ping), -1);
}

struct known_name {
    struct str person_id;
    struct str name;
    struct timestamp issued_at; /* of the token, or when it was told */
};
static const struct field known_name_fields[] = {
    FIELD(known_name, person_id, "id", .flags = FIELD_REQUIRED),
    FIELD(known_name, name, "name", .flags = FIELD_REQUIRED),
    FIELD(known_name, issued_at, "updatedAt", .flags = FIELD_REQUIRED),
};
const struct model known_name_model = MODEL("KnownName", known_name, known_name_fields);

/* Repeating it changes nothing, so it is carried out without a command id. */
void person_learn(struct op *op)
{
    struct learned_person learned;

    if (!op_body(op, AS(learned_person, &learned)))
        return;
    struct known_name known = {learned.person_id, learned.name, {learned.issued_at * 1000000}};
    sql_exec(op, PERSON_LEARN, AS(known_name, &known));
    /* It may be the repetition of a run that has told nobody of the name. */
    session_invalidate(op_session(op), known.person_id);
    op_reply_packed(op, STR_NONE, -1);
}

void person_told(struct op *op, const struct event *event)
{
    struct known_name known;

    (void)event; /* the op has its data */
    if (op_body(op, AS(known_name, &known)))
        sql_exec(op, PERSON_LEARN, AS(known_name, &known));
}
