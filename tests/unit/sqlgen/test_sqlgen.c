/* The build's SQL tool: what its scanner takes for a statement and a parameter, what it refuses,
 * and (by queries.sql beside this file, which the build ran through it) what the C tables hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queries.h"
#include "scan.h"
#include "suite.h"

static struct scan scan;
static struct scan_error error;

static bool scan_text(const char *text)
{
    scan_free(&scan);
    /* A copy of exactly that size, so that reading past the end is noticed. */
    size_t size = strlen(text);
    char *exact = malloc(size > 0 ? size : 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, size);
    bool good = scan_queries(exact, size, &scan, &error);
    free(exact);
    return good;
}

static void assert_text(const char *sql, const char *expected)
{
    char text[1000];
    snprintf(text, sizeof text, "-- name: A\n%s", sql);
    ck_assert_msg(scan_text(text), "%s: %s", sql, error.message);
    ck_assert_uint_eq(scan.count, 1);
    ck_assert_str_eq(scan.items[0].text, expected);
    scan_free(&scan);
}

static void assert_refused(const char *text, size_t line, const char *message)
{
    ck_assert_msg(!scan_text(text), "%s", text);
    ck_assert_uint_eq(error.line, line);
    ck_assert_msg(strstr(error.message, message) != NULL, "%s", error.message);
    scan_free(&scan);
}

START_TEST(splits_statements)
{
    ck_assert(scan_text("-- About all.\n\n-- name: ONE\n-- Says one.\nSELECT 1;\n\n"
                        "-- global: for every tenant\n--name:TWO_2\r\nSELECT 2 ; \n"
                        "-- name: THREE\n-- global\nSELECT 3"));
    ck_assert_uint_eq(scan.count, 3);
    ck_assert_str_eq(scan.items[0].name, "ONE");
    ck_assert_str_eq(scan.items[0].text, "SELECT 1");
    ck_assert_uint_eq(scan.items[0].line, 3);
    ck_assert(!scan.items[0].global);
    ck_assert_str_eq(scan.items[1].name, "TWO_2");
    ck_assert_str_eq(scan.items[1].text, "SELECT 2");
    ck_assert(scan.items[1].global);
    ck_assert(scan.items[2].global);
    scan_free(&scan);
    ck_assert(scan_text(""));
    ck_assert_uint_eq(scan.count, 0);
    scan_free(&scan);
}
END_TEST

static void assert_statement(size_t index, const char *name, const char *expected)
{
    ck_assert_uint_lt(index, scan.count);
    ck_assert_str_eq(scan.items[index].name, name);
    ck_assert_str_eq(scan.items[index].text, expected);
}

START_TEST(puts_fragments_in)
{
    ck_assert_msg(
        scan_text("-- fragment: COLUMNS\n-- All of them; even ';' does not end it.\na, ';', b;\n"
                  "-- fragment: MINE\nt.tenant = :tenant AND t.c = :c\n"
                  "-- fragment: BOTH\n:COLUMNS FROM t WHERE :MINE;\n"
                  "-- name: ONE\nSELECT :c, :COLUMNS;\n"
                  "-- name: TWO\nSELECT :BOTH AND d = :d"),
        "%s", error.message);
    ck_assert_uint_eq(scan.count, 2);
    assert_statement(0, "ONE", "SELECT $1, \n\na, ';', b");
    assert_statement(
        1, "TWO", "SELECT \n\n\na, ';', b FROM t WHERE \nt.tenant = $1 AND t.c = $2\n AND d = $3");
    ck_assert_uint_eq(scan.items[1].parameter_count, 3);
    ck_assert_str_eq(scan.items[1].parameters[1], "c");
    ck_assert_uint_eq(scan.items[1].line, 10);
    scan_free(&scan);
}
END_TEST

START_TEST(refuses_wrong_fragments)
{
    assert_refused("-- name: A\nSELECT :LATER;\n-- fragment: LATER\na;\n", 2,
                   "there is no fragment LATER above");
    assert_refused("-- fragment: A\na, :A;\n-- name: B\nSELECT :A", 2, "no fragment A above");
    assert_refused("-- fragment: A\na;\n-- name: B\nSELECT 1", 1, "no statement uses A");
    assert_refused("-- fragment: A\na;\n-- name: A\nSELECT :A", 3, "A was named before, in line 1");
    assert_refused("-- name: A\nSELECT 1;\n-- fragment: A\na;", 3, "A was named before, in line 1");
    assert_refused("-- fragment: A\n-- nothing\n-- name: B\nSELECT :A", 1, "A has no SQL");
    assert_refused("-- fragment: A\n\na, 'b;\n", 3, "this quoted text has no end");
    assert_refused("-- fragment: A\na; b\n", 2, "A holds more than one statement");
    assert_refused("-- fragment: a\na;\n", 1, "a name is capitals");
    assert_refused("-- global\n-- fragment: A\na;\n-- name: B\nSELECT :A", 1,
                   "belongs to no statement");
}
END_TEST

