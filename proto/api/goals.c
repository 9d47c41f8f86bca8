/* Field tables of goals, strategies and the activity feed. */
#include "goals.h"

#include "record.h"

static const char *const horizon_name_texts[] = {NULL, "year", "quarter", "month"};
static const char *const goal_status_name_texts[] = {NULL,        "draft",     "active",  "paused",
                                                     "completed", "cancelled", "archived"};
static const char *const strategy_status_name_texts[] = {NULL, "draft", "validated", "adopted"};
static const char *const activity_type_name_texts[] = {NULL,       "weekly_review", "note",
                                                       "decision", "attachment",    "system"};
static const char *const goal_verb_name_texts[] = {NULL, "activate", "pause", "complete", "cancel"};
static const char *const final_status_name_texts[] = {NULL, "completed", "cancelled"};
static const char *const direction_texts[] = {NULL, "up", "down"};

static const struct enum_alias horizon_aliases[] = {{"annual", HORIZON_YEAR},
                                                    {"quarterly", HORIZON_QUARTER},
                                                    {"monthly", HORIZON_MONTH},
                                                    {NULL, 0}};
const struct enum_names horizon_names = ENUM_NAMES_ALSO(horizon_name_texts, horizon_aliases);
static const struct enum_alias sent_horizon_aliases[] = {{"annual", HORIZON_YEAR},
                                                         {"quarterly", HORIZON_QUARTER},
                                                         {"monthly", HORIZON_MONTH},
                                                         {"custom", HORIZON_CUSTOM},
                                                         {NULL, 0}};
static const struct enum_names sent_horizon_names =
    ENUM_NAMES_ALSO(horizon_name_texts, sent_horizon_aliases);
const struct enum_names goal_status_names = ENUM_NAMES(goal_status_name_texts);
static const struct enum_names final_status_names = ENUM_NAMES(final_status_name_texts);
static const struct enum_names goal_verb_names = ENUM_NAMES(goal_verb_name_texts);
static const struct enum_alias strategy_status_aliases[] = {{"evaluated", STRATEGY_VALIDATED},
                                                            {NULL, 0}};
const struct enum_names strategy_status_names =
    ENUM_NAMES_ALSO(strategy_status_name_texts, strategy_status_aliases);
static const struct enum_alias activity_type_aliases[] = {
    {"comment", ACTIVITY_NOTE}, {"update", ACTIVITY_NOTE}, {NULL, 0}};
const struct enum_names activity_type_names =
    ENUM_NAMES_ALSO(activity_type_name_texts, activity_type_aliases);
static const struct enum_alias direction_aliases[] = {{"increase", KPI_UP},
                                                      {"higher", KPI_UP},
                                                      {"decrease", KPI_DOWN},
                                                      {"lower", KPI_DOWN},
                                                      {NULL, 0}};
const struct enum_names kpi_direction_names = ENUM_NAMES_ALSO(direction_texts, direction_aliases);

const char *const goal_sort_fields[] = {"title",     "status",    "horizon", "createdAt",
                                        "updatedAt", "startDate", "dueDate", NULL};

static const char *const goal_sort_aliases[] = {"name", "title", "targetDate", "dueDate", NULL};

/* Addresses that a page may offer as a link; "javascript:" and the like must not get there. */
static bool is_web_address(struct str text)
{
    struct str rest = text, scheme = str_cut(&rest, ':');
    if (!str_equal_nocase(scheme, STR("http")) && !str_equal_nocase(scheme, STR("https")))
        return false;
    if (!str_starts_with(rest, STR("//")) || rest.size < 3 || rest.data[2] == '/')
        return false;
    for (size_t i = 0; i < rest.size; i++)
        if ((unsigned char)rest.data[i] <= ' ')
            return false;
    return true;
}
#define WEB_ADDRESS .check = is_web_address, .pattern = "an http or https address"

