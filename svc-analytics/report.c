/* The company report: from the request to the file. */
#include "analytics_handlers.h"
#include "report_gathering.h"
#include "report_parts.h"

enum { DAYS_DEFAULT = 30, SPARE_MS = 1000 }; /* left for the answer's way back */

/* Days, both inclusive; from the beginning of the day. */
static void read_period(struct op *op, struct report_query *query)
{
    struct timestamp today = timestamp_start_of_day(op->now);

    query->to = timestamp_is_none(query->to) ? today : timestamp_start_of_day(query->to);
    query->from = timestamp_is_none(query->from) ? timestamp_add_days(query->to, 1 - DAYS_DEFAULT)
                                                 : timestamp_start_of_day(query->from);
    if (query->from.us > query->to.us)
        op_invalid(op, "from", "must not be after the last day");
}

static unsigned chosen_sections(const struct report_query *query)
{
    unsigned sections = 0;

    for (size_t i = 0; i < query->sections.count; i++)
        sections |= 1u << enum_value(&report_section_names, query->sections.items[i]);
    for (unsigned section = 1; query->sections.count == 0 && section < report_section_names.count;
         section++)
        sections |= section == SECTION_ACTIVITY ? 0 : 1u << section;
    return sections;
}

static bool read_query(struct op *op, struct report_query *query, struct report_scope *scope)
{
    if (!op_query(op, AS(report_query, query)))
        return false;
    if (!query->format)
        query->format = REPORT_PDF;
    if (!query->lang)
        query->lang = REPORT_EN;
    if (!query->paper)
        query->paper = REPORT_A4;
    read_period(op, query);
    struct timestamp last = timestamp_range_end(query->to);
    bool past = last.us < op->now.us;
    *scope = (struct report_scope){
        .query = query,
        .sections = chosen_sections(query),
        .past = past,
        .as_of = past ? last : op->now,
        .page = {.from = query->from,
                 .until = timestamp_add_days(query->to, 1),
                 .from_month = {month_of(query->from)},
                 .to_month = {month_of(query->to)}},
    };
    return op_valid(op);
}

static struct str make(struct op *op, const struct report_scope *scope, int64_t deadline_us)
{
    struct figures figures;

    if (!figures_load(op, &figures))
        return STR_NONE;
    struct str document = report_document(op, scope, &figures);
    return op_failed(op) ? STR_NONE : report_write(op, scope->query->format, document, deadline_us);
}

static struct str file_name(struct op *op, enum report_format format)
{
    char day[TIMESTAMP_TEXT_SIZE];

    timestamp_format(op->now, day);
    return arena_printf(op->arena, "company-report-%.4s%.2s%.2s.%s", day, day + 5, day + 8,
                        format == REPORT_DOCX ? "docx" : "pdf");
}

static struct str file_type(enum report_format format)
{
    return format == REPORT_DOCX
               ? STR("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
               : STR("application/pdf");
}

static void reply_file(struct op *op, const struct report_query *query, struct str file)
{
    op_reply_file(op, file_name(op, query->format), file_type(query->format), file);
}

/* GET /reports/company; of a HEAD everything but the report. */
void report_generate(struct op *op)
{
    int64_t deadline_us = monotonic_us() + (op->request->remaining_ms - SPARE_MS) * 1000;
    struct uuid id = uuid_v7();
    struct report_query query;
    struct report_scope scope;
    struct report_slot slot;

    if (!read_query(op, &query, &scope))
        return;
    if (op->request->head_only) {
        if (report_may_begin(op))
            reply_file(op, &query, STR(""));
        return;
    }
    op_watch_caller(op);
    if (!report_begin(op, id))
        return;
    int64_t began_us = monotonic_us();
    struct str file = STR_NONE;
    if (report_slot_take(op, &slot, deadline_us)) {
        file = make(op, &scope, deadline_us);
        report_slot_release(&slot);
    }
    if (!file.data)
        report_not_made(op, id);
    else if (report_made(op, id))
        reply_file(op, &query, file);
    report_count(op, query.format, monotonic_us() - began_us);
}
