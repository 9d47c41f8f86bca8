/* Links of actions and issues: whether what is to be linked exists, and writing them.
 *
 * Goals and strategies belong to svc-goals, which is called before the transaction begins, so that
 * no connection waits for the call. One that was deleted since then is in the table of deleted
 * ones, which events of svc-goals fill and which is read under a lock: in whatever order both
 * happen, no link to a deleted one stays.
 *
 * A link between an action and an issue is shown by both, so adding or removing it changes both:
 * both versions are incremented, and both have an event. A transaction that changes more than one
 * action or issue takes the tenant's exclusive lock of links before any row lock, so there are no
 * deadlocks. */
#ifndef TRACTION_LINKS_H
#define TRACTION_LINKS_H

#include "actions.h"
#include "op.h"

/* One end of the links between actions and issues, with its own goals and strategies. */
struct link_end {
    const char *others;     /* JSON name: "issueIds" */
    const char *other;      /* of one, for people: "an issue" */
    const char *own;        /* of several: "actions" */
    struct statement *lock; /* holds those that are linked to, and counts their links */
    void (*relinked)(struct op *op, struct uuid by, struct uuids others); /* relinked.h */
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

/* Begins to ask about the ids of `after` that `before` has not; both outlive the answer. Ids that
 * are absent have their fault already. */
void links_ask(struct op *op, struct links_asked *asked);
/* Waits, and reports every id that does not exist; `others` are the issues or actions among
 * after->other_ids that do. False after a fault, including those that were collected before. */
bool links_judge(struct op *op, struct links_asked *asked, struct uuids others);

/* The tenant's lock of links, first thing in the transaction. */
enum links_lock {
    LINKS_UNLOCKED,  /* no link changes */
    LINKS_SHARED,    /* links to goals and strategies change */
    LINKS_EXCLUSIVE, /* links between actions and issues change, too */
};
/* Takes the lock that the change of `before`, as it was read outside the transaction, to `after`
 * needs; `named`: the body contains links. */
enum links_lock links_lock(struct op *op, bool named, const struct connections *before,
                           const struct connections *after);
void links_lock_exclusive(struct op *op);

/* In the transaction: locks what `after` adds to `before` until the commit. False after a fault;
 * also when the links have changed since the lock was chosen and it does not suffice: then the
 * handler is run again. */
bool links_secure(struct op *op, const struct link_end *end, const char *where,
                  enum links_lock lock, const struct connections *before,
                  const struct connections *after);
/* Queues what makes the stored links those of `after`; `row` is the action or issue, which has
 * them. */
void links_save(struct op *op, const struct link_end *end, const struct connections *before,
                const struct connections *after, struct bound row);
/* After the event of the action or issue `id`: changes the other ends of links between actions and
 * issues, with an event for each. */
void links_publish_others(struct op *op, const struct link_end *end, struct uuid id,
                          const struct connections *before, const struct connections *after);
/* Each id once. */
void links_unique(struct op *op, struct connections *connections);

extern const struct connections no_connections;

#endif
