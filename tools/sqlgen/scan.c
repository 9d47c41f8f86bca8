/* The scanner of queries.sql: its tokens. It must not read past `size` or trust any byte: it is
 * fuzzed. */
#include "scan.h"

#include <stdio.h>

#include "bytes.h"
#include "list.h"
#include "mark.h"
#include "scanner.h"

static bool scan_token(struct scanner *s);

/* --- Fragments --- */

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
        return scanner_fail(s, s->line, "write what is to become of each name: %s(g.*)",
                            fragment->name);
    struct list_text text;
    bool good = list_put_in(s->scan, fragment, s->text + at + 1, size - 2, &text);
    if (!good)
        scanner_fail(s, s->line, "%s is no list of names", fragment->name);
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
        return scanner_fail(s, s->line, "there is no fragment %.*s above",
                            size < 60 ? (int)size : 60, name);
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
    bool partial = is_named("partial", line, size), is_long = is_named("long", line, size);
    struct scan_statement *statement = s->current;
    const char *wrong = NULL;
    if (skip == 0 && !partial && !is_long)
        return false;
    if (!statement || statement == &s->draft || scanner_has_sql(s))
        wrong = "this belongs right under a statement's name";
    else if (partial || is_long)
        *(partial ? &statement->partial : &statement->is_long) = true;
    else
        wrong = mark_read(fills    ? &statement->fills
                          : writes ? &statement->writes
                                   : &statement->sorts,
                          line + skip, size - skip);
    *good = !wrong || scanner_fail(s, s->line, "%s", wrong);
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
        if (s->current && !scanner_has_sql(s)) {
            s->current->global = true;
        } else if (s->current && !s->ended) {
            return scanner_fail(s, s->line,
                                "'-- global' belongs beside the name, not into the statement");
        } else {
            s->global_marked = true;
            s->marked_line = s->line;
        }
    }
    scanner_advance(s, whole, false);
    return true;
}

static bool scan_block_comment(struct scanner *s)
{
    size_t began = s->line, depth = 0;
    do {
        if (s->at >= s->size)
            return scanner_fail(s, began, "this comment has no end");
        if (scanner_peek(s, 0) == '/' && scanner_peek(s, 1) == '*') {
            depth++;
            scanner_advance(s, 2, false);
        } else if (scanner_peek(s, 0) == '*' && scanner_peek(s, 1) == '/') {
            depth--;
            scanner_advance(s, 2, false);
        } else {
            scanner_advance(s, 1, false);
        }
    } while (depth > 0);
    if (s->current)
        scanner_emit(s, " ", 1);
    return true;
}

/* '...' and "..."; a doubled quote simply begins the next piece. Backslashes count in E'...'. */
static bool scan_quoted(struct scanner *s, char quote, bool escapes)
{
    size_t began = s->line, size = 1;
    while (s->at + size < s->size && scanner_peek(s, size) != quote)
        size += escapes && scanner_peek(s, size) == '\\' && s->at + size + 1 < s->size ? 2 : 1;
    if (s->at + size >= s->size)
        return scanner_fail(s, began, "this %s has no end",
                            quote == '"' ? "quoted name" : "quoted text");
    scanner_advance(s, size + 1, true);
    return true;
}

/* $tag$...$tag$; a $1 is refused, because numbers are given here. */
static bool scan_dollar(struct scanner *s)
{
    if (is_digit(scanner_peek(s, 1)))
        return scanner_fail(s, s->line, "use :named parameters instead of $%c", scanner_peek(s, 1));
    size_t tag = 1;
    while (is_word(scanner_peek(s, tag)))
        tag++;
    if (scanner_peek(s, tag) != '$') {
        scanner_advance(s, 1, true);
        return true;
    }
    tag++;
    for (size_t end = s->at + tag; end + tag <= s->size; end++) {
        if (!memcmp(s->text + end, s->text + s->at, tag)) {
            scanner_advance(s, end + tag - s->at, true);
            return true;
        }
    }
    return scanner_fail(s, s->line, "this dollar-quoted text has no end");
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
    if (scanner_peek(s, 1) == ':' || scanner_peek(s, 1) == '=') {
        scanner_advance(s, 2, true);
        return true;
    }
    size_t size = 0;
    const char *name = s->text + s->at + 1;
    while (is_word(scanner_peek(s, 1 + size)))
        size++;
    if (size == 0 || !is_word_start(name[0]) || !s->current) {
        scanner_advance(s, 1, true);
        return true;
    }
    enum colon meaning = colon_meaning(s);
    if (meaning == COLON_UNCLEAR)
        return scanner_fail(s, s->line, "write [(:%.*s)] for a parameter or [1:%.*s] for a slice",
                            size < 60 ? (int)size : 60, name, size < 60 ? (int)size : 60, name);
    if (meaning == COLON_SLICE) {
        scanner_advance(s, 1 + size, true);
        return true;
    }
    if (is_capitals(name, size))
        return fragment_put(s, name, size);
    for (size_t i = 0; i < size; i++) {
        if (!is_digit(name[i]) && name[i] != '_' && !(name[i] >= 'a' && name[i] <= 'z'))
            return scanner_fail(s, s->line, "a parameter's name is small letters, digits and '_'");
    }
    size_t number = parameter_number(s, name, size);
    if (number == 0)
        return false;
    char place[24];
    snprintf(place, sizeof place, "$%zu", number);
    scanner_emit(s, place, strlen(place));
    scanner_advance(s, 1 + size, false);
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
    while (is_word(scanner_peek(s, size)) || scanner_peek(s, size) == '$')
        size++;
    bool escapes = size == 1 && (scanner_peek(s, 0) == 'E' || scanner_peek(s, 0) == 'e') &&
                   scanner_peek(s, 1) == '\'';
    note_word(s, s->text + s->at, size);
    scanner_advance(s, size, true);
    return !escapes || scan_quoted(s, '\'', true);
}

static bool scan_token(struct scanner *s)
{
    char c = scanner_peek(s, 0);
    if (c == '-' && scanner_peek(s, 1) == '-')
        return scan_line_comment(s);
    if (c == '/' && scanner_peek(s, 1) == '*')
        return scan_block_comment(s);
    if (is_space(c)) {
        scanner_advance(s, 1, true);
        return true;
    }
    if (c == '\0')
        return scanner_fail(s, s->line, "a NUL byte");
    if (!s->current)
        return scanner_fail(s, s->line, "SQL before the first '-- name:' line");
    if (s->ended)
        return scanner_fail(s, s->line, "%s holds more than one statement", s->current->name);
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
    scanner_advance(s, 1, c != ';');
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
        good = scanner_fail(&s, s.marked_line, "'-- global' belongs to no statement");
    for (size_t i = 0; good && i < scan->fragment_count; i++) {
        if (!scan->fragments[i].used)
            good = scanner_fail(&s, scan->fragments[i].line, "no statement uses %s",
                                scan->fragments[i].name);
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
