/* The rules of goals, as tables where they are tables. */
#include "goal_rules.h"
#include "event_types.h"

#define FROM(status) (1U << (status))

/* Which statuses may become the one indexed. Draft is never come back to. */
static const unsigned may_become[] = {
    [GOAL_DRAFT] = 0,
    [GOAL_ACTIVE] = FROM(GOAL_DRAFT) | FROM(GOAL_PAUSED),
    [GOAL_PAUSED] = FROM(GOAL_ACTIVE),
    [GOAL_COMPLETED] = FROM(GOAL_ACTIVE),
    [GOAL_CANCELLED] =
        FROM(GOAL_DRAFT) | FROM(GOAL_ACTIVE) | FROM(GOAL_PAUSED) | FROM(GOAL_ARCHIVED),
    [GOAL_ARCHIVED] =
        FROM(GOAL_DRAFT) | FROM(GOAL_PAUSED) | FROM(GOAL_COMPLETED) | FROM(GOAL_CANCELLED),
};

static const char *const titles[] = {
    [GOAL_DRAFT] = "Draft",         [GOAL_ACTIVE] = "Active",       [GOAL_PAUSED] = "Paused",
    [GOAL_COMPLETED] = "Completed", [GOAL_CANCELLED] = "Cancelled", [GOAL_ARCHIVED] = "Archived",
};

/* What tells that a goal has become the status indexed: the event, and the entry of its feed. */
static const struct {
    const char *event, *title, *text;
} arrivals[] = {
    [GOAL_ACTIVE] = {EVENT_GOAL_ACTIVATED, "Goal Started", "Goal started"},
    [GOAL_PAUSED] = {EVENT_GOAL_PAUSED, "Goal Paused", "Goal paused"},
    [GOAL_COMPLETED] = {EVENT_GOAL_COMPLETED, "Goal Completed", "Goal completed"},
    [GOAL_CANCELLED] = {EVENT_GOAL_CANCELLED, "Goal Cancelled", "Goal cancelled"},
    [GOAL_ARCHIVED] = {EVENT_GOAL_UPDATED, "Goal Archived", "Goal archived"},
};

/* A goal that was once completed cannot be cancelled, whatever its status is now. */
static bool was_completed(const struct goal *goal)
{
    return !timestamp_is_none(goal->completed_at);
}

bool goal_may_become(const struct goal *goal, enum goal_status to)
{
    return (may_become[to] & FROM(goal->status)) && !(to == GOAL_CANCELLED && was_completed(goal));
}

struct str goal_refusal(struct arena *arena, const struct goal *goal, enum goal_status to)
{
    enum goal_status from = goal->status;

    if (to == GOAL_ACTIVE)
        return arena_printf(arena, "Cannot activate goal in %s status", titles[from]);
    if (to == GOAL_PAUSED)
        return arena_printf(arena, "Cannot put goal on hold from %s status", titles[from]);
    if (to == GOAL_COMPLETED)
        return arena_printf(arena, "Cannot complete goal in %s status", titles[from]);
    if (to == GOAL_CANCELLED && was_completed(goal))
        return STR("Cannot cancel completed goal");
    return arena_printf(arena, "Cannot change goal from %s to %s status", titles[from], titles[to]);
}

/* Cancelling what is cancelled succeeds (and changes nothing), so it is among the verbs. */
struct texts goal_transitions(const struct goal *goal)
{
    static struct str activate_cancel[] = {{"activate", 8}, {"cancel", 6}};
    static struct str open[] = {{"pause", 5}, {"complete", 8}, {"cancel", 6}};
    if (was_completed(goal))
        return (struct texts){NULL, 0};
    switch (goal->status) {
    case GOAL_DRAFT:
    case GOAL_PAUSED:
        return (struct texts){activate_cancel, 2};
    case GOAL_ACTIVE:
        return (struct texts){open, 3};
    case GOAL_CANCELLED:
    case GOAL_ARCHIVED:
        return (struct texts){activate_cancel + 1, 1};
    case GOAL_COMPLETED:
        break;
    }
    return (struct texts){NULL, 0};
}

const char *goal_event(enum goal_status to)
{
    return arrivals[to].event;
}

