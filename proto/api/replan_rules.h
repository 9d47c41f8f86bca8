/* Replan rules: when a KPI is so far off its plan that the plan is to be adjusted, and how. */
#ifndef TRACTION_REPLAN_RULES_H
#define TRACTION_REPLAN_RULES_H

#include "model.h"
#include "record.h"

/* How a plan is adjusted to what was measured. */
enum adjust_strategy {
    ADJUST_MAINTAIN_GOAL = 1, /* the last target point stays, the ones before lead to it anew */
    ADJUST_SHIFT,             /* all later points change by the same factor */
    ADJUST_CUSTOM,            /* by hand */
};
extern const struct enum_names adjust_strategy_names;

struct replan_rule {
    struct uuid id, kpi_id; /* one rule per KPI */
    double threshold;       /* percent of what was expected; an adverse variance beyond it counts */
    int64_t misses;         /* so many measurements one after the other must be beyond it */
    bool auto_adjust;       /* adjusts the plan by `strategy` ... */
    bool needs_approval;    /* ... unless somebody is to decide */
    enum adjust_strategy strategy;
    bool notify;
    struct texts recipients; /* ids of people */
    RECORD_MEMBERS;
};
extern const struct model replan_rule_model;

enum { REPLAN_RECIPIENTS_MAX = 50, REPLAN_MISSES_MAX = 12 };

/* What decides for a KPI without a rule, and what a new rule has where nothing is said. */
struct replan_rule replan_rule_default(void);

#endif
