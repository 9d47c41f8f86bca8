/* The rules of goals: which status may follow which, what a refusal says, what a goal must hold.
 * Nothing here reads or writes the database. */
#ifndef TRACTION_GOAL_RULES_H
#define TRACTION_GOAL_RULES_H

#include "goals.h"
#include "op.h"

/* Whether the goal may become `to`; staying what it is is no transition. */
bool goal_may_become(const struct goal *goal, enum goal_status to);
/* "Cannot activate goal in Completed status". */
struct str goal_refusal(struct arena *arena, const struct goal *goal, enum goal_status to);
/* The verbs that would succeed on the goal; static storage. */
struct texts goal_transitions(const struct goal *goal);
/* The event that tells of a goal having become `to`. */
const char *goal_event(enum goal_status to);

/* The texts of a transition's feed entry: "Goal Resumed", "Goal resumed". */
struct goal_entry_texts {
    const char *title, *text;
};
struct goal_entry_texts goal_entry_texts(enum goal_status from, enum goal_status to);

/* Makes the transition in memory, with the instant it sets. */
void goal_become(struct goal *goal, enum goal_status to, struct timestamp now);

/* Fills what the caller of a create left open. */
void goal_defaults(struct goal *goal, struct timestamp now);
/* The horizon that nobody named, or that is custom: by the days between both dates. */
void goal_settle_horizon(struct goal *goal, struct timestamp now);
/* Checks what the field table cannot: order of dates, the first status. It also runs when the table
 * has found errors, so that all are in one answer. */
bool goal_check_new(struct op *op, const struct goal *goal);
/* The same for a change of `before`, status transition included. */
bool goal_check_change(struct op *op, const struct goal *before, const struct goal *goal);

/* An empty map, for metadata that nobody gave. */
struct packed packed_empty(void);

#endif
