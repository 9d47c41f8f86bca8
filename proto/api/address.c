/* The rules of the other addresses. */
#include "address.h"

#include <string.h>

static const char api[] = "/api", operations_prefix[] = "/operations";
static const char kpis_prefix[] = "/kpis";

static const char *const shortened[] = {"/issues", "/actions"};

static const struct twin {
    const char *kpis, *measures;
} twins[] = {
    {"kpis", "measures"},
    {"kpi-links", "measure-links"},
    {"kpi-updates", "measure-updates"},
    {"available-kpis", "available-measures"},
    {"kpi-planning", "measure-planning"},
};

/* What may stand in place of `of`, with which an operation of a plan begins. */
static const struct planned {
    unsigned form;
    const char *of, *begin;
} planned[] = {
    {ADDRESS_SHARED, "/kpis/{id}", "/shared-kpis/{id}"},
    {ADDRESS_PLANNING, "/kpis/{id}", "/kpi-planning/kpis/{id}"},
    {ADDRESS_LINK, "/kpis/{id}", "/kpi-links/{linkId}"},
    {ADDRESS_PLANNING, "/goals/{goalId}/kpi-planning", "/kpi-planning/goals/{goalId}/kpi-planning"},
    {ADDRESS_PLANNING, "/measures/{id}", "/measure-planning/measures/{id}"},
    {ADDRESS_LINK, "/measures/{id}", "/kpi-links/{linkId}"},
};
enum { PLANNED = sizeof planned / sizeof *planned };

static struct str behind(struct str text, size_t size)
{
    return (struct str){text.data + size, text.size - size};
}

/* Whether whole segments, or one and a verb, begin with the prefix. */
static bool begins(struct str path, const char *prefix)
{
    size_t size = strlen(prefix);

    return str_starts_with(path, str_of(prefix)) &&
           (path.size == size || path.data[size] == '/' || path.data[size] == ':');
}

struct str address_bare(struct str path)
{
    return begins(path, api) ? behind(path, sizeof api - 1) : path;
}

struct str address_short(struct str bare)
{
    if (!begins(bare, operations_prefix))
        return STR_NONE;
    struct str rest = behind(bare, sizeof operations_prefix - 1);
    for (size_t i = 0; i < sizeof shortened / sizeof *shortened; i++)
        if (begins(rest, shortened[i]))
            return rest;
    return STR_NONE;
}

struct str address_twin(struct arena *arena, struct str segment)
{
    struct str verb = segment, word = str_cut(&verb, ':');

    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        if (!str_equal(word, str_of(twins[i].kpis)))
            continue;
        return verb.data ? arena_printf(arena, "%s:" STR_FMT, twins[i].measures, STR_ARG(verb))
                         : str_of(twins[i].measures);
    }
    return STR_NONE;
}

static struct str with_measures(struct arena *arena, struct str bare)
{
    struct buffer out = buffer_in(arena, bare.size + 32);
    struct str rest = bare;

    str_cut(&rest, '/');
    while (rest.data) {
        struct str segment = str_cut(&rest, '/'), twin = address_twin(arena, segment);
        if (twin.data)
            segment = twin;
        buffer_append(&out, "/", 1);
        buffer_append(&out, segment.data, segment.size);
    }
    return buffer_str(&out);
}

/* Whether an operation has the path for its own: it answers there in other words. */
static bool is_own(enum http_method method, struct str path)
{
    for (size_t i = 0; i < operation_count; i++)
        if (operations[i].path && operations[i].method == method &&
            str_equal(path, str_of(operations[i].path)))
            return true;
    return false;
}

/* Whether another operation answers in other words where this one's path says measures. That has
 * the addresses of links, too. */
static bool has_own_twin(struct arena *arena, const struct operation *operation)
{
    struct str path = str_of(operation->path), twin = with_measures(arena, path);

    return !str_equal(path, twin) && is_own(operation->method, twin);
}

bool address_beside_own(struct arena *arena, const struct operation *operation)
{
    struct str path = str_of(operation->path), twin = with_measures(arena, path);
    bool beside = false;

    for (int method = METHOD_NONE + 1; method < METHOD_COUNT; method++)
        beside |= method != (int)operation->method && is_own((enum http_method)method, twin);
    return beside && !str_equal(path, twin) && !is_own(operation->method, twin);
}

struct str address_planned(struct arena *arena, const struct operation *operation, unsigned form)
{
    struct str path = str_of(operation->path);

    if (!(operation->flags & OPERATION_PLANS) ||
        (form == ADDRESS_LINK && has_own_twin(arena, operation)))
        return STR_NONE;
    for (size_t i = 0; i < PLANNED; i++)
        if (planned[i].form == form && begins(path, planned[i].of))
            return arena_printf(arena, "%s" STR_FMT, planned[i].begin,
                                STR_ARG(behind(path, strlen(planned[i].of))));
    return STR_NONE;
}

struct str address_spell(struct arena *arena, struct str path, unsigned form)
{
    struct str bare = address_bare(path);

    if (form & ADDRESS_SHORT) {
        struct str without = address_short(bare);
        bare = without.data ? without : bare;
    }
    if ((form & ADDRESS_SHARED) && begins(bare, kpis_prefix)) {
        struct str rest = behind(bare, sizeof kpis_prefix - 1);
        bare = arena_printf(arena, "/shared-kpis" STR_FMT, STR_ARG(rest));
    }
    if (form & ADDRESS_PLANNING)
        bare = arena_printf(arena, "/kpi-planning" STR_FMT, STR_ARG(bare));
    if (form & ADDRESS_MEASURES)
        bare = with_measures(arena, bare);
    return form & ADDRESS_API ? arena_printf(arena, "%s" STR_FMT, api, STR_ARG(bare)) : bare;
}

/* Adds the path in that form, unless it is there already. */
static size_t add_other(struct arena *arena, const struct operation *operation, struct str path,
                        unsigned form, struct str others[ADDRESSES_MAX], size_t count)
{
    struct str other = address_spell(arena, path, form);
    bool known = is_own(operation->method, other) ||
                 ((form & ADDRESS_MEASURES) && has_own_twin(arena, operation));

    for (size_t i = 0; i < count; i++)
        known |= str_equal(other, others[i]);
    if (!known)
        others[count++] = other;
    return count;
}

size_t address_others(struct arena *arena, const struct operation *operation,
                      struct str others[ADDRESSES_MAX])
{
    struct str path = str_of(operation->path);
    size_t count = 0;

    for (unsigned form = 0; form <= (ADDRESS_SHORT | ADDRESS_MEASURES); form += ADDRESS_SHORT)
        count = add_other(arena, operation, path, form, others, count);
    for (unsigned planning = ADDRESS_SHARED; planning <= ADDRESS_LINK; planning *= 2) {
        path = address_planned(arena, operation, planning);
        for (unsigned form = 0; path.data && form <= ADDRESS_MEASURES; form += ADDRESS_MEASURES)
            count = add_other(arena, operation, path, form, others, count);
    }
    return count;
}
