/* Publishing a batch of events after they were moved to the log. Private to this folder. */
#ifndef TRACTION_EVENT_MESSAGE_H
#define TRACTION_EVENT_MESSAGE_H

#include "bus_publisher.h"
#include "db.h"

struct moved_event {
    int64_t sequence;
    struct str tenant_id;
    struct packed payload;
    /* Of the whole batch, in every row. */
    int64_t last_id;
    int64_t oldest_at_work, own; /* transactions: all before the first have ended */
};

/* `moved` has struct moved_event; the arena is for the messages. */
void event_messages_publish(struct bus_publisher *publisher, struct arena *arena,
                            const struct list *moved);

#endif
