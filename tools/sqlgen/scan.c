/* The scanner of queries.sql. It must not read past `size` or trust any byte: it is fuzzed. */
#include "scan.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "bytes.h"
#include "list.h"
#include "mark.h"

struct scanner {
    const char *text;
    size_t size, at;
    size_t line; /* of text[at], from 1 */
    struct scan *scan;
    struct scan_error *error;
    struct scan_statement *current; /* NULL before the first name */
    char *out;                      /* the current statement's text; has room for what comes */
    size_t out_size, out_capacity;
    bool ended;         /* the current statement's semicolon was seen ... */
    size_t ended_at;    /* ... there */
    bool global_marked; /* above a name that is still to come */
    size_t marked_line;
    enum { WORD_OTHER, WORD_FOR, WORD_DO } word_before; /* the last word but this one */
    struct scan_statement draft; /* `current` while a fragment is read: nobody sees it */
    size_t draft_at, draft_line; /* where the fragment's text begins */
};

static bool fail(struct scanner *s, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct scanner *s, size_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->error->message, sizeof s->error->message, format, arguments);
    va_end(arguments);
    s->error->line = line;
    return false;
}

static char peek(const struct scanner *s, size_t ahead)
{
    return ahead < s->size - s->at ? s->text[s->at + ahead] : '\0';
}

static void emit(struct scanner *s, const char *data, size_t size)
{
    if (s->out_size + size + 1 > s->out_capacity) {
        s->out_capacity = 2 * (s->out_size + size) + 256;
        s->out = grow(s->out, s->out_capacity);
    }
    memcpy(s->out + s->out_size, data, size);
    s->out_size += size;
    s->out[s->out_size] = '\0';
}

/* Moves over `count` bytes, keeping them in the statement when `keep`. */
static void advance(struct scanner *s, size_t count, bool keep)
{
    if (keep && s->current)
        emit(s, s->text + s->at, count);
    for (size_t i = 0; i < count; i++)
        s->line += s->text[s->at + i] == '\n';
    s->at += count;
}

/* --- Statements --- */

static bool has_sql(const struct scanner *s)
{
    for (size_t i = 0; i < s->out_size; i++) {
        if (!is_space(s->out[i]))
            return true;
    }
    return false;
}

static void statement_free(struct scan_statement *statement)
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

static bool statement_end(struct scanner *s)
{
    struct scan_statement *statement = s->current;
    if (!statement)
        return true;
    if (!has_sql(s))
        return fail(s, statement->line, "%s has no SQL", statement->name);
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
        return fail(s, s->line, "a name is capitals, digits and '_', at most %d", SCAN_NAME_MAX);
    for (size_t i = 0; i < scan->count; i++) {
        if (is_named(scan->items[i].name, name, size))
            return fail(s, s->line, "%s was named before, in line %zu", scan->items[i].name,
                        scan->items[i].line);
    }
    for (size_t i = 0; i < scan->fragment_count; i++) {
        if (is_named(scan->fragments[i].name, name, size))
            return fail(s, s->line, "%s was named before, in line %zu", scan->fragments[i].name,
                        scan->fragments[i].line);
    }
    return true;
}

static bool statement_begin(struct scanner *s, const char *name, size_t size)
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

/* The $n of a parameter: the one it had, or the next. 0 after an error. */
static size_t parameter_number(struct scanner *s, const char *name, size_t size)
{
    struct scan_statement *statement = s->current;
    for (size_t i = 0; i < statement->parameter_count; i++) {
        const char *known = statement->parameters[i];
        if (strlen(known) == size && !memcmp(known, name, size))
            return i + 1;
    }
    if (size > SCAN_NAME_MAX || statement->parameter_count == SCAN_PARAMETERS_MAX) {
        fail(s, s->line, "a parameter's name is too long, or there are too many");
        return 0;
    }
    statement->parameters =
        grow(statement->parameters, (statement->parameter_count + 1) * sizeof(char *));
    statement->parameters[statement->parameter_count++] = copy(name, size);
    return statement->parameter_count;
}

/* --- Fragments --- */

static bool scan_token(struct scanner *s);

/* It is read like a statement, so that its end is found and its mistakes are reported with their
 * line. */
