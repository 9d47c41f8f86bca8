/* The building blocks of a report, independent of the file format: content.c calls these functions
 * in order, and a sink (the PDF, the DOCX) lays the blocks out. No cairo and no XML here. Texts are
 * in the report's language already. */
#ifndef TRACTION_SINK_H
#define TRACTION_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "locale.h"
#include "report.h"
#include "str.h"

/* The meaning of a label or bar; sinks have one colour for each tone. */
enum tone { TONE_PLAIN, TONE_QUIET, TONE_GOOD, TONE_NOTICE, TONE_BAD };

enum role {
    ROLE_LEAD, /* the sentences that a hurried reader reads */
    ROLE_BODY,
    ROLE_NOTE, /* small print: what was cut, what is missing */
};

struct cover {
    struct str organisation;
    struct str period;    /* "1 January 2025 to 31 January 2025" */
    struct str as_of;     /* "31 January 2025, 14:05 UTC" */
    struct str generated; /* absent: at that moment */
    struct timestamp generated_at;
    struct str logo; /* path of a PNG; absent: none */
};

struct figure { /* one number that stands out */
    struct str value, label, note;
    enum tone tone; /* of the note */
};
enum { FIGURES_MAX = 6 }; /* in a row */

struct bar {
    struct str label;
    double value;
    struct str text; /* the value as it is written */
    enum tone tone;
};

struct bars {
    struct str title;
    struct bar *items;
    size_t count;
    double full;  /* the value of a bar of full length; 0 means the largest */
    bool stacked; /* parts of one bar */
};

enum cell_kind {
    CELL_TEXT,
    CELL_STRONG,
    CELL_NUMBER, /* at the end of its column */
    CELL_TAG,    /* a word of a few */
};

struct column {
    struct str title;
    double share; /* of the table's width; all of a table make 1 */
    enum cell_kind kind;
};
enum { COLUMNS_MAX = 7 };

struct cell {
    struct str text;
    enum tone tone;
};

struct strategy_line {
    struct str text, status;
    enum tone tone;
};

struct goal_kpi_line {
    struct str name, values, status;
    enum tone tone;
};

struct goal_block {
    struct str title;
    struct str about;  /* owner and dates in one line */
    struct str reason; /* why it is at risk; absent: it is not */
    struct str status;
    enum tone tone;
    double progress;          /* 0 to 100; NaN when unknown */
    bool with_bar;            /* whether progress is drawn */
    struct str progress_text; /* "62%" */
    const struct strategy_line *strategies;
    size_t strategy_count;
    const struct goal_kpi_line *kpis;
    size_t kpi_count;
};

enum axis { AXIS_MONTHS, AXIS_DAYS };

/* Values over time as a line; target and threshold are NaN when there are none. */
struct trend_line {
    enum axis axis;                        /* what .period.number counts: months, or days */
    const struct report_reading *readings; /* oldest first */
    size_t count;
    double target, threshold;           /* in the values' unit */
    const struct report_expected *plan; /* oldest first */
    size_t plan_count;
    int32_t from, to; /* of the period, which is shaded; from > to: nothing is */
};

struct kpi_block {
    struct str name;
    struct str about;  /* unit and direction */
    struct str status; /* "Behind, −14.3%"; absent: there is none */
    enum tone tone;
    struct str goals;         /* the goals it is linked to; absent when none */
    struct figure figures[4]; /* latest, expected, target, baseline */
    bool with_chart;
    struct trend_line trend;
    struct str chart_says;    /* to those who cannot see it */
    struct str note;          /* "Latest 12 of 40 readings"; absent without */
    struct figure latest[12]; /* readings of the period, month and value, oldest first */
    size_t latest_count;
};

struct change_list { /* what changed to the better, or to the worse */
    struct str title;
    struct str none; /* said when there is nothing */
    struct change {
        struct str text, value;
    } items[6];
    size_t count;
    enum tone tone; /* of the values */
};

struct sink;

struct sink_ops {
    /* With the table of contents. */
    void (*cover)(struct sink *sink, const struct cover *cover);
    /* A chapter. A large one begins a page. */
    void (*section)(struct sink *sink, enum report_section section, struct str title, bool large);
    /* A part of a chapter, also in the table of contents. */
    void (*heading)(struct sink *sink, struct str title);
    /* A small heading; `more` is the chapter with the whole list, which it leads to; 0: none. */
    void (*label)(struct sink *sink, struct str title, enum report_section more);
    void (*text)(struct sink *sink, enum role role, struct str text);
    /* At most FIGURES_MAX, in one row. */
    void (*figures)(struct sink *sink, const struct figure *figures, size_t count);
    /* One chart, or two side by side. */
    void (*charts)(struct sink *sink, const struct bars *charts, size_t count);
    void (*line)(struct sink *sink, const struct trend_line *line, struct str says);
    void (*changes)(struct sink *sink, const struct change_list lists[2]);
    void (*goal)(struct sink *sink, const struct goal_block *goal);
    void (*kpi)(struct sink *sink, const struct kpi_block *kpi);
    /* Between table and table_end only rows, of as many cells as columns; `compact`: one line each.
     */
    void (*table)(struct sink *sink, const struct column *columns, size_t count, bool compact);
    void (*row)(struct sink *sink, const struct cell *cells);
    void (*table_end)(struct sink *sink);
};

/* The first member of every sink. */
struct sink {
    const struct sink_ops *ops;
    size_t summary_rows; /* of each list of the executive summary, so that it fits a page */
};

enum { SUMMARY_ROWS_MAX = 5 };

#endif
