/* Where statements and fragments begin and end, and how parameters are numbered. It must not look
 * ahead in the text. */
#include <stdarg.h>
#include <stdio.h>

#include "bytes.h"
#include "mark.h"
#include "scanner.h"

bool scanner_fail(struct scanner *s, size_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->error->message, sizeof s->error->message, format, arguments);
    va_end(arguments);
    s->error->line = line;
    return false;
}

char scanner_peek(const struct scanner *s, size_t ahead)
{
    return ahead < s->size - s->at ? s->text[s->at + ahead] : '\0';
}

void scanner_emit(struct scanner *s, const char *data, size_t size)
{
    if (s->out_size + size + 1 > s->out_capacity) {
        s->out_capacity = 2 * (s->out_size + size) + 256;
        s->out = grow(s->out, s->out_capacity);
    }
    memcpy(s->out + s->out_size, data, size);
    s->out_size += size;
    s->out[s->out_size] = '\0';
}

void scanner_advance(struct scanner *s, size_t count, bool keep)
{
    if (keep && s->current)
        scanner_emit(s, s->text + s->at, count);
    for (size_t i = 0; i < count; i++)
        s->line += s->text[s->at + i] == '\n';
    s->at += count;
}

/* --- Statements --- */

bool scanner_has_sql(const struct scanner *s)
{
    for (size_t i = 0; i < s->out_size; i++) {
        if (!is_space(s->out[i]))
            return true;
    }
    return false;
}

void statement_free(struct scan_statement *statement)
{
    mark_free(&statement->fills);
    mark_free(&statement->writes);
    mark_free(&statement->sorts);
    for (size_t i = 0; i < statement->parameter_count; i++)
        free(statement->parameters[i]);
    free(statement->parameters);
    free(statement->name);
    free(statement->text);
    *statement = (struct scan_statement){.name = NULL};
}

/* The draft's text as it stands in the file becomes a fragment. */
static void fragment_end(struct scanner *s)
{
    struct scan *scan = s->scan;
    size_t end = s->ended ? s->ended_at : s->at;
    scan->fragments = grow(scan->fragments, (scan->fragment_count + 1) * sizeof *scan->fragments);
    scan->fragments[scan->fragment_count++] =
        (struct scan_fragment){.name = copy(s->draft.name, strlen(s->draft.name)),
                               .line = s->draft.line,
                               .text = copy(s->text + s->draft_at, end - s->draft_at),
                               .size = end - s->draft_at,
                               .first_line = s->draft_line};
    statement_free(&s->draft);
    s->out_size = 0;
    s->current = NULL;
}

bool statement_end(struct scanner *s)
{
    struct scan_statement *statement = s->current;
    if (!statement)
        return true;
    if (!scanner_has_sql(s))
        return scanner_fail(s, statement->line, "%s has no SQL", statement->name);
    if (statement == &s->draft) {
        fragment_end(s);
        return true;
    }
    size_t from = 0, to = s->out_size;
    while (is_space(s->out[from]))
        from++;
    while (is_space(s->out[to - 1]))
        to--;
    statement->text = copy(s->out + from, to - from);
    s->out_size = 0;
    s->current = NULL;
    return true;
}

/* Statements and fragments have names of one kind, and none twice. */
static bool name_ok(struct scanner *s, const char *name, size_t size)
{
    const struct scan *scan = s->scan;
    if (size == 0 || size > SCAN_NAME_MAX || !is_capitals(name, size))
        return scanner_fail(s, s->line, "a name is capitals, digits and '_', at most %d",
                            SCAN_NAME_MAX);
    for (size_t i = 0; i < scan->count; i++) {
        if (is_named(scan->items[i].name, name, size))
            return scanner_fail(s, s->line, "%s was named before, in line %zu", scan->items[i].name,
                                scan->items[i].line);
    }
    for (size_t i = 0; i < scan->fragment_count; i++) {
        if (is_named(scan->fragments[i].name, name, size))
            return scanner_fail(s, s->line, "%s was named before, in line %zu",
                                scan->fragments[i].name, scan->fragments[i].line);
    }
    return true;
}

bool statement_begin(struct scanner *s, const char *name, size_t size)
{
    struct scan *scan = s->scan;
    if (!statement_end(s) || !name_ok(s, name, size))
        return false;
    scan->items = grow(scan->items, (scan->count + 1) * sizeof *scan->items);
    s->current = &scan->items[scan->count++];
    *s->current = (struct scan_statement){
        .name = copy(name, size), .line = s->line, .global = s->global_marked};
    s->global_marked = false;
    s->ended = false;
    return true;
}

size_t parameter_number(struct scanner *s, const char *name, size_t size)
{
    struct scan_statement *statement = s->current;
    for (size_t i = 0; i < statement->parameter_count; i++) {
        const char *known = statement->parameters[i];
        if (strlen(known) == size && !memcmp(known, name, size))
            return i + 1;
    }
    if (size > SCAN_NAME_MAX || statement->parameter_count == SCAN_PARAMETERS_MAX) {
        scanner_fail(s, s->line, "a parameter's name is too long, or there are too many");
        return 0;
    }
    statement->parameters =
        grow(statement->parameters, (statement->parameter_count + 1) * sizeof(char *));
    statement->parameters[statement->parameter_count++] = copy(name, size);
    return statement->parameter_count;
}

/* --- Fragments --- */

bool fragment_begin(struct scanner *s, const char *name, size_t size, size_t line_size)
{
    if (!statement_end(s) || !name_ok(s, name, size))
        return false;
    if (s->global_marked)
        return scanner_fail(s, s->marked_line, "'-- global' belongs to no statement");
    s->draft = (struct scan_statement){.name = copy(name, size), .line = s->line};
    s->draft_at = s->at + line_size;
    s->draft_line = s->line;
    s->current = &s->draft;
    s->ended = false;
    return true;
}