static bool fragment_begin(struct scanner *s, const char *name, size_t size, size_t line_size)
{
    if (!statement_end(s) || !name_ok(s, name, size))
        return false;
    if (s->global_marked)
        return fail(s, s->marked_line, "'-- global' belongs to no statement");
    s->draft = (struct scan_statement){.name = copy(name, size), .line = s->line};
    s->draft_at = s->at + line_size;
    s->draft_line = s->line;
    s->current = &s->draft;
    s->ended = false;
    return true;
}

/* Scans other text in the place of what ends at `after`. */
static bool put_text(struct scanner *s, const char *put, size_t put_size, size_t line, size_t after)
{
    const char *text = s->text;
    size_t size = s->size, line_before = s->line;
    bool good = true;

    for (size_t at = s->at; at < after; at++)
        line_before += text[at] == '\n';
    s->text = put;
    s->size = put_size;
    s->at = 0;
    s->line = line;
    while (good && s->at < s->size)
        good = scan_token(s);
    s->text = text;
    s->size = size;
    s->at = after;
    s->line = line_before;
    return good;
}

static bool list_put(struct scanner *s, struct scan_fragment *fragment, size_t at)
{
    size_t size = list_form_size(s->text + at, s->size - at);
    if (size == 0 || !memchr(s->text + at, '*', size))
        return fail(s, s->line, "write what is to become of each name: %s(g.*)", fragment->name);
    struct list_text text;
    bool good = list_put_in(s->scan, fragment, s->text + at + 1, size - 2, &text);
    if (!good)
        fail(s, s->line, "%s is no list of names", fragment->name);
    good = good && put_text(s, text.data, text.size, s->line, at + size);
    free(text.data);
    return good;
}

/* Scans the fragment's text instead of its name. There is no recursion, since only fragments above
 * it are known. */
static bool fragment_put(struct scanner *s, const char *name, size_t size)
{
    struct scan_fragment *fragment = fragment_find(s->scan, name, size);
    size_t after = s->at + 1 + size;
    if (!fragment)
        return fail(s, s->line, "there is no fragment %.*s above", size < 60 ? (int)size : 60,
                    name);
    if (after < s->size && s->text[after] == '(')
        return list_put(s, fragment, after);
    fragment->used = true;
    return put_text(s, fragment->text, fragment->size, fragment->first_line, after);
}

/* --- Tokens --- */

/* Whether the comment is a mark of the current statement; *good is false when it is a bad one. */
static bool scan_mark(struct scanner *s, const char *line, size_t size, bool *good)
{
    size_t fills = line_word(line, size, "fills:"), writes = line_word(line, size, "writes:");
    size_t sorts = line_word(line, size, "sorts:"), skip = fills + writes + sorts;
    bool partial = is_named("partial", line, size);
    struct scan_statement *statement = s->current;
    const char *wrong = NULL;
    if (skip == 0 && !partial)
        return false;
    if (!statement || statement == &s->draft || has_sql(s))
        wrong = "this belongs right under a statement's name";
    else if (partial)
        statement->partial = true;
    else
        wrong = mark_read(fills    ? &statement->fills
                          : writes ? &statement->writes
                                   : &statement->sorts,
                          line + skip, size - skip);
    *good = !wrong || fail(s, s->line, "%s", wrong);
    return true;
}

/* `-- name: X`, `-- fragment: X`, a mark, `-- global`, or any other comment. */
static bool scan_line_comment(struct scanner *s)
{
    const char *line = s->text + s->at + 2;
    size_t size = 0;
    while (s->at + 2 + size < s->size && line[size] != '\n')
        size++;
    size_t whole = size + 2;
    while (size > 0 && is_space(line[size - 1]))
        size--;
    while (size > 0 && is_space(line[0])) {
        line++;
        size--;
    }
    size_t word = line_word(line, size, "name:");
    size_t fragment = line_word(line, size, "fragment:");
    bool good;
    if (scan_mark(s, line, size, &good)) {
        if (!good)
            return false;
    } else if (word > 0) {
        if (!statement_begin(s, line + word, size - word))
            return false;
    } else if (fragment > 0) {
        if (!fragment_begin(s, line + fragment, size - fragment, whole))
            return false;
    } else if ((size == 6 && !memcmp(line, "global", 6)) ||
               (size > 6 && !memcmp(line, "global:", 7))) {
        if (s->current && !has_sql(s)) {
            s->current->global = true;
        } else if (s->current && !s->ended) {
            return fail(s, s->line, "'-- global' belongs beside the name, not into the statement");
        } else {
            s->global_marked = true;
            s->marked_line = s->line;
        }
    }
    advance(s, whole, false);
    return true;
}

