#include "tenant_lines.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "map.h"
#include "memory.h"

enum { TENANTS_EXPECTED = 256 };

struct tenant_line {
    struct map_item entry; /* first */
    size_t going;
    struct line_place *first, *last; /* who waits */
    bool starting;
    char key[];
};

struct tenant_lines {
    struct map tenants;
    size_t most, waiting;
};

struct tenant_lines *tenant_lines_new(size_t most)
{
    struct tenant_lines *lines = xcalloc(1, sizeof *lines);

    map_init(&lines->tenants, TENANTS_EXPECTED);
    lines->most = most;
    return lines;
}

void tenant_lines_destroy(struct tenant_lines **owner)
{
    struct tenant_lines *lines = *owner;

    *owner = NULL;
    if (!lines)
        return;
    map_free(&lines->tenants);
    free(lines);
}

static struct tenant_line *add(struct tenant_lines *lines, struct str tenant)
{
    struct tenant_line *line = xcalloc(1, sizeof *line + tenant.size);

    if (tenant.size > 0)
        memcpy(line->key, tenant.data, tenant.size);
    line->entry.key = (struct str){line->key, tenant.size};
    map_add(&lines->tenants, &line->entry);
    return line;
}

bool line_enter(struct tenant_lines *lines, struct str tenant, struct line_place *place)
{
    struct str key = tenant.data ? tenant : STR("");
    struct tenant_line *line = (struct tenant_line *)(void *)map_find(&lines->tenants, key);

    if (!line)
        line = add(lines, key);
    place->line = line;
    place->next = NULL;
    if (line->going < lines->most) {
        line->going++;
        return true;
    }
    *(line->last ? &line->last->next : &line->first) = place;
    line->last = place;
    lines->waiting++;
    return false;
}

/* Who is run may be back at once, and leaves while the loop goes on. */
static void start_waiting(struct tenant_lines *lines, struct tenant_line *line)
{
    if (line->starting)
        return;
    line->starting = true;
    while (line->first && line->going < lines->most) {
        struct line_place *next = line->first;
        line->first = next->next;
        if (!line->first)
            line->last = NULL;
        lines->waiting--;
        line->going++;
        next->run(next->argument);
    }
    line->starting = false;
}

void line_leave(struct tenant_lines *lines, struct line_place *place)
{
    struct tenant_line *line = place->line;

    if (!line)
        return;
    assert(line->going > 0);
    place->line = NULL;
    line->going--;
    start_waiting(lines, line);
    if (line->going > 0 || line->starting)
        return;
    map_remove(&lines->tenants, &line->entry);
    free(line);
}

size_t lines_waiting(const struct tenant_lines *lines)
{
    return lines->waiting;
}
