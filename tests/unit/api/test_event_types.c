/* The table of events: rows that mean something, and how types are found in it. */
#include "event_types.h"
#include "suite.h"

START_TEST(rows_are_whole)
{
    for (size_t i = 0; i < event_type_count; i++) {
        const struct event_type *row = &event_types[i];
        bool streamed = row->streams != STREAM_NONE;
        ck_assert_msg(event_type_find(str_of(row->type)) == row, "%s is there twice", row->type);
        ck_assert_msg(streamed == (row->entity && row->model), "%s", row->type);
        ck_assert_msg(row->source != SERVICE_GATEWAY, "%s", row->type);
        /* Who must understand it has to hear it. */
        for (int service = 0; service < SERVICE_COUNT; service++)
            if (row->must >> service & 1)
                ck_assert_msg(service_sources[service] >> row->source & 1, "%s, %s", row->type,
                              service_names[service]);
        for (size_t k = 0; streamed && k < row->model->count; k++)
            ck_assert_msg(row->model->fields[k].name[0], "%s", row->type);
    }
    ck_assert_uint_gt(event_type_count, 30);
}
END_TEST

START_TEST(types_are_found)
{
    const struct event_type *row = event_type_find(STR("goal.deleted"));

    ck_assert_str_eq(row->type, EVENT_GOAL_DELETED);
    ck_assert_str_eq(row->entity, "goal");
    ck_assert_int_eq(row->source, SERVICE_GOALS);
    ck_assert_int_eq(row->streams, STREAM_LAST);
    ck_assert_int_eq(event_type_find(STR("activity.created"))->streams, STREAM_FEED);
    ck_assert_int_eq(event_type_find(STR("tenant.erased"))->streams, STREAM_NONE);
    ck_assert_ptr_null(event_type_find(STR("goal.delete")));
    ck_assert_ptr_null(event_type_find(STR("")));
}
END_TEST

START_TEST(patterns_mean_types)
{
    ck_assert(event_type_matches(STR("goal.updated"), STR("goal.updated")));
    ck_assert(event_type_matches(STR("goal.*"), STR("goal.updated")));
    ck_assert(event_type_matches(STR("kpi.reading.*"), STR("kpi.reading.created")));
    ck_assert(!event_type_matches(STR("goal.*"), STR("goals.updated")));
    ck_assert(!event_type_matches(STR("goal*"), STR("goal.updated")));
    ck_assert(!event_type_matches(STR("*"), STR("goal.updated")));
}
END_TEST

SUITE_MAIN("event_types", rows_are_whole, types_are_found, patterns_mean_types)
