/* The operations that every service has: whether it answers, and the names of people. */
#include "people.h"

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

/* Repeating it changes nothing, so it is carried out without a command id. */
void person_learn(struct op *op)
{
    struct person person;

    if (!op_body(op, AS(person, &person)))
        return;
    sql_exec(op, PERSON_LEARN, AS(person, &person));
    op_reply_packed(op, STR_NONE, -1);
}
