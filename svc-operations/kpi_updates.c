/* A KPI's new value from an action. svc-kpis writes the reading under a command id derived from
 * ours: if our answer is lost after that, the repeated request gets svc-kpis's stored answer, and
 * our answer is stored last.
 *
 * The transaction is open during the call of svc-kpis: the action must not be deleted meanwhile,
 * and of two requests with the same command id only one may make the call. */
#include "actions.h"
#include "event_types.h"
#include "lookup.h"
#include "operations_handlers.h"
#include "queries.h"

enum { KPIS_WAIT_MS = 5000 };

/* Whether the action exists; locks it then. */
static bool lock_action_key(struct op *op, struct uuid id, bool *found)
{
    struct row_id key = {id}, row;

    *found = false;
    return uuid_is_none(id) ||
           sql_find(op, ACTION_FOR_KEY_SHARE, AS(row_id, &key), AS(row_id, &row), found);
}

static struct str reading_record(struct op *op, const struct kpi_update *update)
{
    struct buffer out = buffer_in(op->arena, update->notes.size + 256);
    struct reading_record record;

    model_clear(AS(reading_record, &record));
    record.shared_kpi_id = update->shared_kpi_id;
    record.kpi_id = update->kpi_id;
    bool dated = !timestamp_is_none(update->update_date);
    record.period = (struct month){month_of(dated ? update->update_date : op->now)};
    record.value = update->new_value;
    record.reason = update->notes;
    record.source_id = update->action_id;
    model_pack(AS(reading_record, &record), &out);
    return buffer_str(&out);
}

/* Our caller's names for the fields that svc-kpis complains about. */
static const char *own_name(struct op *op, struct str field)
{
    static const char *const names[][2] = {{"period", "updateDate"},
                                           {"value", "newValue"},
                                           {"reason", "notes"},
                                           {"sourceId", "actionId"}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal(field, str_of(names[i][0])))
            return names[i][1];
    return arena_printf(op->arena, STR_FMT, STR_ARG(field)).data;
}

static void add_faults(struct op *op, const struct reply *reply)
{
    struct value errors = {.type = VALUE_ABSENT};

    if (!reply->errors.data || !unpack(op->arena, reply->errors, &errors))
        return;
    for (uint32_t i = 0; errors.type == VALUE_MAP && i < errors.count; i++)
        op_invalid(op, own_name(op, errors.pairs[i].key), STR_FMT,
                   STR_ARG(value_text(&errors.pairs[i].value)));
}

/* A refusal of svc-kpis is answered with the same message. */
static bool judge(struct op *op, const struct op_call *call)
{
    const struct reply *reply = &call->reply;

    if (!call->reached)
        return op_fail(op, STATUS_SERVICE_UNAVAILABLE);
    if (reply->http == status_http(STATUS_OK) || reply->http == status_http(STATUS_CREATED))
        return true;
    if (reply->http == status_http(STATUS_KPI_NOT_FOUND))
        return op_fail(op, STATUS_KPI_NOT_FOUND);
    if (reply->http == status_http(STATUS_CONFLICT))
        return op_fail(op, STATUS_CONFLICT);
    if (reply->http == status_http(STATUS_VALIDATION_ERROR))
        add_faults(op, reply);
    return op_valid(op) && op_fail(op, STATUS_INTERNAL_ERROR);
}

/* An action or KPI that does not exist is reported together with other invalid fields. */
static void add_unknown(struct op *op, const struct kpi_update *update, bool action_found)
{
    struct kpi_named named = {update->shared_kpi_id, update->kpi_id};
    struct buffer body = buffer_in(op->arena, 128);
    struct op_call call;

    if (!action_found)
        op_invalid(op, "actionId", "is not an action");
    if (uuid_is_none(named.shared_kpi_id) && uuid_is_none(named.kpi_id))
        return;
    model_pack(AS(kpi_named, &named), &body);
    op_call_start(op, &call, "checkKPI", buffer_str(&body), KPIS_WAIT_MS);
    op_call_wait(op, &call);
    if (call.reached && call.reply.http == status_http(STATUS_KPI_NOT_FOUND))
        op_invalid(op, uuid_is_none(named.kpi_id) ? "sharedKpiId" : "kpiId", "is not a KPI");
    else if (call.reached)
        add_faults(op, &call.reply);
}

