/* Holding leases: registering, renewing, losing them. */
#include <stdlib.h>
#include <string.h>

#include "fiber.h"
#include "lease_state.h"
#include "lease_table.h"
#include "log.h"
#include "memory.h"
#include "op_state.h"
#include "pack.h"
#include "timestamp.h"

enum {
    CALL_MS = 200,                   /* for an answer of the other service */
    RETRY_US = 1000 * 1000,          /* after registering failed */
    IDLE_US = 1000 * 1000,           /* who has not asked for so long renews nothing ... */
    FORGOTTEN_US = 60 * 1000 * 1000, /* ... and after that holds nothing */
};

bool leases_are_valid(struct process *process)
{
    struct leases *leases = process->leases;

    if (!leases || leases->ended)
        return false;
    int64_t now_us = monotonic_us();
    leases->used_us = now_us;
    return lease_is_valid(&leases->own, now_us) && lease_is_valid(&leases->also, now_us);
}

/* --- Asking the other service --- */

struct asking {
    struct arena *arena;
    struct fiber *fiber;
    bool done, good;
    struct lease_state *state; /* NULL: not asked for */
};

static void answered(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct asking *asking = argument;
    struct value data;

    asking->done = true;
    asking->good = outcome == BUS_REPLIED && reply->http == 200;
    if (asking->good && asking->state) {
        struct str copy = arena_copy(asking->arena, reply->data);
        asking->good = copy.data && unpack(asking->arena, copy, &data);
        if (asking->good)
            *asking->state = (struct lease_state){
                .renewed = value_bool(value_get(&data, "renewed")),
                .held = value_bool(value_get(&data, "held")),
                .epoch = value_int(value_get(&data, "epoch"), -1),
            };
    }
    fiber_wake(asking->fiber);
}

static bool ask(struct process *process, struct arena *arena, const char *operation,
                struct lease_holder *holder, struct lease_state *state)
{
    struct asking asking = {.arena = arena, .fiber = fiber_self(), .state = state};
    struct request request = request_for(str_of(operation));
    struct buffer body = buffer_in(arena, 64);

    model_pack(AS(lease_holder, holder), &body);
    request.body = buffer_str(&body);
    request.remaining_ms = CALL_MS;
    bus_call(service_client(process, process->leases->spec->also), &request, answered, &asking);
    while (!asking.done)
        fiber_park();
    return asking.good;
}

/* --- Its own leases --- */

static void lose(struct leases *leases, int64_t barred_for_us)
{
    leases->own = leases->also = (struct lease){.registered = false};
    leases->id = (struct uuid){{0}};
    leases->barred_us = monotonic_us() + barred_for_us;
    leases->spec->invalidated(NULL, 0);
}

/* So that no writer waits for it. */
static void leave(struct process *process, struct arena *arena, int64_t barred_for_us)
{
    struct leases *leases = process->leases;
    struct lease_holder gone = {leases->id, true};

    lose(leases, barred_for_us);
    lease_table_delete(process, arena, (struct uuids){&gone.holder, 1});
    ask(process, arena, "registerHolder", &gone, NULL);
}

static void join(struct process *process, struct arena *arena)
{
    struct leases *leases = process->leases;
    struct lease_holder holder = {uuid_v7(), false};

    leases->id = holder.holder;
    if (ask(process, arena, "registerHolder", &holder, NULL) &&
        lease_table_add(process, arena, holder.holder)) {
        int64_t now_us = monotonic_us();
        lease_begin(&leases->own, now_us);
        lease_begin(&leases->also, now_us);
    } else {
        leave(process, arena, RETRY_US);
    }
}

static void renew(struct process *process, struct arena *arena)
{
    struct leases *leases = process->leases;
    struct lease_holder holder = {leases->id, false};
    struct lease_state state;
    bool held = true;

    int64_t sent_us = monotonic_us();
    if (lease_table_renew(process, arena, leases->id, &state))
        held = lease_renewed(&leases->own, sent_us, &state);
    sent_us = monotonic_us();
    if (held && ask(process, arena, "renewLease", &holder, &state))
        held = lease_renewed(&leases->also, sent_us, &state);
    if (held)
        return;
    leases->losses++;
    log_warning("has lost its leases", LOG_INT("barredMs", LEASE_BARRED_US / 1000));
    leave(process, arena, LEASE_BARRED_US);
}

static void keep(struct process *process)
{
    struct leases *leases = process->leases;
    int64_t now_us = monotonic_us();
    bool registered = !uuid_is_none(leases->id);
    bool used = leases->used_us > 0 && now_us - leases->used_us < IDLE_US;
    struct arena *arena = arena_new();

    if (registered && now_us - leases->used_us > FORGOTTEN_US)
        leave(process, arena, 0);
    else if (used && registered)
        renew(process, arena);
    else if (used && now_us >= leases->barred_us && !leases->ended)
        join(process, arena);
    arena_destroy(&arena);
}

void lease_holder_start(struct process *process)
{
    if (process->leases->spec->invalidated)
        service_every(process, LEASE_RENEW_MS, keep);
}

static void leave_at_once(void *argument)
{
    struct process *process = argument;
    struct arena *arena = arena_new();

    leave(process, arena, 0);
    arena_destroy(&arena);
}

void leases_end(struct process *process)
{
    struct leases *leases = process->leases;

    if (!leases || leases->ended)
        return;
    leases->ended = true;
    if (!uuid_is_none(leases->id))
        fiber_start(leave_at_once, process);
}

/* --- What is told, and what another service's holders ask --- */

void goals_invalidate(struct op *op)
{
    const struct leases *leases = op->process->leases;
    struct lease_holder self = {leases ? leases->id : (struct uuid){{0}}, false};
    struct invalidation told;
    struct value list;

    if (!op_body(op, AS(invalidation, &told)))
        return;
    if (!unpack(op->arena, told.tags.bytes, &list) || list.type != VALUE_ARRAY) {
        op_invalid(op, "tags", "must be an array");
        return;
    }
    uint64_t *tags = arena_array(op->arena, list.count, sizeof *tags);
    for (size_t i = 0; i < list.count; i++)
        tags[i] = (uint64_t)value_int(&list.items[i], 0);
    if (leases)
        leases->spec->invalidated(list.count > 0 ? tags : NULL, list.count);
    op_reply(op, AS(lease_holder, &self), -1);
}

void holder_register(struct op *op)
{
    struct lease_holder holder;

    if (!op_body(op, AS(lease_holder, &holder)))
        return;
    bool good = holder.ends
                    ? lease_table_delete(op->process, op->arena, (struct uuids){&holder.holder, 1})
                    : op->process->leases && lease_table_add(op->process, op->arena, holder.holder);
    if (good)
        op_reply(op, AS(lease_holder, &holder), -1);
    else
        op_fail(op, STATUS_SERVICE_UNAVAILABLE);
}

void lease_renew(struct op *op)
{
    struct lease_holder holder;
    struct lease_state state;

    if (!op_body(op, AS(lease_holder, &holder)))
        return;
    if (lease_table_renew(op->process, op->arena, holder.holder, &state))
        op_reply(op, AS(lease_state, &state), -1);
    else
        op_fail(op, STATUS_SERVICE_UNAVAILABLE);
}
