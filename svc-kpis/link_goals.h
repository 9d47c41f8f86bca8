/* What svc-kpis asks svc-goals: whether goals and their strategies exist, and what they are called.
 */
#ifndef TRACTION_LINK_GOALS_H
#define TRACTION_LINK_GOALS_H

#include "goal_names.h"
#include "op.h"

/* Begins to ask for one goal. */
void goal_ask(struct op *op, struct op_call *call, struct uuid goal);
enum goal_answer { GOAL_UNKNOWN, GOAL_THERE, GOAL_UNASKED };
/* Waits for it; GOAL_UNASKED when svc-goals cannot be asked. */
enum goal_answer goal_wait(struct op *op, struct op_call *call);

/* Asks whether the goal is there and the strategy one of its own; only for the goal without a
 * strategy. `found` has no id when it is none of the goal's. */
enum goal_answer goal_strategy(struct op *op, struct uuid goal, struct uuid strategy,
                               struct strategy_name *found);

/* Begins to ask what goals are called, of which the answer of a read can do without. */
void goals_ask_names(struct op *op, struct op_call *call, struct uuids goals);
/* The same, and for one of them, what it is for. */
void goals_ask_described(struct op *op, struct op_call *call, struct uuids goals,
                         struct uuid described);
/* Waits for it: struct goal_name by id, without goals that do not exist. When svc-goals cannot be
 * asked in time: false, and the answer is marked as degraded. While an upgrade rolls and the
 * replica that was asked is older: false. */
bool goals_wait_names(struct op *op, struct op_call *call, struct list *names);

/* Asks what the goals of `rows` are called, items of `size` bytes that begin with a goal's id and
 * have room for its title at `title`, a struct str. Goals that do not exist are left out, though
 * their events may not have come yet. When svc-goals cannot be asked, as goals_wait_names. */
void goals_name_rows(struct op *op, struct list *rows, size_t size, size_t title);

/* Whether any of the goals exists; false when svc-goals cannot be asked. */
bool goals_exist(struct op *op, struct uuids goals, bool *any);

#endif
