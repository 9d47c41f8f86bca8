/* The building blocks of a report, independent of the file format: content.c calls these functions
 * in order, and a sink (the PDF, the DOCX) lays the blocks out. No cairo and no XML here. */
#ifndef TRACTION_SINK_H
#define TRACTION_SINK_H

#include <stdbool.h>
#include <stddef.h>

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
    struct str generated; /* "31 January 2025, 14:05 UTC" */
    struct timestamp generated_at;
};

struct figure { /* one number that stands out */
    struct str value, label, note;
    enum tone tone; /* of the note */
};

struct bar {
    struct str label;
    double value;
    struct str text; /* the value as it is written */
    enum tone tone;
};

struct bars {
    const char *title;
    struct bar *items;
    size_t count;
    double full; /* the value of a bar of full length; 0 means the largest */
};

enum cell_kind {
    CELL_TEXT,
    CELL_STRONG,
    CELL_NUMBER, /* to the right */
    CELL_TAG,    /* a word of a few, coloured by what it means */
};

struct column {
    const char *title;
    double share; /* of the table's width; all of a table make 1 */
    enum cell_kind kind;
};
enum { COLUMNS_MAX = 6 };

struct strategy_line {
    struct str text, status;
    enum tone tone;
};

struct goal_block {
    struct str title;
    struct str about; /* owner and dates in one line */
    struct str status;
    enum tone tone;
    double progress;          /* 0 to 100; NaN when unknown */
    struct str progress_text; /* "62%" */
    const struct strategy_line *strategies;
    size_t strategy_count;
};

/* The readings of one KPI as a line; the lines of target and threshold are NaN when there are none.
 */
struct trend_line {
    const struct report_reading *readings; /* oldest first */
    size_t count;
    double target, threshold, baseline; /* in the KPI's own unit */
    const struct report_expected *plan; /* oldest first */
    size_t plan_count;
};

struct kpi_block {
    struct str name;
    struct str about;         /* unit and direction */
    struct str goals;         /* the goals it is linked to; absent when none */
    struct figure figures[3]; /* latest, target, baseline */
    struct trend_line trend;
    struct str note;          /* "Latest 12 of 40 readings"; absent without readings */
    struct figure latest[12]; /* month and value, oldest first */
    size_t latest_count;
};

struct sink;

struct sink_ops {
    void (*cover)(struct sink *sink, const struct cover *cover);
    void (*contents)(struct sink *sink);
    /* A chapter. A large one begins a page. */
    void (*section)(struct sink *sink, const char *title, bool large);
    void (*heading)(struct sink *sink, struct str title);
    void (*text)(struct sink *sink, enum role role, struct str text);
    void (*figures)(struct sink *sink, const struct figure *figures, size_t count);
    /* One chart, or two side by side. */
    void (*charts)(struct sink *sink, const struct bars *charts, size_t count);
    void (*goal)(struct sink *sink, const struct goal_block *goal);
    void (*kpi)(struct sink *sink, const struct kpi_block *kpi);
    /* Between table and table_end only rows, of as many cells as columns. */
    void (*table)(struct sink *sink, const struct column *columns, size_t count);
    void (*row)(struct sink *sink, const struct str *cells);
    void (*table_end)(struct sink *sink);
};

/* The first member of every sink. */
struct sink {
    const struct sink_ops *ops;
};

#endif