static bool scan_block_comment(struct scanner *s)
{
    size_t began = s->line, depth = 0;
    do {
        if (s->at >= s->size)
            return fail(s, began, "this comment has no end");
        if (peek(s, 0) == '/' && peek(s, 1) == '*') {
            depth++;
            advance(s, 2, false);
        } else if (peek(s, 0) == '*' && peek(s, 1) == '/') {
            depth--;
            advance(s, 2, false);
        } else {
            advance(s, 1, false);
        }
    } while (depth > 0);
    if (s->current)
        emit(s, " ", 1);
    return true;
}

/* '...' and "..."; a doubled quote simply begins the next piece. Backslashes count in E'...'. */
static bool scan_quoted(struct scanner *s, char quote, bool escapes)
{
    size_t began = s->line, size = 1;
    while (s->at + size < s->size && peek(s, size) != quote)
        size += escapes && peek(s, size) == '\\' && s->at + size + 1 < s->size ? 2 : 1;
    if (s->at + size >= s->size)
        return fail(s, began, "this %s has no end", quote == '"' ? "quoted name" : "quoted text");
    advance(s, size + 1, true);
    return true;
}

/* $tag$...$tag$; a $1 is refused, because numbers are given here. */
static bool scan_dollar(struct scanner *s)
{
    if (is_digit(peek(s, 1)))
        return fail(s, s->line, "use :named parameters instead of $%c", peek(s, 1));
    size_t tag = 1;
    while (is_word(peek(s, tag)))
        tag++;
    if (peek(s, tag) != '$') {
        advance(s, 1, true);
        return true;
    }
    tag++;
    for (size_t end = s->at + tag; end + tag <= s->size; end++) {
        if (!memcmp(s->text + end, s->text + s->at, tag)) {
            advance(s, end + tag - s->at, true);
            return true;
        }
    }
    return fail(s, s->line, "this dollar-quoted text has no end");
}

/* The last byte of the statement so far that is no space, `back` of them left out; 0 for none. */
static char before(const struct scanner *s, size_t *at)
{
    while (*at > 0 && is_space(s->out[*at - 1]))
        --*at;
    return *at > 0 ? s->out[*at - 1] : '\0';
}

/* What a ':' before a name means inside brackets: a[1:n] slices, ARRAY[:n] has a parameter, and
 * a[:n] could be either. */
enum colon { COLON_PARAMETER, COLON_SLICE, COLON_UNCLEAR };

static enum colon colon_meaning(const struct scanner *s)
{
    size_t at = s->out_size, depth = 0;
    char last = before(s, &at);
    for (; at > 0; at--) { /* the bracket we are in; a parenthesis first means we are in none */
        char c = s->out[at - 1];
        if (c == ')' || c == ']')
            depth++;
        else if ((c == '(' || c == '[') && depth-- == 0)
            break;
    }
    if (at == 0 || s->out[at - 1] != '[')
        return COLON_PARAMETER;
    at--;
    char owner = before(s, &at);
    const char *word = at >= 5 ? s->out + at - 5 : "     ";
    bool array = /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): before at > 5 all is set */
        (!memcmp(word, "ARRAY", 5) || !memcmp(word, "array", 5)) && (at == 5 || !is_word(word[-1]));
    if (array || !(is_word(owner) || owner == ')' || owner == ']' || owner == '"'))
        return COLON_PARAMETER;
    if (last == '[')
        return COLON_UNCLEAR;
    bool operand = is_word(last) || last == ')' || last == ']' || last == '"' || last == '\'';
    return operand ? COLON_SLICE : COLON_PARAMETER;
}

