/* Asking svc-kpis whether a reading is due. */
#include "readings_due.h"

#include "kpis.h"

enum { KPIS_WAIT_MS = 500 }; /* the answer can do without it */

void readings_due_ask(struct op *op, struct uuids goals, struct readings_due *due)
{
    struct readings_due_query query = {goals, {month_of(op->now)}};
    struct op_call call;

    *due = (struct readings_due){.known = goals.count == 0};
    if (goals.count == 0)
        return;
    struct buffer out = buffer_in(op->arena, 64 + goals.count * (UUID_TEXT_SIZE + 2));
    model_pack(AS(readings_due_query, &query), &out);
    op_call_start(op, &call, "readingsDue", buffer_str(&out), KPIS_WAIT_MS);
    op_call_wait(op, &call);
    const struct value *answer = value_get(call.data, "due");
    due->known = call.reached && answer->type == VALUE_BOOL;
    due->due = due->known && answer->boolean;
}

struct packed readings_due_packed(struct op *op, const struct readings_due *due)
{
    struct buffer out = buffer_in(op->arena, 8);

    if (!due->known)
        return (struct packed){STR_NONE};
    pack_bool(&out, due->due);
    return (struct packed){buffer_str(&out)};
}
