/* Links of actions and issues: whether what is to be linked exists, and writing them.
 *
 * Goals and strategies belong to svc-goals, which is asked before the transaction begins, so that
 * no connection waits for it. That one was deleted since then shows in the list of deleted ones,
 * which the events of svc-goals fill, under a lock: whichever of the two comes first, no link
 * dangles. */
#ifndef TRACTION_LINKS_H
#define TRACTION_LINKS_H

#include "actions.h"
#include "op.h"

/* One end of the links between actions and issues, with its own goals and strategies. */
struct link_end {
    const char *others;     /* JSON name: "issueIds" */
    const char *other;      /* of one, for people: "an issue" */
    struct statement *keep; /* holds those that are linked to */
    struct link_writing {
        struct statement *clear, *add;
    } goals, strategies, issues_or_actions;
};
extern const struct link_end action_end, issue_end;

/* The question to svc-goals. */
struct links_asked {
    const struct link_end *end;
    const char *where; /* before the fields' names in faults: "connections." or "" */
    const struct connections *before, *after;
    bool asked;
    struct op_call call;
};

/* Begins to ask about the ids of `after` that `before` has not; both outlive the answer. */
void links_ask(struct op *op, struct links_asked *asked);
/* Waits, and tells of every id that does not exist; `others` are the issues or actions among
 * after->other_ids that do. False after a fault. */
bool links_judge(struct op *op, struct links_asked *asked, struct uuids others);

/* In the transaction: makes sure that what `after` adds to `before` stays until the commit. False
 * after a fault. */
bool links_secure(struct op *op, const struct link_end *end, const char *where,
                  const struct connections *before, const struct connections *after);
/* Queues what makes the stored links those of `after`; `row` is the action or issue, which has
 * them. */
void links_save(struct op *op, const struct link_end *end, const struct connections *before,
                const struct connections *after, struct bound row);
/* Each id once. */
void links_unique(struct op *op, struct connections *connections);

extern const struct connections no_connections;

#endif
