/* Writing one entry into a goal's feed, whoever makes it: a person, a transition. */
#ifndef TRACTION_ACTIVITY_ENTRY_H
#define TRACTION_ACTIVITY_ENTRY_H

#include "goals.h"
#include "op.h"

/* Completes the entry (id, author, instants, empty metadata), queues its row and its event. The
 * caller has made sure that the goal exists and stays, and has set goal_id, type, text, the
 * author's name and what else it has. */
void activity_add(struct op *op, struct activity *entry);

/* ACTIVITY_INSERT_MANY: a system entry in the feed of each goal that exists, without events. */
struct entries_input {
    struct uuids ids, goal_ids; /* of the same count */
    struct str title, text, author;
    struct packed metadata;
    struct timestamp at;
};
extern const struct model entries_input_model;

#endif
