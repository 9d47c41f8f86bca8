/* Keeping what was computed, and deciding whether it can be used. */
#include "kept.h"

#include "fiber.h"
#include "kept_age.h"
#include "service.h"

enum {
    LOOK_MS = 2, /* between looks whether another fiber is done */
};

static const struct field kept_row_fields[] = {
    COLUMN(kept_row, data),
    COLUMN(kept_row, computed_at),
    COLUMN(kept_row, stamps),
    COLUMN(kept_row, is_current),
};
const struct model kept_row_model = MODEL("KeptRow", kept_row, kept_row_fields);

static const struct field stamps_row_fields[] = {
    COLUMN(stamps_row, stamps),
    COLUMN(stamps_row, changed_at),
};
const struct model stamps_row_model = MODEL("StampsRow", stamps_row, stamps_row_fields);

/* --- One computation of a tenant and kind at a time, in this process --- */

struct computing {
    const struct kept *kept;
    struct str tenant;
    struct computing *next;
};
static struct computing *all_computing;

static bool is_computing(const struct kept *kept, struct str tenant)
{
    for (const struct computing *c = all_computing; c; c = c->next)
        if (c->kept == kept && str_equal(c->tenant, tenant))
            return true;
    return false;
}

static void computing_end(struct computing *mine)
{
    struct computing **link = &all_computing;

    while (*link != mine)
        link = &(*link)->next;
    *link = mine->next;
}

static enum db_fault_kind compute(const struct kept *kept, struct process *process,
                                  struct arena *arena, struct str tenant, void *target,
                                  struct uuids *stamps)
{
    struct session_context context = {tenant, STR(""), timestamp_now()};
    struct computing mine = {kept, tenant, all_computing};

    *stamps = (struct uuids){NULL, 0};
    all_computing = &mine;
    enum db_fault_kind kind = kept->compute(process, arena, &context, target, stamps);
    computing_end(&mine);
    return kind;
}

enum db_fault_kind kept_compute(const struct kept *kept, struct process *process,
                                struct arena *arena, struct str tenant, void *target)
{
    struct uuids stamps;

    return compute(kept, process, arena, tenant, target, &stamps);
}

void kept_put(const struct kept *kept, struct session *session, struct statement *put,
              struct arena *arena, struct kept_row row, void *source)
{
    struct buffer data = buffer_in(arena, 1024);

    model_pack((struct bound){kept->model, source}, &data);
    row.data = (struct packed){buffer_str(&data)};
    session_queue(session, put, AS(kept_row, &row));
}

/* --- What is kept --- */

static bool read_row(struct op *op, const struct kept *kept, struct bound target,
                     struct uuids *stamps, bool *good)
{
    struct kept_row row;
    struct field_errors errors;
    struct value value;
    bool found;

    model_clear(AS(kept_row, &row));
    *good = false;
    if (!sql_find(op, kept->read, NOTHING, AS(kept_row, &row), &found))
        return false;
    if (!row.data.bytes.data || !kept_will_do(row.computed_at, row.is_current, timestamp_now()) ||
        !unpack(op->arena, row.data.bytes, &value))
        return true;
    *stamps = row.stamps;
    field_errors_init(&errors, op->arena);
    model_clear(target);
    *good = model_decode(target, &value, DECODE_CREATE, &errors, NULL);
    return true;
}

bool kept_fail(struct op *op, enum db_fault_kind kind)
{
    if (kind == DB_UNAVAILABLE)
        return op_fail(op, STATUS_SERVICE_UNAVAILABLE);
    return op_fail(op, kind == DB_TIMEOUT || kind == DB_LOST ? STATUS_UPSTREAM_TIMEOUT
                                                             : STATUS_INTERNAL_ERROR);
}

bool kept_load(struct op *op, const struct kept *kept, void *target, struct uuids *stamps)
{
    struct uuids unused = {NULL, 0};
    struct str tenant = op->request->tenant;
    struct bound bound = {kept->model, target};
    bool good;

    stamps = stamps ? stamps : &unused;
    if (!read_row(op, kept, bound, stamps, &good))
        return false;
    if (!good && is_computing(kept, tenant)) {
        while (is_computing(kept, tenant))
            fiber_sleep(LOOK_MS);
        if (!read_row(op, kept, bound, stamps, &good))
            return false;
    }
    if (good)
        return true;
    enum db_fault_kind kind = compute(kept, op->process, op->arena, tenant, target, stamps);
    return kind == DB_OK || kept_fail(op, kind);
}
