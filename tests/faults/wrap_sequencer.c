/* Faults of publishing.
 *
 * Places: "sequencer before commit", "sequencer before news".
 * Mistakes: "drop-news" publishes every third event only; "publish-before-commit". */
#include "bus_publisher.h"
#include "event_log.h"
#include "event_message.h"
#include "events_queries.h"
#include "faults.h"
#include "fiber.h"
#include "sequencer.h"

static struct bus_publisher *publishes_to;

struct sequencer *__real_sequencer_new(struct loop *loop, struct database *database,
                                       struct bus_publisher *publisher);
struct sequencer *__wrap_sequencer_new(struct loop *loop, struct database *database,
                                       struct bus_publisher *publisher);
void __real_event_messages_publish(struct bus_publisher *publisher, struct arena *arena,
                                   const struct list *moved);
void __wrap_event_messages_publish(struct bus_publisher *publisher, struct arena *arena,
                                   const struct list *moved);
void __real_bus_publish(struct bus_publisher *publisher, struct str topic, struct str body);
void __wrap_bus_publish(struct bus_publisher *publisher, struct str topic, struct str body);
void __real_session_queue_rows(struct session *session, struct statement *statement,
                               struct bound input, const struct model *model, struct list *list);
void __wrap_session_queue_rows(struct session *session, struct statement *statement,
                               struct bound input, const struct model *model, struct list *list);

struct sequencer *__wrap_sequencer_new(struct loop *loop, struct database *database,
                                       struct bus_publisher *publisher)
{
    publishes_to = publisher;
    return __real_sequencer_new(loop, database, publisher);
}

static void before(struct session *session, void *argument)
{
    const struct list *moved = argument;

    if (fault_planted("publish-before-commit") && session_wait(session) == DB_OK) {
        struct arena *arena = arena_new();
        __real_event_messages_publish(publishes_to, arena, moved);
        arena_destroy(&arena);
    }
    if (fault_is_ahead("sequencer before commit") && session_wait(session) == DB_OK &&
        moved->count > 0) {
        fiber_sleep(50); /* what was sent gets away */
        fault_point("sequencer before commit");
    }
}

static int after(struct session *session, int outcome, void *argument)
{
    const struct list *moved = argument;

    (void)session;
    if (outcome == DB_OK && moved->count > 0)
        fault_point("sequencer before news");
    return outcome;
}

/* The statement that moves a batch to the log. */
void __wrap_session_queue_rows(struct session *session, struct statement *statement,
                               struct bound input, const struct model *model, struct list *list)
{
    __real_session_queue_rows(session, statement, input, model, list);
    if (statement == EVENTS_MOVE)
        fault_on_commit(session, &(struct fault_commit){before, after, list});
}

void __wrap_event_messages_publish(struct bus_publisher *publisher, struct arena *arena,
                                   const struct list *moved)
{
    if (!fault_planted("publish-before-commit"))
        __real_event_messages_publish(publisher, arena, moved);
}

void __wrap_bus_publish(struct bus_publisher *publisher, struct str topic, struct str body)
{
    struct str payload;
    int64_t pos;

    if (fault_planted("drop-news") && event_message_unpack(body, &pos, &payload) && pos % 3 != 0)
        return;
    __real_bus_publish(publisher, topic, body);
}