/* One array for three models, each a part of it. */
static const struct field strategy_fields[] = {
    /* In events only (strategy_event_model): */
    FIELD(strategy, goal_version, "goalVersion", .flags = FIELD_READ_ONLY,
          .doc = "of the goal after the change"),
    FIELD(strategy, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(strategy, goal_id, "goalId", .flags = FIELD_READ_ONLY | FIELD_PRESENT,
          .doc = "the goal it belongs to"),
    FIELD(strategy, title, "title", .flags = FIELD_SHOWN, .max = 200, .aliases = "name",
          .doc = "a short name", .example = "\"Raise prices\""),
    FIELD(strategy, name, "name", .flags = FIELD_READ_ONLY | FIELD_JOINED | FIELD_PRESENT,
          .doc = "the title; without one the first 80 characters of the description",
          .example = "\"Raise prices\""),
    FIELD(strategy, description, "description", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1,
          .max = 5000, .doc = "how the goal is to be reached",
          .example = "\"Raise the price for new subscriptions to €29 a month\""),
    FIELD(strategy, status, "status", .flags = FIELD_KEPT, .enum_names = &strategy_status_names,
          .doc = "draft unless said otherwise"),
    FIELD(strategy, order_index, "order", .flags = FIELD_KEPT, .min = 1, .max = 1000000,
          .doc = "place within the goal, from 1, without gaps; last unless said otherwise"),
    FIELD(strategy, owner_id, "ownerId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "id of the person who answers for it", .example = "\"zoe.mueller\""),
    FIELD(strategy, owner_name, "ownerName", .flags = FIELD_READ_ONLY | FIELD_JOINED,
          .doc = "the owner's name; null until that person has called"),
    FIELD(strategy, priority, "priority", .flags = FIELD_NUMBERED, .enum_names = &level_names,
          .doc = "how much it matters"),
    FIELD(strategy, due_date, "dueDate", .doc = "when it is to be carried out"),
    FIELD(strategy, tags, "tags", .flags = FIELD_SHOWN, .max = 20, .item_max = 50,
          .doc = "words to find it by", .example = "[\"pricing\"]"),
    FIELD(strategy, ai_generated, "aiGenerated", .doc = "a machine proposed it",
          .example = "false"),
    FIELD(strategy, validation_score, "validationScore", .min = 0, .max = 100,
          .doc = "how well it was judged to serve the goal", .example = "85"),
    FIELD(strategy, validation_feedback, "validationFeedback", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "what was said in judging it"),
    RECORD_FIELDS(strategy),
    COLUMN(strategy, version),
    /* Among the strategies of all goals only (strategy_with_goal_model): */
    FIELD(strategy, goal_title, "goalTitle", .flags = FIELD_READ_ONLY | FIELD_PRESENT,
          .doc = "of its goal", .example = "\"Grow subscription revenue to €4.8 million\""),
    FIELD(strategy, goal_start_date, "startDate", .flags = FIELD_READ_ONLY,
          .doc = "when its goal starts"),
    FIELD(strategy, goal_due_date, "endDate", .flags = FIELD_READ_ONLY,
          .doc = "when its goal is due"),
    FIELD(strategy, progress, "progress", .flags = FIELD_READ_ONLY | FIELD_PRESENT,
          .doc = "percent of its actions, cancelled ones left out, that are completed; 0 without",
          .example = "60"),
    LISTED_FIELDS(strategy),
};
enum {
    STRATEGY_EVENT_PARTS = 1,
    STRATEGY_GOAL_PARTS = 6,
    STRATEGY_FIELDS = sizeof strategy_fields / sizeof *strategy_fields - STRATEGY_EVENT_PARTS -
                      STRATEGY_GOAL_PARTS,
};
const struct model strategy_model = {"Strategy", sizeof(struct strategy),
                                     strategy_fields + STRATEGY_EVENT_PARTS, STRATEGY_FIELDS};
const struct model strategy_event_model = {"StrategyChanged", sizeof(struct strategy),
                                           strategy_fields, STRATEGY_EVENT_PARTS + STRATEGY_FIELDS};
const struct model strategy_with_goal_model = {"StrategyWithGoal", sizeof(struct strategy),
                                               strategy_fields + STRATEGY_EVENT_PARTS,
                                               STRATEGY_FIELDS + STRATEGY_GOAL_PARTS};

enum { STRATEGY_NAME_CHARACTERS = 80 };

struct str strategy_name(const struct strategy *strategy)
{
    struct str name = strategy->description;
    size_t size = 0, characters = 0;

    if (strategy->title.size > 0)
        return strategy->title;
    while (size < name.size && characters < STRATEGY_NAME_CHARACTERS) {
        size++;
        while (size < name.size && ((unsigned char)name.data[size] & 0xC0) == 0x80)
            size++;
        characters++;
    }
    name.size = size;
    return name;
}

static const struct field goal_kpi_fields[] = {
    FIELD(goal_kpi, id, "id", .doc = "of the link"),
    FIELD_AS(goal_kpi, id, "linkId", .flags = FIELD_COMPUTED, .doc = "the same as id"),
    FIELD(goal_kpi, goal_id, "goalId", .flags = FIELD_PRESENT, .doc = "the goal"),
    FIELD(goal_kpi, shared_kpi_id, "sharedKpiId", .flags = FIELD_PRESENT,
          .doc = "the KPI in the catalogue"),
    FIELD_AS(goal_kpi, shared_kpi_id, "kpiId", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as sharedKpiId"),
    FIELD_AS(goal_kpi, shared_kpi_id, "measureId", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as sharedKpiId"),
    FIELD(goal_kpi, name, "name", .flags = FIELD_PRESENT, .doc = "of the KPI",
          .example = "\"Monthly recurring revenue\""),
    FIELD(goal_kpi, description, "description", .doc = "of the KPI"),
    FIELD(goal_kpi, category, "category", .doc = "of the KPI", .example = "\"Finance\""),
    FIELD(goal_kpi, unit, "unit", .doc = "of the values", .example = "\"EUR\""),
    FIELD(goal_kpi, direction, "direction", .flags = FIELD_PRESENT,
          .enum_names = &kpi_direction_names, .doc = "which way is better"),
    FIELD(goal_kpi, threshold, "threshold", .flags = FIELD_PRESENT,
          .doc = "progress in percent from which the link is on track", .example = "60"),
    FIELD_AS(goal_kpi, threshold, "thresholdPct", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as threshold", .example = "60"),
    FIELD(goal_kpi, risk_threshold, "riskThresholdPct", .flags = FIELD_PRESENT,
          .doc = "progress in percent below which the link is at risk; not above the threshold",
          .example = "50"),
    FIELD(goal_kpi, is_primary, "isPrimary", .doc = "the goal's primary KPI; one of its KPIs is",
          .example = "true"),
    FIELD(goal_kpi, order_index, "order", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .doc = "place among the goal's KPIs, from 1, in the order of linking", .example = "1"),
    FIELD(goal_kpi, strategy_id, "strategyId", .doc = "the goal's strategy that it measures"),
    FIELD(goal_kpi, strategy_title, "strategyTitle", .flags = FIELD_JOINED,
          .doc = "the name of that"),
    FIELD(goal_kpi, baseline_value, "baselineValue", .doc = "where progress starts",
          .example = "262000"),
    FIELD(goal_kpi, current_value, "currentValue", .doc = "the newest period's counting value",
          .example = "331000"),
    FIELD(goal_kpi, target_value, "targetValue", .doc = "where progress is complete",
          .example = "400000"),
    FIELD(goal_kpi, progress, "progress", .flags = FIELD_PRESENT | FIELD_COMPUTED,
          .doc = "percent of the way from baseline to target", .example = "50"),
    FIELD(goal_kpi, on_track, "onTrack", .flags = FIELD_COMPUTED,
          .doc = "progress has reached the threshold", .example = "false"),
    FIELD_AS(goal_kpi, created_at, "linkedAt", .flags = FIELD_PRESENT | FIELD_COMPUTED,
             .doc = "the same as createdAt"),
    RECORD_FIELDS(goal_kpi),
    COLUMN(goal_kpi, own_baseline_value),
    COLUMN(goal_kpi, own_target_value),
    COLUMN(goal_kpi, own_risk_threshold),
    COLUMN(goal_kpi, version),
};
const struct model goal_kpi_model = MODEL("GoalKPI", goal_kpi, goal_kpi_fields);

static const struct field goal_fields[] = {
    FIELD(goal, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(goal, title, "title", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1, .max = 200,
          .aliases = "name", .doc = "what is to be reached",
          .example = "\"Grow subscription revenue to €4.8 million\""),
    FIELD(goal, intent, "intent", .flags = FIELD_SHOWN, .max = 2000, .doc = "why it matters",
          .example = "\"Recurring revenue carries us through the winter\""),
    FIELD(goal, description, "description", .flags = FIELD_SHOWN, .max = 5000,
          .doc = "more about it"),
    FIELD(goal, owner_id, "ownerId", .flags = FIELD_REQUIRED | FIELD_OPAQUE, .min = 1, .max = 128,
          .request_name = "owner_id", .doc = "id of the person who answers for it",
          .example = "\"zoe.mueller\""),
    FIELD(goal, owner_name, "ownerName", .flags = FIELD_READ_ONLY | FIELD_JOINED,
          .doc = "the owner's name; null until that person has called"),
    FIELD(goal, horizon, "horizon", .flags = FIELD_KEPT, .enum_names = &sent_horizon_names,
          .aliases = "type",
          .doc =
              "how far away: sets the default due date to 12, 3 or 1 months; changing it "
              "moves no date. Unless said otherwise from the days between start and due: up to "
              "45 month, up to 135 quarter, else or without a dueDate year; custom says so, too"),
    FIELD_AS(goal, horizon, "type", .flags = FIELD_READ_ONLY | FIELD_COMPUTED,
             .enum_names = &horizon_names, .doc = "the same as horizon"),
    FIELD(goal, status, "status", .flags = FIELD_KEPT, .enum_names = &goal_status_names,
          .doc = "draft unless said otherwise; draft, active or paused when created"),
    FIELD(goal, value_tags, "valueTags", .flags = FIELD_SHOWN, .max = 20, .item_max = 50,
          .request_name = "value_tags", .doc = "company values it serves",
          .example = "[\"growth\", \"independence\"]"),
    FIELD(goal, progress, "progress", .flags = FIELD_READ_ONLY | FIELD_COMPUTED,
          .doc = "mean progress of the linked KPIs that have a target; 100 once completed",
          .example = "50"),
    FIELD(goal, metadata, "metadata", .flags = FIELD_OBJECT_ONLY, .max = 16384,
          .doc = "an object of the client's own, up to 16 KiB",
          .example = "{\"board\": \"company\"}"),
    FIELD(goal, start_date, "startDate",
          .doc = "creation unless said otherwise, or dueDate when that is earlier"),
    FIELD(goal, due_date, "dueDate", .aliases = "targetDate endDate",
          .doc = "creation plus the horizon unless said otherwise; not before startDate"),
    FIELD_AS(goal, due_date, "endDate", .flags = FIELD_READ_ONLY | FIELD_COMPUTED,
             .doc = "the same as dueDate"),
    FIELD(goal, completed_at, "completedAt", .flags = FIELD_READ_ONLY,
          .doc = "when it was completed"),
    FIELD(goal, cancelled_at, "cancelledAt", .flags = FIELD_READ_ONLY,
          .doc = "when it was cancelled"),
    FIELD(goal, deleted_at, "deletedAt", .flags = FIELD_READ_ONLY | FIELD_NOTED,
          .doc = "when it was deleted"),
    FIELD(goal, allowed_transitions, "allowedTransitions",
          .flags = FIELD_READ_ONLY | FIELD_COMPUTED, .enum_names = &goal_verb_names,
          .doc = "the verbs that would succeed now", .example = "[\"activate\", \"cancel\"]"),
    RECORD_FIELDS(goal),
    COLUMN(goal, version),
    FIELD(goal, bytes, "bytes", .flags = FIELD_INTERNAL | FIELD_COMPUTED, .doc = "of its row"),
    /* Not in events of goals (goal_event_model), which have as many of these rows less: */
    FIELD(goal, strategies, "strategies", .flags = FIELD_READ_ONLY, .model = &strategy_model,
          .doc = "by order"),
    FIELD(goal, kpis, "kpis", .flags = FIELD_READ_ONLY | FIELD_COMPUTED, .model = &goal_kpi_model,
          .doc = "linked KPIs"),
};
const struct model goal_model = MODEL("Goal", goal, goal_fields);
enum { GOAL_PARTS = 2 };
const struct model goal_event_model = {"GoalChanged", sizeof(struct goal), goal_fields,
                                       sizeof goal_fields / sizeof *goal_fields - GOAL_PARTS};

static const struct field goal_query_fields[] = {
    SORTED_FIELDS(goal_query, goal_sort_fields, goal_sort_aliases, PAGE_DEFAULT, PAGE_MAX),
    CURSOR_FIELDS(goal_query),
    FIELD(goal_query, owner_id, "ownerId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .aliases = "personId", .doc = "goals of this owner"),
    FIELD(goal_query, status, "status", .enum_names = &goal_status_names,
          .doc = "one or more, by commas"),
    FIELD(goal_query, value_tag, "valueTag", .flags = FIELD_SHOWN, .min = 1, .max = 50,
          .doc = "goals with this tag"),
    FIELD(goal_query, horizon, "horizon", .enum_names = &horizon_names, .aliases = "type",
          .doc = "one or more, by commas"),
    FIELD(goal_query, search, "search", .min = 1, .max = 200, .aliases = "searchTerm",
          .doc = "part of title, intent or description, in any case"),
    COLUMN(goal_query, sort_field),
    COLUMN(goal_query, descending),
};
const struct model goal_query_model = MODEL("GoalQuery", goal_query, goal_query_fields);

static const struct field goal_reason_fields[] = {
    FIELD(goal_reason, reason, "reason", .flags = FIELD_SHOWN, .max = 2000,
          .doc = "written to the goal's activity when given",
          .example = "\"The budget is approved\""),
};
const struct model goal_reason_model = MODEL("GoalReason", goal_reason, goal_reason_fields);

static const struct field goal_close_fields[] = {
    FIELD(goal_close, final_status, "finalStatus", .flags = FIELD_PRESENT,
          .enum_names = &final_status_names, .doc = "spelled exactly so",
          .example = "\"completed\""),
    FIELD(goal_close, reason, "reason", .flags = FIELD_SHOWN, .max = 2000, .aliases = "notes",
          .doc = "written to the goal's activity when given",
          .example = "\"Credit line signed, bridge loan repaid\""),
};
const struct model goal_close_model = MODEL("GoalClose", goal_close, goal_close_fields);

const char *const strategy_sort_fields[] = {"order", "createdAt", "updatedAt", NULL};

static const struct field strategy_query_fields[] = {
    SORTED_FIELDS_AFTER(strategy_query, strategy_sort_fields, NULL, PAGE_DEFAULT, PAGE_MAX,
                        "by goal, and by order within it,"),
    CURSOR_FIELDS(strategy_query),
    FIELD(strategy_query, goal_id, "goalId", .doc = "strategies of this goal"),
    FIELD(strategy_query, status, "status", .enum_names = &strategy_status_names,
          .doc = "one or more, by commas"),
    FIELD(strategy_query, owner_id, "ownerId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .doc = "strategies of this owner, and those without one of this owner's goals"),
    FIELD(strategy_query, search, "search", .min = 1, .max = 200,
          .doc = "part of title or description, in any case"),
    FIELD(strategy_query, type, "type", .doc = "taken from clients that send it; all are listed"),
    COLUMN(strategy_query, sort_field),
    COLUMN(strategy_query, descending),
};
const struct model strategy_query_model =
    MODEL("StrategyQuery", strategy_query, strategy_query_fields);

static const struct field strategy_position_fields[] = {
    FIELD(strategy_position, strategy_id, "strategyId", .flags = FIELD_REQUIRED,
          .doc = "the strategy"),
    FIELD(strategy_position, new_order, "newOrder", .flags = FIELD_REQUIRED, .min = 1,
          .max = 1000000, .doc = "its new place"),
};
static const struct model strategy_position_model =
    MODEL("StrategyPlace", strategy_position, strategy_position_fields);

static const struct field strategy_reorder_fields[] = {
    FIELD(strategy_reorder, strategy_ids, "strategyIds", .max = 1000,
          .doc = "all of the goal's strategies in their new order"),
    FIELD(strategy_reorder, strategy_orders, "strategyOrders", .max = 1000,
          .model = &strategy_position_model,
          .doc = "the same said by places; one of the two is needed"),
};
const struct model strategy_reorder_model =
    MODEL("StrategyReorder", strategy_reorder, strategy_reorder_fields);

static const struct field strategies_reordered_fields[] = {
    FIELD(strategies_reordered, goal_id, "goalId", .doc = "the goal"),
    FIELD(strategies_reordered, strategy_ids, "strategyIds", .doc = "in their new order"),
};
const struct model strategies_reordered_model =
    MODEL("StrategiesReordered", strategies_reordered, strategies_reordered_fields);

static const struct field activity_fields[] = {
    FIELD(activity, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
    FIELD(activity, goal_id, "goalId", .flags = FIELD_READ_ONLY | FIELD_PRESENT, .doc = "the goal"),
    FIELD(activity, type, "type", .flags = FIELD_REQUIRED, .enum_names = &activity_type_names,
          .doc = "attachment needs a url; comment and update are kept in metadata.kind"),
    FIELD(activity, text, "text", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1, .max = 5000,
          .aliases = "content", .doc = "what happened", .example = "\"Pipeline is on plan\""),
    FIELD_AS(activity, text, "content", .flags = FIELD_READ_ONLY | FIELD_COMPUTED | FIELD_PRESENT,
             .doc = "the same as text"),
    FIELD(activity, title, "title", .flags = FIELD_SHOWN, .max = 200, .doc = "a headline"),
    FIELD(activity, url, "url", .min = 1, .max = 2000, WEB_ADDRESS,
          .doc = "an http or https address"),
    FIELD(activity, metadata, "metadata", .flags = FIELD_OBJECT_ONLY, .max = 16384,
          .doc = "an object of the client's own, up to 16 KiB"),
    FIELD(activity, user_id, "userId", .flags = FIELD_READ_ONLY, .doc = "who wrote it"),
    FIELD(activity, user_name, "userName", .flags = FIELD_READ_ONLY | FIELD_JOINED,
          .doc = "that person's name"),
    COLUMN(activity, attachments),
    LISTED_FIELDS(activity),
    RECORD_FIELDS(activity),
};
const struct model activity_model = MODEL("Activity", activity, activity_fields);

static const struct field activity_query_fields[] = {
    PAGE_FIELDS(activity_query, PAGE_DEFAULT, PAGE_MAX),
    CURSOR_FIELDS(activity_query),
    FIELD(activity_query, type, "type", .enum_names = &activity_type_names, .aliases = "types",
          .doc = "one or more, by commas"),
    COLUMN(activity_query, goal_id),
    ROW_LIMITS_COLUMNS(activity_query),
};
const struct model activity_query_model =
    MODEL("ActivityQuery", activity_query, activity_query_fields);

static const struct field note_attachment_fields[] = {
    FIELD(note_attachment, name, "name", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1,
          .max = 200, .doc = "shown to people", .example = "\"Plan.pdf\""),
    FIELD(note_attachment, url, "url", .flags = FIELD_REQUIRED, .min = 1, .max = 2000, WEB_ADDRESS,
          .doc = "an http or https address", .example = "\"https://files.example.com/plan.pdf\""),
};
const struct model note_attachment_model =
    MODEL("NoteAttachment", note_attachment, note_attachment_fields);

static const struct field note_fields[] = {
    FIELD(note, note, "note", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1, .max = 5000,
          .aliases = "content", .doc = "the text", .example = "\"Talked to the bank\""),
    FIELD(note, category, "category", .flags = FIELD_SHOWN, .max = 100,
          .doc = "kept in the entry's metadata.category"),
    FIELD(note, attachments, "attachments", .max = 20, .model = &note_attachment_model,
          .doc = "kept in the entry's metadata.attachments"),
};
const struct model note_model = MODEL("Note", note, note_fields);

static const struct field goal_refs_fields[] = {
    FIELD(goal_refs, goal_ids, "goalIds", .max = GOAL_REFS_MAX, .doc = "goals"),
    FIELD(goal_refs, strategy_ids, "strategyIds", .max = GOAL_REFS_MAX, .doc = "strategies"),
    FIELD(goal_refs, described_id, "describedId", .flags = FIELD_NULL_OMITTED,
          .doc = "the goal whose intent is asked for, too"),
    ROW_LIMITS_COLUMNS(goal_refs),
};
const struct model goal_refs_model = MODEL("GoalRefs", goal_refs, goal_refs_fields);

static const struct field goal_find_fields[] = {
    FIELD(goal_find, goal_ids, "goalIds", .max = GOAL_REFS_MAX, .doc = "goals"),
    FIELD(goal_find, strategy_ids, "strategyIds", .max = GOAL_REFS_MAX, .doc = "strategies"),
    FIELD(goal_find, useful_bytes, "usefulBytes", .min = 1, .max = 1 << 30,
          .doc = "of the goals' strategies' texts: with more the answer is of no use"),
};
const struct model goal_find_model = MODEL("GoalFind", goal_find, goal_find_fields);

static const struct field goal_finds_fields[] = {
    FIELD(goal_finds, goals, "goals", .model = &goal_model, .doc = "without their KPIs"),
    FIELD(goal_finds, strategies, "strategies", .model = &strategy_model, .doc = "strategies"),
};
const struct model goal_finds_model = MODEL("GoalFinds", goal_finds, goal_finds_fields);