/* A fragment that is a list of names, put in name by name. */
START_TEST(puts_lists_in)
{
    ck_assert_msg(scan_text("-- fragment: CHANGES\na, -- the first\n b_2;\n"
                            "-- fragment: COLUMNS\n:CHANGES, id;\n"
                            "-- name: ONE\n-- partial\nUPDATE t SET :CHANGES(* = :*)\n"
                            " WHERE tenant = :tenant AND id = :id;\n"
                            "-- name: TWO\n-- partial\n"
                            "INSERT INTO t (:COLUMNS(*)) VALUES (:COLUMNS(:*), 1);\n"
                            "-- name: THREE\nSELECT :COLUMNS(coalesce(t.*, 0)), :tenant;"),
                  "%s", error.message);
    assert_statement(0, "ONE", "UPDATE t SET a = $1, b_2 = $2\n WHERE tenant = $3 AND id = $4");
    assert_statement(1, "TWO", "INSERT INTO t (a, b_2, id) VALUES ($1, $2, $3, 1)");
    assert_statement(2, "THREE",
                     "SELECT coalesce(t.a, 0), coalesce(t.b_2, 0), coalesce(t.id, 0), $1");
    ck_assert_str_eq(scan.items[0].parameters[1], "b_2");
    ck_assert_uint_eq(scan.items[2].line, 13);
    scan_free(&scan);
}
END_TEST

START_TEST(refuses_wrong_lists)
{
    assert_refused("-- fragment: A\na + b;\n-- name: B\nSELECT :A(x.*)", 4,
                   "A is no list of names");
    assert_refused("-- fragment: A\na, ;\n-- name: B\nSELECT :A(x.*)", 4, "A is no list of names");
    assert_refused("-- fragment: A\n'a';\n-- fragment: B\nb, :A;\n-- name: C\nSELECT :B(*)", 6,
                   "B is no list of names");
    assert_refused("-- fragment: A\na;\n-- name: B\nSELECT :A(x)", 4, "A(g.*)");
    assert_refused("-- fragment: A\na;\n-- name: B\nSELECT :A(*", 4, "A(g.*)");
    assert_refused("-- fragment: A\na;\n-- name: B\nSELECT :A(:A*)", 4, "small letters");
}
END_TEST

START_TEST(reads_marks)
{
    ck_assert_msg(scan_text("-- name: ONE\n-- fills: goal\n-- global\n-- sorts: goal\nSELECT 1;\n"
                            "-- name: TWO\n-- Changes it.\n-- writes: kpi except a_1, b\n"
                            "UPDATE t SET a = 1;\n"
                            "-- name: THREE\n-- partial\nINSERT INTO t VALUES (1);\n"
                            "-- name: FOUR\n-- long\nSELECT 1 FROM t FOR NO KEY UPDATE\n"),
                  "%s", error.message);
    ck_assert_str_eq(scan.items[0].fills.model, "goal");
    ck_assert_str_eq(scan.items[0].sorts.model, "goal");
    ck_assert(scan.items[3].is_long && !scan.items[0].is_long);
    ck_assert(scan.items[0].global && !scan.items[0].changes && !scan.items[0].writes.model);
    ck_assert_str_eq(scan.items[1].writes.model, "kpi");
    ck_assert_uint_eq(scan.items[1].writes.exception_count, 2);
    ck_assert_str_eq(scan.items[1].writes.exceptions[0], "a_1");
    ck_assert_str_eq(scan.items[1].writes.exceptions[1], "b");
    ck_assert(scan.items[1].changes && !scan.items[1].partial);
    ck_assert(scan.items[2].changes && scan.items[2].partial);
    ck_assert(!scan.items[3].changes);
    scan_free(&scan);
}
END_TEST

START_TEST(refuses_wrong_marks)
{
    assert_refused("-- fills: goal\n-- name: A\nSELECT 1", 1, "right under a statement's name");
    assert_refused("-- name: A\nSELECT 1\n-- fills: goal\n, 2", 3, "right under");
    assert_refused("-- fragment: A\n-- partial\na;", 2, "right under");
    assert_refused("-- name: A\n-- fills: Goal\nSELECT 1", 2, "name a struct");
    assert_refused("-- name: A\n-- fills: a\n-- fills: b\nSELECT 1", 3, "said twice");
    assert_refused("-- name: A\n-- fills: a without b\nSELECT 1", 2, "'except'");
    assert_refused("-- name: A\n-- fills: a except\nSELECT 1", 2, "except which columns");
    assert_refused("-- name: A\n-- fills: a except B\nSELECT 1", 2, "a column's name");
}
END_TEST

START_TEST(numbers_parameters)
{
    assert_text("SELECT :a, :b_2, :a, (:a)", "SELECT $1, $2, $1, ($1)");
    ck_assert(scan_text("-- name: A\nSELECT :tenant, :id, :tenant"));
    ck_assert_uint_eq(scan.items[0].parameter_count, 2);
    ck_assert_str_eq(scan.items[0].parameters[0], "tenant");
    ck_assert_str_eq(scan.items[0].parameters[1], "id");
    scan_free(&scan);
}
END_TEST

