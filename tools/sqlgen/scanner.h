/* Where the scanner is, and its steps that tokens (scan.c) and statements (scan_statements.c)
 * share. Private to them. */
#ifndef SQLGEN_SCANNER_H
#define SQLGEN_SCANNER_H

#include "scan.h"

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

/* False, with the error set. */
bool scanner_fail(struct scanner *s, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The byte `ahead` of the current one; NUL behind the end. */
char scanner_peek(const struct scanner *s, size_t ahead);
/* Adds to the current statement's text. */
void scanner_emit(struct scanner *s, const char *data, size_t size);
/* Moves over `count` bytes, keeping them in the statement when `keep`. */
void scanner_advance(struct scanner *s, size_t count, bool keep);

/* Whether the current statement has any text yet. */
bool scanner_has_sql(const struct scanner *s);
bool statement_begin(struct scanner *s, const char *name, size_t size);
/* Nothing to do when there is no current statement. */
bool statement_end(struct scanner *s);
void statement_free(struct scan_statement *statement);
/* The $n of a parameter: the one it had, or the next. 0 after an error. */
size_t parameter_number(struct scanner *s, const char *name, size_t size);
/* A fragment is read like a statement, so that its end is found and its mistakes are reported with
 * their line. `line_size` are the bytes of the line that names it. */
bool fragment_begin(struct scanner *s, const char *name, size_t size, size_t line_size);

#endif