static bool scan_colon(struct scanner *s)
{
    if (peek(s, 1) == ':' || peek(s, 1) == '=') {
        advance(s, 2, true);
        return true;
    }
    size_t size = 0;
    const char *name = s->text + s->at + 1;
    while (is_word(peek(s, 1 + size)))
        size++;
    if (size == 0 || !is_word_start(name[0]) || !s->current) {
        advance(s, 1, true);
        return true;
    }
    enum colon meaning = colon_meaning(s);
    if (meaning == COLON_UNCLEAR)
        return fail(s, s->line, "write [(:%.*s)] for a parameter or [1:%.*s] for a slice",
                    size < 60 ? (int)size : 60, name, size < 60 ? (int)size : 60, name);
    if (meaning == COLON_SLICE) {
        advance(s, 1 + size, true);
        return true;
    }
    if (is_capitals(name, size))
        return fragment_put(s, name, size);
    for (size_t i = 0; i < size; i++) {
        if (!is_digit(name[i]) && name[i] != '_' && !(name[i] >= 'a' && name[i] <= 'z'))
            return fail(s, s->line, "a parameter's name is small letters, digits and '_'");
    }
    size_t number = parameter_number(s, name, size);
    if (number == 0)
        return false;
    char place[24];
    snprintf(place, sizeof place, "$%zu", number);
    emit(s, place, strlen(place));
    advance(s, 1 + size, false);
    return true;
}

/* Notes whether the statement changes rows: FOR UPDATE locks them, and DO UPDATE follows INSERT. */
static void note_word(struct scanner *s, const char *word, size_t size)
{
    if (is_named("INSERT", word, size) ||
        (is_named("UPDATE", word, size) && s->word_before == WORD_OTHER))
        s->current->changes = true;
    s->word_before = is_named("FOR", word, size) || is_named("KEY", word, size) ? WORD_FOR
                     : is_named("DO", word, size)                               ? WORD_DO
                                                                                : WORD_OTHER;
}

/* A keyword, name or number as a whole, so that its inside is never mistaken for something else. */
static bool scan_word(struct scanner *s)
{
    size_t size = 1;
    while (is_word(peek(s, size)) || peek(s, size) == '$')
        size++;
    bool escapes = size == 1 && (peek(s, 0) == 'E' || peek(s, 0) == 'e') && peek(s, 1) == '\'';
    note_word(s, s->text + s->at, size);
    advance(s, size, true);
    return !escapes || scan_quoted(s, '\'', true);
}

static bool scan_token(struct scanner *s)
{
    char c = peek(s, 0);
    if (c == '-' && peek(s, 1) == '-')
        return scan_line_comment(s);
    if (c == '/' && peek(s, 1) == '*')
        return scan_block_comment(s);
    if (is_space(c)) {
        advance(s, 1, true);
        return true;
    }
    if (c == '\0')
        return fail(s, s->line, "a NUL byte");
    if (!s->current)
        return fail(s, s->line, "SQL before the first '-- name:' line");
    if (s->ended)
        return fail(s, s->line, "%s holds more than one statement", s->current->name);
    if (c == '\'' || c == '"')
        return scan_quoted(s, c, false);
    if (c == '$')
        return scan_dollar(s);
    if (c == ':')
        return scan_colon(s);
    if (is_word(c))
        return scan_word(s);
    s->ended = c == ';';
    s->ended_at = s->at;
    advance(s, 1, c != ';');
    return true;
}

bool scan_queries(const char *text, size_t size, struct scan *scan, struct scan_error *error)
{
    *scan = (struct scan){.items = NULL};
    struct scanner s = {.text = text, .size = size, .line = 1, .scan = scan, .error = error};
    bool good = true;
    while (good && s.at < s.size)
        good = scan_token(&s);
    good = good && statement_end(&s);
    if (good && s.global_marked)
        good = fail(&s, s.marked_line, "'-- global' belongs to no statement");
    for (size_t i = 0; good && i < scan->fragment_count; i++) {
        if (!scan->fragments[i].used)
            good =
                fail(&s, scan->fragments[i].line, "no statement uses %s", scan->fragments[i].name);
    }
    statement_free(&s.draft);
    free(s.out);
    return good;
}

void scan_free(struct scan *scan)
{
    for (size_t i = 0; i < scan->count; i++)
        statement_free(&scan->items[i]);
    for (size_t i = 0; i < scan->fragment_count; i++) {
        free(scan->fragments[i].name);
        free(scan->fragments[i].text);
    }
    free(scan->items);
    free(scan->fragments);
    *scan = (struct scan){.items = NULL};
}
