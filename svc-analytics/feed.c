/* Entries of the feed, written with the projections. It must not know what events mean. The
 * entities of a snapshot tell of no change: there is no entry of them. */
#include "feed.h"

#include "lookup.h"
#include "queries.h"

struct feed_row {
    struct uuid id, entity_id;
    enum feed_type type;
    enum feed_entity entity_type;
    struct str words, reason, told, status;
    bool completed;
};
static const struct field feed_row_fields[] = {
    COLUMN(feed_row, id),
    COLUMN(feed_row, entity_id),
    FIELD(feed_row, type, "type", .flags = FIELD_INTERNAL, .enum_names = &feed_type_names),
    FIELD(feed_row, entity_type, "entityType", .flags = FIELD_INTERNAL,
          .enum_names = &feed_entity_names),
    COLUMN(feed_row, words),
    COLUMN(feed_row, reason),
    COLUMN(feed_row, told),
    COLUMN(feed_row, status),
    COLUMN(feed_row, completed),
};
const struct model feed_row_model = MODEL("FeedRow", feed_row, feed_row_fields);

void feed_add(struct op *op, const struct event *event, enum feed_type type,
              enum feed_entity entity_type, struct uuid entity, struct str words)
{
    struct feed_row row = {.id = event->id,
                           .entity_id = entity,
                           .type = type,
                           .entity_type = entity_type,
                           .words = words};

    if (!event->snapshot)
        sql_exec(op, FEED_ADD, AS(feed_row, &row));
}

void feed_add_issue(struct op *op, const struct event *event, enum feed_type type, struct str words,
                    struct str reason)
{
    struct feed_row row = {.id = event->id,
                           .entity_id = event->entity,
                           .type = type,
                           .entity_type = FEED_ISSUE,
                           .words = words,
                           .reason = reason};

    if (!event->snapshot)
        sql_exec(op, FEED_ADD, AS(feed_row, &row));
}

void feed_add_entry(struct op *op, const struct event *event, enum feed_type type, struct uuid goal,
                    struct str words, struct str told)
{
    struct feed_row row = {.id = event->id,
                           .entity_id = goal,
                           .type = type,
                           .entity_type = FEED_GOAL,
                           .words = words,
                           .told = told};

    if (!event->snapshot)
        sql_exec(op, FEED_ADD, AS(feed_row, &row));
}

void feed_add_goal(struct op *op, const struct event *event, struct str status, struct str words)
{
    struct feed_row row = {.id = event->id,
                           .entity_id = event->entity,
                           .type = FEED_GOAL_UPDATED,
                           .entity_type = FEED_GOAL,
                           .words = words,
                           .status = status};

    if (!event->snapshot)
        sql_exec(op, FEED_ADD_GOAL, AS(feed_row, &row));
}

void feed_add_action(struct op *op, const struct event *event, enum feed_type type, bool completed,
                     struct str words)
{
    struct feed_row row = {.id = event->id,
                           .entity_id = event->entity,
                           .type = type,
                           .entity_type = FEED_ACTION,
                           .words = words,
                           .completed = completed};

    if (!event->snapshot)
        sql_exec(op, FEED_ADD_ACTION, AS(feed_row, &row));
}

void feed_delete(struct op *op, struct uuid entity)
{
    sql_exec(op, FEED_DELETE, AS(row_id, &(struct row_id){entity}));
}
