/* Assembling a report's document: the lists are read in parts, each into memory that the next part
 * reuses, and packed at once. Between two parts other requests run, and a large tenant's document
 * takes little more memory than its packed bytes. */
#ifndef TRACTION_REPORT_GATHERING_H
#define TRACTION_REPORT_GATHERING_H

#include "command_figures.h"
#include "db.h"
#include "figures.h"
#include "op.h"
#include "report_rows.h"

struct report_state; /* report.h */

/* What a report is about. */
struct report_scope {
    const struct report_query *query;
    unsigned sections;       /* 1 << enum report_section of each */
    bool past;               /* the period is over */
    struct timestamp as_of;  /* when states hold: the period's end or, earlier, now */
    struct report_page page; /* the period as the statements have it */
};

struct gathering {
    struct op *op;
    const struct report_scope *scope;
    struct arena *arena; /* of the part at hand */
    struct session *session;
    struct session_context context;
    struct buffer *out;
    size_t keys; /* of the document's map */
    /* Of the whole tenant, in the op's arena: what progress and risk follow from. */
    struct command_rows rows;
    struct command_judged judged;
    struct list judged_goals; /* struct judged_goal, by id */
    struct list judged_kpis;  /* struct judged_kpi, by id */
    struct list names;        /* struct kpi_name_row, by id */
};

/* The worst link of a KPI. */
struct judged_kpi {
    struct uuid id;
    const struct judged_link *link;
    bool off_plan; /* among those that the command center lists */
};

/* A reading session of the part's own, whose rows live until the next part. Its :now is when states
 * hold. */
struct session *part_begin(struct gathering *g);
bool part_wait(struct gathering *g); /* false: the op has failed */
void part_end(struct gathering *g);
/* The next key of the document. */
void document_key(struct gathering *g, const char *name);
void document_total(struct gathering *g, const char *name, int64_t total);
/* A whole list that is there already. */
void document_rows(struct gathering *g, const char *name, const struct model *model,
                   const struct list *rows);
bool report_has(const struct report_scope *scope, enum report_section section);

/* --- report_judge.c: what is at risk, by the command center's rules --- */

bool report_judge(struct gathering *g); /* false: the op has failed */
void report_pack_off_plan(struct gathering *g);

/* --- report_progress.c: goals with their strategies and KPIs, KPIs with their readings --- */

void report_pack_goals(struct gathering *g);
void report_pack_kpis(struct gathering *g);

/* --- report_work.c: actions, issues, people, decisions, changes, scores and the log --- */

void report_pack_actions(struct gathering *g, struct report_state *state);
void report_pack_issues(struct gathering *g, struct report_state *state);
void report_pack_changes(struct gathering *g);
void report_pack_scores(struct gathering *g, const struct figures *figures);
void report_pack_activity(struct gathering *g);

#endif
