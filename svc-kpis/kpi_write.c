/* Creating, changing and deleting KPIs. A change locks the KPI's row first, so changes of one KPI
 * are serialised and the version counts them. */
#include "catalog.h"
#include "event_types.h"
#include "kpi_detail.h"
#include "kpi_handlers.h"
#include "kpi_insert.h"
#include "kpis.h"
#include "link_goals.h"
#include "lookup.h"
#include "queries.h"
#include "sent_readings.h"

/* The owner's name is only shown, so it is read before the transaction. */
static bool find_owner(struct op *op, struct kpi *kpi)
{
    kpi->owner_name = STR_NONE;
    return !kpi->owner_id.data || person_read_unlocked(op, kpi->owner_id, &kpi->owner_name);
}

/* POST /kpis */
void shared_kpi_create(struct op *op)
{
    struct kpi_detail detail;
    struct kpi *kpi = &detail.kpi, none;

    model_clear(AS(kpi_detail, &detail));
    model_clear(AS(kpi, &none));
    if (!op_gather_body(op, AS(kpi, kpi)) || !catalog_complete(op, kpi))
        return;
    struct sent_value sent = sent_value_take(op, kpi, &none, &detail.readings);
    if (!op_valid(op) || !find_owner(op, kpi) || !op_limit(op, LIMIT_KPIS, KPIS_COUNT, NOTHING))
        return;
    kpi_insert(op, kpi);
    op_created(op, location_of(op, "/kpis/", kpi->id));
    if (sent_value_record(op, sent, &detail))
        kpi_detail_reply(op, &detail);
}

static bool lock_kpi(struct op *op, struct kpi *kpi, struct kpi_detail *detail)
{
    struct row_id key;
    bool found = false;

    if (!op_path_uuid(op, "id", &key.id))
        return false;
    model_clear(AS(kpi, kpi));
    sql_queue_row(op, KPI_FOR_UPDATE, AS(row_id, &key), AS(kpi, kpi), &found);
    if (detail)
        kpi_detail_queue(op, key.id, detail);
    return sql_wait(op) && (found || op_fail(op, STATUS_KPI_NOT_FOUND)) &&
           op_version_ok(op, kpi->version);
}

/* PUT /kpis/{id}: changes the fields the caller sent, keeps the rest. What GET answers may be sent
 * back, with the fields in `kpi` or beside it. */
void shared_kpi_update(struct op *op)
{
    struct kpi before;
    struct kpi_detail detail;
    struct kpi *kpi = &detail.kpi;
    struct person_name owner;

    if (!lock_kpi(op, &before, &detail))
        return;
    *kpi = before;
    if (!op_gather_patch_with(op, AS(kpi, kpi), "kpi"))
        return;
    sent_readings_check(op, &detail.readings);
    struct sent_value sent = sent_value_take(op, kpi, &before, &detail.readings);
    if (!catalog_check(op, &before, kpi) || !op_valid(op))
        return;
    record_change(&kpi->record, op->now, op->request->user);
    sql_exec(op, KPI_UPDATE, AS(kpi, kpi));
    if (!str_equal(before.owner_id, kpi->owner_id)) {
        queue_person(op, kpi->owner_id, &owner);
        if (!sql_wait(op))
            return;
        kpi->owner_name = owner.name;
    }
    op_event_changed(op, EVENT_KPI_UPDATED, kpi->id, kpi->version, AS(kpi, &before), AS(kpi, kpi));
    if (sent_value_record(op, sent, &detail))
        kpi_detail_reply(op, &detail);
}

/* Goals may have just been deleted while the event that removes their links has not arrived, so
 * svc-goals is asked. Under the KPI's lock no new link is added. */
static bool unlinked(struct op *op, struct uuid kpi)
{
    struct row_id key = {kpi};
    struct list goals;
    bool any = true;

    if (!sql_rows(op, GOALS_OF_KPI, AS(row_id, &key), &row_id_model, &goals))
        return false;
    if (goals.count == 0)
        return true;
    if (!goals_exist(op, ids_of(op->arena, goals.items, goals.count, sizeof(struct row_id)),
                     &any) ||
        any)
        return op_fail_because(op, STATUS_DEPENDENCY_EXISTS,
                               "The KPI is linked to goals; unlink it first");
    sql_exec(op, LINKS_OF_KPI_DELETE, AS(row_id, &key));
    return true;
}

/* DELETE /kpis/{id}: refused while a goal uses it. Its plan goes with it; its readings stay
 * in the table, unseen. */
void shared_kpi_delete(struct op *op)
{
    struct kpi kpi;

    if (!lock_kpi(op, &kpi, NULL) || !unlinked(op, kpi.id))
        return;
    struct row_id key = {kpi.id};
    sql_exec(op, TARGET_POINTS_OF_KPI_DELETE, AS(row_id, &key));
    sql_exec(op, PLAN_ANCHORS_OF_KPI_DELETE, AS(row_id, &key));
    sql_exec(op, PLAN_ADJUSTMENTS_OF_KPI_DELETE, AS(row_id, &key));
    sql_exec(op, REPLAN_RULE_OF_KPI_DELETE, AS(row_id, &key));
    record_change(&kpi.record, op->now, op->request->user);
    kpi.deleted_at = op->now;
    sql_exec(op, KPI_DELETE, AS(kpi, &kpi));
    op_event(op, EVENT_KPI_DELETED, kpi.id, kpi.version, AS(kpi, &kpi));
    op_reply_deleted(op, kpi.id);
}
