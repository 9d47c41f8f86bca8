/* What the chapters share; private to the content. */
#ifndef TRACTION_CONTENT_PARTS_H
#define TRACTION_CONTENT_PARTS_H

#include "arena.h"
#include "format.h"
#include "report.h"
#include "sink.h"

struct content_writer {
    const struct report *report;
    struct arena *arena;
    struct format *f; /* of that arena, in the report's language */
    struct sink *sink;
    const struct report_goal **goals; /* in the order of goals.c */
};

/* The chapters, each in a file of that name or with its nearest kin. */
void content_summary(const struct content_writer *t);
void content_goals(const struct content_writer *t);
void content_strategies(const struct content_writer *t); /* goals.c */
void content_kpis(const struct content_writer *t);
void content_actions(const struct content_writer *t); /* work.c */
void content_issues(const struct content_writer *t);
void content_people(const struct content_writer *t);
void content_activity(const struct content_writer *t);
void content_analytics(const struct content_writer *t); /* performance.c */
void content_trends(const struct content_writer *t);

/* Whether the report has that chapter. */
bool content_has(const struct report *report, enum report_section section);
/* When states hold. */
struct timestamp content_as_of(const struct report *report);
/* Says "State as of ..." below a chapter's title. */
void content_note_state(const struct content_writer *t);
/* Says "First 2,000 of 10,000" when the list was cut. */
void content_note_cut(const struct content_writer *t, const struct list *list, int64_t total);
/* How many there are, shown or not. */
int64_t content_total(const struct list *list, int64_t total);
/* The counts as the bars of a chart: at most ten, what is more as "Other". */
struct bars content_bars(const struct content_writer *t, enum text title,
                         const struct list *counts);
int64_t content_sum(const struct list *counts);
/* The charts, or their figures in words where no charts are wanted. */
void content_charts(const struct content_writer *t, const struct bars *charts, size_t count);
/* Cleaned, "–" when empty. */
struct str content_or_dash(const struct content_writer *t, struct str text, size_t max);
/* Columns of a table whose titles are fixed texts. */
struct column content_column(const struct content_writer *t, enum text title, double share,
                             enum cell_kind kind);
/* A cell with a word of the data, coloured by what it means. */
struct cell content_word(const struct content_writer *t, struct str word);

/* --- goals.c --- */

enum goal_group {
    GROUP_RISK,
    GROUP_ACTIVE,
    GROUP_PAUSED,
    GROUP_COMPLETED,
    GROUP_DRAFT,
    GROUP_CANCELLED,
    GROUPS
};
enum goal_group content_goal_group(const struct report *report, const struct report_goal *goal);
/* The goals by group, in the order in which they are shown. */
const struct report_goal **content_sort_goals(const struct report *report, struct arena *arena);
struct str content_goal_title(const struct content_writer *t, const struct report_goal *goal);
/* "overdue since 3 May 2025; Orders: −14.3% against plan", at most so many reasons. */
struct str content_goal_reason(const struct content_writer *t, const struct report_goal *goal,
                               int max);

/* --- kpis.c --- */

/* +1 for the better, -1 for the worse, 0 where nothing changed. */
int content_move_sign(const struct report_move *move);
/* In percent of the value before; NaN where that was next to nothing. */
double content_move_percent(const struct report_move *move);
/* "31 → 47 points (+51.6%)" */
struct str content_move_text(const struct content_writer *t, const struct report_move *move);

enum { TITLE_MAX = 300, NAME_LENGTH_MAX = 120, TEXT_MAX = 2000, ENTRY_MAX = 1000 };

#endif
