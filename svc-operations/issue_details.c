/* What is told of an issue by verbs of its own: the analysis of its cause, and its tags. */
#include <math.h>

#include "issue_change.h"
#include "operations_handlers.h"

/* --- root-cause --- */

static void check_texts(struct op *op, const struct value *analysis, const char *part)
{
    const struct value *texts = value_get(analysis, part);
    struct str field = arena_printf(op->arena, "analysis.%s", part);
    bool all = texts->type == VALUE_ARRAY || texts->type == VALUE_ABSENT;

    for (uint32_t i = 0; texts->type == VALUE_ARRAY && i < texts->count; i++)
        all = all && texts->items[i].type == VALUE_TEXT;
    if (!all)
        op_invalid(op, field.data, "must be an array of texts");
}

static bool analyse(struct op *op, const struct issue *before, struct issue *issue,
                    const struct issue_move *move)
{
    static const char *const parts[] = {"strengths", "weaknesses", "opportunities", "threats"};
    struct value analysis;

    if (!uuid_is_none(move->issue_id) && !uuid_equal(move->issue_id, before->id))
        op_invalid(op, "issueId", "is not the issue of the path");
    if (move->method == ANALYSIS_SWOT && unpack(op->arena, move->analysis.bytes, &analysis))
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            check_texts(op, &analysis, parts[i]);
    struct buffer out = buffer_in(op->arena, move->analysis.bytes.size + 64);
    pack_map(&out, 2);
    pack_key(&out, "method");
    pack_text(&out, enum_name(&analysis_method_names, move->method));
    pack_key(&out, "findings");
    pack_raw(&out, move->analysis.bytes);
    issue->root_cause_analysis = (struct packed){buffer_str(&out)};
    return op_valid(op);
}

/* POST /api/operations/issues/{issueId}/root-cause */
void root_cause_add(struct op *op)
{
    struct issue_move body = {.actual_hours = NAN};

    if (op_body(op, (struct bound){&issue_root_cause_model, &body}))
        issue_change(op, &(struct issue_change){.propose = analyse, .move = &body});
}

/* --- tags --- */

static bool has(const struct texts *tags, struct str tag)
{
    for (size_t i = 0; i < tags->count; i++)
        if (str_equal(tags->items[i], tag))
            return true;
    return false;
}

static bool add_tags(struct op *op, const struct issue *before, struct issue *issue,
                     const struct issue_move *move)
{
    struct texts all = {
        arena_array(op->arena, before->tags.count + move->tags.count, sizeof *all.items),
        before->tags.count};

    for (size_t i = 0; i < before->tags.count; i++)
        all.items[i] = before->tags.items[i];
    for (size_t i = 0; i < move->tags.count; i++)
        if (!has(&all, move->tags.items[i]))
            all.items[all.count++] = move->tags.items[i];
    if (all.count > before->tags.count && all.count > TAGS_AT_ONCE_MAX)
        op_invalid(op, "tags", "would be %zu with those that the issue has; %d are allowed",
                   all.count, (int)TAGS_AT_ONCE_MAX);
    issue->tags = all;
    return op_valid(op);
}

static bool remove_tags(struct op *op, const struct issue *before, struct issue *issue,
                        const struct issue_move *move)
{
    struct texts rest = {arena_array(op->arena, before->tags.count, sizeof *rest.items), 0};

    for (size_t i = 0; i < before->tags.count; i++)
        if (!has(&move->tags, before->tags.items[i]))
            rest.items[rest.count++] = before->tags.items[i];
    issue->tags = rest;
    return !op_failed(op);
}

static bool tags_are_the_same(const struct issue *before, const struct issue *issue)
{
    return before->tags.count == issue->tags.count;
}

static void change_tags(struct op *op, struct issue_move *body,
                        bool (*propose)(struct op *op, const struct issue *before,
                                        struct issue *issue, const struct issue_move *move))
{
    if (body->tags.count == 0) {
        op_invalid(op, "tags", "must name at least one");
        op_valid(op);
        return;
    }
    issue_change(
        op, &(struct issue_change){.propose = propose, .move = body, .keeps = tags_are_the_same});
}

/* PUT /api/operations/issues/{issueId}/tags: adds those that it has not. */
void issue_tags_add(struct op *op)
{
    struct issue_move body = {.actual_hours = NAN};

    if (op_body(op, (struct bound){&issue_tags_model, &body}))
        change_tags(op, &body, add_tags);
}

/* DELETE /api/operations/issues/{issueId}/tags: those of the body, or of the query for clients that
 * cannot send one. */
void issue_tags_remove(struct op *op)
{
    struct issue_move body = {.actual_hours = NAN};
    struct tags_query query;

    if (!op_query(op, AS(tags_query, &query)) ||
        !op_body(op, (struct bound){&issue_tags_model, &body}))
        return;
    if (body.tags.count == 0)
        body.tags = query.tags;
    change_tags(op, &body, remove_tags);
}