START_TEST(leaves_other_colons_alone)
{
    assert_text("SELECT x::text, :a::text, f(y := 1)", "SELECT x::text, $1::text, f(y := 1)");
    assert_text("SELECT ':a', \":a\", 'it''s :a', E'\\':a', $$:a$$, $t$ :a $$ $t$",
                "SELECT ':a', \":a\", 'it''s :a', E'\\':a', $$:a$$, $t$ :a $$ $t$");
    assert_text("SELECT 1 -- :a ' \n, 2 /* :a /* ' */ :a */ , 3", "SELECT 1 \n, 2   , 3");
    assert_text("SELECT x[1:n], x[ lo : hi ], f(x)[1:n], x[1:2]",
                "SELECT x[1:n], x[ lo : hi ], f(x)[1:n], x[1:2]");
    assert_text("SELECT ARRAY[:a, :b], x[(:a):(:b)], array[[:a]], ARRAY[CASE WHEN :a THEN 1 END]",
                "SELECT ARRAY[$1, $2], x[($1):($2)], array[[$1]], ARRAY[CASE WHEN $1 THEN 1 END]");
    assert_text("SELECT 1e5, a$b$c, 12:34", "SELECT 1e5, a$b$c, 12:34");
}
END_TEST

START_TEST(refuses_mistakes)
{
    assert_refused("SELECT 1", 1, "before the first");
    assert_refused("-- name: A\n-- name: B\nSELECT 1", 1, "A has no SQL");
    assert_refused("-- name: A\nSELECT 1\n-- name: A\nSELECT 2", 3, "named before, in line 1");
    assert_refused("-- name: lower\nSELECT 1", 1, "capitals");
    assert_refused("-- name: A B\nSELECT 1", 1, "capitals");
    assert_refused("-- name:\nSELECT 1", 1, "capitals");
    assert_refused("-- name: A\nSELECT 1; SELECT 2", 2, "more than one");
    assert_refused("-- name: A\nSELECT\n'abc :a\n", 3, "no end");
    assert_refused("-- name: A\nSELECT \"abc", 2, "no end");
    assert_refused("-- name: A\nSELECT E'abc\\'", 2, "no end");
    assert_refused("-- name: A\nSELECT $x$ $y$ $", 2, "no end");
    assert_refused("-- name: A\nSELECT 1 /* /* */", 2, "no end");
    assert_refused("-- name: A\nSELECT $1", 2, ":named");
    assert_refused("-- name: A\nSELECT :Id", 2, "small letters");
    assert_refused("-- name: A\nSELECT x[:a]", 2, "slice");
    assert_refused("-- name: A\nSELECT 1\n-- global\n, 2", 3, "beside the name");
    assert_refused("-- name: A\nSELECT 1;\n-- global\n", 3, "no statement");
}
END_TEST

static const struct statement *find(const char *name)
{
    for (size_t i = 0; service_statements[i]; i++) {
        if (!strcmp(service_statements[i]->name, name))
            return service_statements[i];
    }
    return NULL;
}

START_TEST(tables_hold_any_text)
{
    ck_assert_ptr_eq(find("NASTY_TEXT"), NASTY_TEXT);
    ck_assert_str_eq(NASTY_TEXT->text,
                     "SELECT '\"\\n\\\\?\"' || E'\\'\\x41' || 'é 東京' || ' ?\?/ ?\?= "
                     "%s %d \\0' || $q$1 :no -- \"$q$ AS text");
    ck_assert(NASTY_TEXT->global && NASTY_MARK->global && !NASTY_TENANT->global);
    ck_assert_uint_eq(NASTY_TEXT->parameter_count, 0);
    ck_assert_str_eq(NASTY_TENANT->text, "SELECT $1::text,   $2, ':x', \":y\", $2 AS \"a?b\"");
    ck_assert_uint_eq(NASTY_TENANT->parameter_count, 2);
    ck_assert_str_eq(NASTY_TENANT->parameters[1], "id");
}
END_TEST

START_TEST(migrations_are_in_order)
{
    size_t count = 0;
    bool own = false;
    for (; service_migrations[count].name; count++) {
        bool runtime = !strncmp(service_migrations[count].name, "runtime/", 8);
        ck_assert(!own || !runtime); /* what every service has comes first */
        own = !runtime;
        if (count > 0 && runtime)
            ck_assert_int_lt(
                strcmp(service_migrations[count - 1].name, service_migrations[count].name), 0);
    }
    ck_assert_uint_gt(count, 1);
    ck_assert_str_eq(service_migrations[count - 1].name, "0001_nasty");
    ck_assert_str_eq(service_migrations[count - 1].text,
                     "-- \\ \" ?\?/ %s \t tab\nSELECT 'é\n1';\n");
}
END_TEST

SUITE_MAIN("sqlgen", splits_statements, puts_fragments_in, refuses_wrong_fragments, puts_lists_in,
           refuses_wrong_lists, reads_marks, refuses_wrong_marks, numbers_parameters,
           leaves_other_colons_alone, refuses_mistakes, tables_hold_any_text,
           migrations_are_in_order)
