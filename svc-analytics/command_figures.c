/* The command center as a request sees it: what is kept of the tenant, its tasks, and names. */
#include "command_figures.h"

#include <math.h>
#include <stdlib.h>

#include "percent.h"
#include "queries.h"

enum { PEOPLE_MAX = 4 * COMMAND_LIST_MAX }; /* one of each entry */

struct command_people {
    struct texts user_ids;
    struct list rows; /* struct command_person, by id */
};
static const struct field command_people_fields[] = {COLUMN(command_people, user_ids)};
static const struct model command_people_model =
    MODEL("CommandPeople", command_people, command_people_fields);

struct command_person {
    struct str user_id, name;
};
static const struct field command_person_fields[] = {
    COLUMN(command_person, user_id),
    COLUMN(command_person, name),
};
const struct model command_person_model =
    MODEL("CommandPerson", command_person, command_person_fields);

static void cut(struct list *list, int64_t limit)
{
    if (list->count > (size_t)limit)
        list->count = (size_t)limit;
}

size_t command_measures_over(const struct list *measures, double threshold)
{
    const struct measure_at_risk *items = measures->items;
    size_t count = 0;

    while (count < measures->count &&
           (isnan(items[count].variance_percentage) ||
            percent_reaches(fabs(items[count].variance_percentage), threshold)))
        count++;
    return count;
}

/* Lists begin with what every lower limit shows, measures also with what a higher threshold does.
 */
static void limit_lists(const struct command_query *query, struct command_center *center)
{
    struct list *measures = &center->alerts.measures_at_risk;

    measures->count = command_measures_over(measures, query->variance_threshold);
    cut(measures, query->limit);
    cut(&center->alerts.actions_past_due, query->limit);
    cut(&center->alerts.critical_issues, query->limit);
    cut(&center->goals, query->limit);
}

/* --- Names --- */

static int compare_bytes(const void *left, const void *right)
{
    const struct command_person *a = left, *b = right;

    return str_compare(a->user_id, b->user_id);
}

static struct str name_of(const struct command_people *people, struct str id)
{
    struct command_person key = {.user_id = id}, *row = NULL;

    if (id.data && people->rows.count > 0)
        row = bsearch(&key, people->rows.items, people->rows.count, sizeof key, compare_bytes);
    return row ? row->name : STR_NONE;
}

static void want_person(struct command_people *people, struct str id, struct str *name)
{
    (void)name;
    if (id.data)
        people->user_ids.items[people->user_ids.count++] = id;
}

static void name_person(struct command_people *people, struct str id, struct str *name)
{
    *name = name_of(people, id);
}

/* Calls `with` for everybody whom the answer names. */
static void for_people(struct command_center *center, struct command_people *people,
                       void (*with)(struct command_people *people, struct str id, struct str *name))
{
    struct measure_at_risk *measures = center->alerts.measures_at_risk.items;
    struct action_past_due *actions = center->alerts.actions_past_due.items;
    struct critical_issue *issues = center->alerts.critical_issues.items;
    struct command_goal *goals = center->goals.items;

    for (size_t i = 0; i < center->alerts.measures_at_risk.count; i++)
        with(people, measures[i].owner_id, &measures[i].owner_name);
    for (size_t i = 0; i < center->alerts.actions_past_due.count; i++)
        with(people, actions[i].assigned_person_id, &actions[i].assigned_person_name);
    for (size_t i = 0; i < center->alerts.critical_issues.count; i++)
        with(people, issues[i].reporter_id, &issues[i].reporter_name);
    for (size_t i = 0; i < center->goals.count; i++)
        with(people, goals[i].owner_id, &goals[i].owner_name);
}

/* Names as they are now, and what the tasks serve: in one round trip. */
static bool add_names(struct op *op, unsigned parts, struct command_center *center)
{
    struct command_task *tasks = center->tasks.items;
    struct command_titles titles = {.rows = {NULL, 0}};
    struct command_people people = {
        .user_ids = {arena_array(op->arena, PEOPLE_MAX, sizeof(struct str)), 0}};

    for_people(center, &people, want_person);
    for (size_t i = 0; i < center->tasks.count; i++)
        command_want_served(op->arena, &titles, &tasks[i].serves);
    if (parts & COMMAND_REST)
        sql_queue_rows(op, COMMAND_PEOPLE, AS(command_people, &people), &command_person_model,
                       &people.rows);
    if (parts & COMMAND_TASKS)
        sql_queue_rows(op, COMMAND_TITLES, AS(command_titles, &titles), &command_title_model,
                       &titles.rows);
    if (!sql_wait(op))
        return false;
    for_people(center, &people, name_person);
    for (size_t i = 0; i < center->tasks.count; i++)
        command_serve(&titles, &tasks[i].serves);
    return true;
}

void command_query_complete(struct op *op, struct command_query *query)
{
    struct timestamp today = timestamp_start_of_day(op->now);

    if (!query->user_id.data)
        query->user_id = op->request->user;
    if (query->days_ahead == INT_NONE)
        query->days_ahead = COMMAND_DAYS_DEFAULT;
    if (isnan(query->variance_threshold))
        query->variance_threshold = COMMAND_VARIANCE_DEFAULT;
    if (query->limit == INT_NONE)
        query->limit = COMMAND_LIST_DEFAULT;
    query->until = timestamp_add_days(today, (int)query->days_ahead + 1);
}

bool command_figures_load(struct op *op, struct command_query *query, unsigned parts,
                          struct command_center *center, struct uuids *stamps)
{
    struct list tasks = {NULL, 0};

    model_clear(AS(command_center, center));
    if (parts & COMMAND_TASKS)
        sql_queue_rows(op, COMMAND_TASKS_READ, AS(command_query, query), &command_task_model,
                       &tasks);
    if (parts & COMMAND_REST ? !kept_load(op, &command_kept, center, stamps) : !sql_wait(op))
        return false;
    center->tasks = tasks;
    limit_lists(query, center);
    return add_names(op, parts, center);
}
