/* What consumers hear of new events: a message each, under the tenant as its topic. */
#include "event_message.h"

#include "event_log.h"

void event_messages_publish(struct bus_publisher *publisher, struct arena *arena,
                            const struct list *moved)
{
    const struct moved_event *event = moved->items;

    if (bus_publisher_topics(publisher) == 0)
        return;
    for (size_t i = 0; i < moved->count; i++, event++)
        bus_publish(publisher, event->tenant_id,
                    event_message_pack(arena, event->sequence, event->payload.bytes));
}
