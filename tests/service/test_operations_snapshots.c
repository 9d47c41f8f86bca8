/* What svc-operations gives to consumers that need more than its log has. */
#include "service_rig.h"

static const struct rig_answer *page(const char *kind)
{
    return ask("entitiesAfter", NULL, format("{'kind': '%s'}", kind));
}

START_TEST(actions_are_as_their_events_say)
{
    const char *id =
        text_at(ask("createAction", NULL, "{'title': 'a', 'status': 'completed'}"), "data.id");
    const struct rig_answer *actions = page("actions");

    ck_at(actions, "data.events[0].type", "'action.updated'");
    ck_at(actions, "data.events[0].entity", format("'%s'", id));
    ck_at(actions, "data.events[0].version", "1");
    ck_at(actions, "data.events[0].data.status", "'completed'");
    ck_at(actions, "data.events[1]", "absent");
    ck_at(page("deletedActions"), "data.events", "[]");
}
END_TEST

START_TEST(deleted_actions_are_ids)
{
    const char *id = text_at(ask("createAction", NULL, "{'title': 'a'}"), "data.id");

    ck_answer(ask("createAction", NULL, "{'title': 'stays'}"), 201);
    ck_answer(ask("deleteAction", format("{'actionId': '%s'}", id), NULL), 200);
    const struct rig_answer *deleted = page("deletedActions");
    ck_at(deleted, "data.events[0].type", "'action.deleted'");
    ck_at(deleted, "data.events[0].entity", format("'%s'", id));
    ck_at(deleted, "data.events[0].version", "2");
    ck_at(deleted, "data.events[1]", "absent");
    ck_at(page("actions"), "data.events[0].data.title", "'stays'");
    ck_at(page("actions"), "data.events[1]", "absent");
    rig_new_tenant();
    ck_at(page("deletedActions"), "data.events", "[]");
}
END_TEST

SERVICE_SUITE_MAIN("operations snapshots", actions_are_as_their_events_say, deleted_actions_are_ids)
