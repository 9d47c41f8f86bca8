/* The feed of recent activity: one entry for each event that is shown to people. */
#ifndef TRACTION_FEED_H
#define TRACTION_FEED_H

#include "analytics.h"
#include "event.h"
#include "op.h"

/* An entry for the event. `words` go before the title: "Paused the goal". */
void feed_add(struct op *op, const struct event *event, enum feed_type type,
              enum feed_entity entity_type, struct uuid entity, struct str words);
/* The same for an issue; `reason` goes behind the title and may be absent. */
void feed_add_issue(struct op *op, const struct event *event, enum feed_type type, struct str words,
                    struct str reason);
/* The same for a changed goal, called before its row is updated: the stored status decides whether
 * it was resumed or archived. */
/* What a person wrote on a goal; `told`: its headline, absent where it is not kept. */
void feed_add_entry(struct op *op, const struct event *event, enum feed_type type, struct uuid goal,
                    struct str words, struct str told);
void feed_add_goal(struct op *op, const struct event *event, struct str status, struct str words);
/* The same for an action, called before its row is updated: an entry of type action_completed when
 * it was not `completed` before and is now. */
void feed_add_action(struct op *op, const struct event *event, enum feed_type type, bool completed,
                     struct str words);
/* Deletes the feed entries of `entity`. */
void feed_delete(struct op *op, struct uuid entity);

#endif