/* {actionId, kpiId, reading}, for the event with horizonId. */
static struct str answer(struct op *op, const struct kpi_update *update,
                         const struct value *recorded, bool horizon)
{
    const struct value *reading = value_get(recorded, "reading");
    struct buffer out = buffer_in(op->arena, reading->raw.size + 256);

    pack_map(&out, horizon ? 4 : 3);
    pack_key(&out, "actionId");
    pack_uuid(&out, update->action_id);
    pack_key(&out, "kpiId");
    pack_text(&out, value_text(value_get(recorded, "kpiId")));
    pack_key(&out, "reading");
    pack_raw(&out, reading->raw);
    if (horizon) {
        pack_key(&out, "horizonId");
        pack_text(&out, update->horizon_id);
    }
    return buffer_str(&out);
}

static void keep(struct op *op, const struct kpi_update *update, const struct value *recorded)
{
    bool dated = !timestamp_is_none(update->update_date);
    struct kpi_update_kept kept = {
        .id = uuid_v7(),
        .action_id = update->action_id,
        .horizon_id = update->horizon_id,
        .new_value = update->new_value,
        .update_date = dated ? update->update_date : op->now,
        .notes = update->notes,
        .recorded_by = op->request->user,
        .recorded_at = op->now,
        .reading = {value_get(recorded, "reading")->raw},
    };

    uuid_parse(value_text(value_get(recorded, "kpiId")), &kept.kpi_id);
    sql_exec(op, KPI_UPDATE_INSERT, AS(kpi_update_kept, &kept));
}

/* 201, or 200 when the month had a reading already. The body has been read; the action is named by
 * it or by the path. */
static void sync(struct op *op, struct kpi_update *update, bool by_path)
{
    struct op_call call;
    bool action_found;

    if (!op_named(op, "kpiId") && !op_named(op, "sharedKpiId"))
        op_invalid(op, "sharedKpiId", "is required, or kpiId");
    if (!lock_action_key(op, update->action_id, &action_found) ||
        (by_path && !action_found && !op_fail(op, STATUS_ACTION_NOT_FOUND)))
        return;
    if (!op_valid(op)) {
        add_unknown(op, update, action_found);
        return;
    }
    if (!action_found) {
        op_fail(op, STATUS_ACTION_NOT_FOUND);
        return;
    }
    op_call_start(op, &call, "recordKPIReading", reading_record(op, update), KPIS_WAIT_MS);
    op_call_wait(op, &call);
    if (!judge(op, &call))
        return;
    keep(op, update, call.data);
    op_event_packed(op, EVENT_KPI_UPDATE_CREATED, update->action_id, 0,
                    answer(op, update, call.data, true));
    if (call.reply.http == status_http(STATUS_CREATED))
        op_created(op, STR_NONE);
    op_reply_packed(op, answer(op, update, call.data, false), -1);
}

/* POST /api/operations/kpi-updates */
void kpi_update_sync(struct op *op)
{
    struct kpi_update update;

    if (op_gather_body(op, AS(kpi_update, &update)))
        sync(op, &update, false);
}

static void update_of_action(struct op *op)
{
    struct kpi_update update;
    struct uuid action;

    if (!op_path_uuid(op, "actionId", &action) ||
        !op_gather_body(op, (struct bound){&kpi_update_of_action_model, &update}))
        return;
    update.action_id = action;
    sync(op, &update, true);
}

/* POST /api/operations/actions/{actionId}/update-kpi */
void kpi_from_action_update(struct op *op)
{
    update_of_action(op);
}

/* POST /api/operations/actions/{actionId}/kpi-updates */
void action_kpi_update_add(struct op *op)
{
    update_of_action(op);
}

/* GET /api/operations/kpi-updates: newest first. */
void kpi_updates_get(struct op *op)
{
    struct kpi_update_query query;
    struct list updates = {NULL, 0};
    struct row_count total = {0};
    bool counted;

    if (!op_query(op, AS(kpi_update_query, &query)))
        return;
    if (uuid_is_none(query.kpi_id) && uuid_is_none(query.action_id))
        op_invalid(op, "kpiId", "is required, or actionId");
    if (!op_valid(op))
        return;
    sql_queue_rows(op, KPI_UPDATES, AS(kpi_update_query, &query), &kpi_update_kept_model, &updates);
    sql_queue_row(op, KPI_UPDATES_COUNT, AS(kpi_update_query, &query), AS(row_count, &total),
                  &counted);
    if (sql_wait(op))
        op_reply_list(op, &kpi_update_kept_model, updates, &query.paging, total.count);
}