struct goal_entry_texts goal_entry_texts(enum goal_status from, enum goal_status to)
{
    if (from == GOAL_PAUSED && to == GOAL_ACTIVE)
        return (struct goal_entry_texts){"Goal Resumed", "Goal resumed"};
    return (struct goal_entry_texts){arrivals[to].title, arrivals[to].text};
}

void goal_become(struct goal *goal, enum goal_status to, struct timestamp now)
{
    goal->status = to;
    if (to == GOAL_COMPLETED)
        goal->completed_at = now;
    if (to == GOAL_CANCELLED)
        goal->cancelled_at = now;
}

static int horizon_months(enum horizon horizon)
{
    switch (horizon) {
    case HORIZON_YEAR:
        return 12;
    case HORIZON_QUARTER:
        return 3;
    case HORIZON_MONTH:
    case HORIZON_CUSTOM:
        break;
    }
    return 1;
}

enum { MONTH_DAYS = 45, QUARTER_DAYS = 135 }; /* at most, for the horizon that nobody named */

/* By the days between both, whatever their hours. */
static enum horizon horizon_of(struct timestamp start, struct timestamp due)
{
    int64_t us = timestamp_start_of_day(due).us - timestamp_start_of_day(start).us;
    int64_t days = us / (INT64_C(86400) * 1000000);

    return days <= MONTH_DAYS     ? HORIZON_MONTH
           : days <= QUARTER_DAYS ? HORIZON_QUARTER
                                  : HORIZON_YEAR;
}

void goal_settle_horizon(struct goal *goal, struct timestamp now)
{
    bool starts = !timestamp_is_none(goal->start_date), ends = !timestamp_is_none(goal->due_date);

    if (!goal->horizon || goal->horizon == HORIZON_CUSTOM)
        goal->horizon =
            ends ? horizon_of(starts ? goal->start_date : now, goal->due_date) : HORIZON_YEAR;
}

void goal_defaults(struct goal *goal, struct timestamp now)
{
    goal_settle_horizon(goal, now);
    int months = horizon_months(goal->horizon);
    bool starts = !timestamp_is_none(goal->start_date), ends = !timestamp_is_none(goal->due_date);

    if (!goal->status)
        goal->status = GOAL_DRAFT;
    if (!goal->metadata.bytes.data)
        goal->metadata = packed_empty();
    /* Where only one date was given, the other must not make the goal end before it begins. */
    if (!starts)
        goal->start_date = timestamp_day_before(goal->due_date, now) ? goal->due_date : now;
    if (!ends)
        goal->due_date = timestamp_add_months(now, months);
    if (!ends && timestamp_day_before(goal->due_date, goal->start_date))
        goal->due_date = timestamp_add_months(goal->start_date, months);
}

static bool due_before_start(const struct goal *goal)
{
    return timestamp_day_before(goal->due_date, goal->start_date);
}

bool goal_check_new(struct op *op, const struct goal *goal)
{
    if (goal->status != GOAL_DRAFT && goal->status != GOAL_ACTIVE && goal->status != GOAL_PAUSED)
        op_invalid(op, "status", "must be draft, active or paused in a new goal");
    if (due_before_start(goal))
        op_invalid(op, "dueDate", "must not be before the start date");
    return op_valid(op);
}

bool goal_check_change(struct op *op, const struct goal *before, const struct goal *goal)
{
    bool starts = op_named(op, "startDate"), ends = op_named(op, "dueDate");

    if ((starts || ends) && due_before_start(goal)) {
        if (ends)
            op_invalid(op, "dueDate", "must not be before the start date");
        else
            op_invalid(op, "startDate", "must not be after the due date");
    }
    if (!op_valid(op))
        return false;
    if (goal->status == before->status || goal_may_become(before, goal->status))
        return true;
    struct str refusal = goal_refusal(op->arena, before, goal->status);
    return op_fail_because(op, STATUS_INVALID_STATUS_TRANSITION, STR_FMT, STR_ARG(refusal));
}

struct packed packed_empty(void)
{
    return (struct packed){STR("\x80")}; /* msgpack's map of no pairs */
}
