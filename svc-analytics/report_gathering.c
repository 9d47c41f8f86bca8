/* The parts in which a report's lists are read, and how they are packed. */
#include "report_gathering.h"

#include "service.h"

enum { PART_US = 10000000 };

struct session *part_begin(struct gathering *g)
{
    arena_reset(g->arena);
    g->session = session_begin(service_database(g->op->process), g->arena, false, &g->context,
                               monotonic_us() + PART_US);
    return g->session;
}

bool part_wait(struct gathering *g)
{
    enum db_fault_kind kind = session_wait(g->session);

    if (kind == DB_OK && !op_cancelled(g->op))
        return true;
    return op_fail(g->op, kind == DB_BUG ? STATUS_INTERNAL_ERROR : STATUS_SERVICE_UNAVAILABLE);
}

void part_end(struct gathering *g)
{
    session_end(&g->session);
}

void document_key(struct gathering *g, const char *name)
{
    pack_key(g->out, name);
    g->keys++;
}

void document_total(struct gathering *g, const char *name, int64_t total)
{
    document_key(g, name);
    pack_int(g->out, total);
}

void document_rows(struct gathering *g, const char *name, const struct model *model,
                   const struct list *rows)
{
    char *row = rows->items;

    document_key(g, name);
    pack_array(g->out, rows->count);
    for (size_t i = 0; i < rows->count; i++, row += model->size)
        model_pack((struct bound){model, row}, g->out);
}

bool report_has(const struct report_scope *scope, enum report_section section)
{
    return (scope->sections & 1u << section) != 0;
}
