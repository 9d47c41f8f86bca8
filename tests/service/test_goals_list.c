/* The list of goals, the search's plan over many rows, and the database's own guard of tenants. */
#include "service_rig.h"

#include <stdlib.h>

static const char *add(const char *title, const char *more)
{
    const struct rig_answer *goal =
        ask("createGoal", NULL,
            format("{'title': '%s', 'owner_id': 'o', 'horizon': 'year'%s}", title, more));

    ck_answer(goal, 201);
    return text_at(goal, "data.id");
}

/* Titles of a page, separated by commas. */
static const char *titles(const char *query)
{
    return listed("getGoals", query, "title");
}

START_TEST(pages_newest_first)
{
    for (int i = 0; i < 5; i++)
        add(format("g%d", i), "");
    ck_assert_str_eq(titles(NULL), "g4,g3,g2,g1,g0 5");
    ck_assert_str_eq(titles("{'size': ['2']}"), "g4,g3 5");
    ck_assert_str_eq(titles("{'size': ['2'], 'page': ['3']}"), "g0 5");
    ck_assert_str_eq(titles("{'limit': ['2'], 'page': ['1000000000']}"), " 5");
    ck_assert_str_eq(titles("{'search': ['']}"), "g4,g3,g2,g1,g0 5");
    ck_at(ask_all("getGoals", NULL, "{'pageSize': ['500']}", NULL), "page",
          "{'nextCursor':null,'page':1,'size':100,'limit':100,'pageSize':100,'total':5,'totalPages'"
          ":1,"
          "'hasMore':false,'hasNextPage':false,'hasPreviousPage':false}");
    ck_invalid(ask_all("getGoals", NULL, "{'page': ['0']}", NULL), "page");
    ck_invalid(ask_all("getGoals", NULL, "{'colour': ['red']}", NULL), "colour");
}
END_TEST

START_TEST(sorts)
{
    add("b", ", 'status': 'active', 'startDate': '2025-03-01', 'dueDate': '2025-06-01'");
    add("C", ", 'horizon': 'month', 'startDate': '2025-01-01', 'dueDate': '2025-07-01'");
    add("a", ", 'status': 'paused', 'startDate': '2025-02-01', 'dueDate': '2025-05-01'");
    static const char *const expected[][2] = {
        {"title", "a,b,C 3"},     {"-title", "C,b,a 3"},      {"title:desc", "C,b,a 3"},
        {"status", "b,C,a 3"},    {"status:desc", "a,C,b 3"}, {"horizon", "C,b,a 3"},
        {"startDate", "C,a,b 3"}, {"-dueDate", "C,b,a 3"},    {"dueDate:asc", "a,b,C 3"},
        {"createdAt", "b,C,a 3"}, {"-createdAt", "a,C,b 3"},  {"updatedAt", "b,C,a 3"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const char *query = format("{'sort': ['%s']}", expected[i][0]);
        ck_assert_msg(!strcmp(titles(query), expected[i][1]), "%s gives %s", query, titles(query));
    }
    ck_invalid(ask_all("getGoals", NULL, "{'sort': ['intent']}", NULL), "sort");
}
END_TEST

/* Other ways to say the same: one form that is right is answered like another. */
START_TEST(takes_other_words)
{
    static const char *const expected[][2] = {
        {"{'sort': ['title'], 'order': ['desc']}", "c,b,a 3"},
        {"{'sortBy': ['title'], 'sortOrder': ['DESC']}", "c,b,a 3"},
        {"{'sort_by': ['name'], 'sort_order': ['asc']}", "a,b,c 3"},
        {"{'sort': ['created_at']}", "b,c,a 3"},
        {"{'sort': ['-due_date']}", "c,b,a 3"},
        {"{'sort': ['targetDate:DESC']}", "c,b,a 3"},
        {"{'sort': ['title:desc'], 'order': ['descending']}", "c,b,a 3"},
        {"{'order': ['asc']}", "b,c,a 3"},
        {"{'order': ['desc']}", "a,c,b 3"},
        {"{'sort': ['title'], 'sortBy': ['title']}", "a,b,c 3"},
        {"{'personId': ['p']}", "a 1"},
        {"{'searchTerm': ['B']}", "b 1"},
        {"{'type': ['Monthly']}", "c,b 2"},
        {"{'type': ['annual,month'], 'order': ['asc']}", "b,c,a 3"},
    };

    add("b", ", 'horizon': 'month', 'dueDate': '2125-06-01'");
    add("c", ", 'horizon': 'month', 'dueDate': '2125-07-01'");
    ck_answer(ask("createGoal", NULL,
                  "{'title': 'a', 'owner_id': 'p', 'horizon': 'year', 'dueDate': '2125-05-01'}"),
              201);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        ck_assert_msg(!strcmp(titles(expected[i][0]), expected[i][1]), "%s gives %s",
                      expected[i][0], titles(expected[i][0]));
    ck_invalid(ask_all("getGoals", NULL, "{'sort': ['-title'], 'order': ['asc']}", NULL), "order");
    ck_invalid(ask_all("getGoals", NULL, "{'order': ['up']}", NULL), "order");
    ck_invalid(ask_all("getGoals", NULL, "{'sort': ['title'], 'sortBy': ['status']}", NULL),
               "sortBy");
    ck_invalid(ask_all("getGoals", NULL, "{'sort': ['-title:desc']}", NULL), "sort");
    ck_invalid(ask_all("getGoals", NULL, "{'sort_by': ['intent']}", NULL), "sort_by");
    ck_invalid(ask_all("getGoals", NULL, "{'sort': ['-title'], 'sortOrder': ['asc']}", NULL),
               "sortOrder");
    ck_invalid(ask_all("getGoals", NULL, "{'ownerId': ['o'], 'personId': ['p']}", NULL),
               "personId");
    ck_invalid(ask_all("getGoals", NULL, "{'type': ['year'], 'horizon': ['month']}", NULL),
               "horizon");
    ck_invalid(ask_all("getGoals", NULL, "{'type': ['custom']}", NULL), "type");
}
END_TEST

START_TEST(pages_from_an_offset)
{
    for (int i = 0; i < 5; i++)
        add(format("g%d", i), "");
    ck_assert_str_eq(titles("{'offset': ['0'], 'limit': ['2']}"), "g4,g3 5");
    ck_assert_str_eq(titles("{'offset': ['3'], 'limit': ['2']}"), "g1,g0 5");
    ck_assert_str_eq(titles("{'offset': ['5']}"), " 5");
    ck_assert_str_eq(titles("{'offset': ['4'], 'sort': ['title']}"), "g4 5");
    ck_assert_str_eq(titles("{'offset': ['2'], 'page': ['2'], 'size': ['2']}"), "g2,g1 5");
    const struct rig_answer *page =
        ask_all("getGoals", NULL, "{'offset': ['1'], 'limit': ['2']}", NULL);
    ck_at(page, "page",
          format("{'nextCursor':'%s','page':1,'size':2,'limit':2,'pageSize':2,'total':5,"
                 "'totalPages':3,'hasMore':true,'hasNextPage':true,'hasPreviousPage':true}",
                 text_at(page, "page.nextCursor")));
    ck_at(ask_all("getGoals", NULL, "{'offset': ['3'], 'limit': ['2']}", NULL), "page",
          "{'nextCursor':null,'page':2,'size':2,'limit':2,'pageSize':2,'total':5,'totalPages':3,"
          "'hasMore':false,'hasNextPage':false,'hasPreviousPage':true}");
    ck_invalid(ask_all("getGoals", NULL, "{'offset': ['-1']}", NULL), "offset");
    ck_invalid(ask_all("getGoals", NULL, "{'offset': ['3'], 'page': ['2']}", NULL), "offset");
}
END_TEST

START_TEST(sorts_as_unicode_collates)
{
    static const char *const unsorted[] = {"Zebra",         "\u00C4pfel", "apfel",
                                           "\u00E9t\u00E9", "Eta",        "Apfelbaum"};

    for (size_t i = 0; i < sizeof unsorted / sizeof *unsorted; i++)
        add(unsorted[i], "");
    ck_assert_str_eq(titles("{'sort': ['title']}"),
                     "apfel,\u00C4pfel,Apfelbaum,Eta,\u00E9t\u00E9,Zebra 6");
    ck_assert_str_eq(titles("{'sort': ['-title'], 'search': ['p']}"),
                     "Apfelbaum,\u00C4pfel,apfel 3");
}
END_TEST

START_TEST(filters)
{
    add("a", ", 'status': 'active', 'valueTags': ['x', 'y']");
    add("b", ", 'horizon': 'month', 'valueTags': ['y']");
    add("c", ", 'horizon': 'month', 'status': 'paused', 'intent': 'find me'");
    static const char *const expected[][2] = {
        {"{'status': ['active']}", "a 1"},
        {"{'status': ['active,paused']}", "c,a 2"},
        {"{'status': ['active', 'draft']}", "b,a 2"},
        {"{'horizon': ['month']}", "c,b 2"},
        {"{'horizon': ['month'], 'status': ['draft']}", "b 1"},
        {"{'valueTag': ['y'], 'sort': ['title']}", "a,b 2"},
        {"{'value_tag': ['x']}", "a 1"},
        {"{'ownerId': ['o'], 'size': ['1']}", "c 3"},
        {"{'ownerId': ['p']}", " 0"},
        {"{'search': ['ME']}", "c 1"},
        {"{'search': ['find'], 'status': ['draft']}", " 0"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        ck_assert_msg(!strcmp(titles(expected[i][0]), expected[i][1]), "%s gives %s",
                      expected[i][0], titles(expected[i][0]));
    ck_invalid(ask_all("getGoals", NULL, "{'status': ['actve']}", NULL), "status");
}
END_TEST

START_TEST(searches_literally)
{
    static const char *const expected[][2] = {
        {"100%", "100% sure 1"}, {"%", "100% sure 1"}, {"_", "a_b 1"},
        {"a_b", "a_b 1"},        {"\\\\", "c\\d 1"},   {"SURE", "100% sure 1"},
        {"straße", "Straße 1"},  {"ÄPF", "äpfel 1"},   {"σίσυφος", "ΣΊΣΥΦΟΣ 1"},
        {"acb", " 0"},
    };
    add("100% sure", ""), add("a_b", ""), add("c\\\\d", "");
    add("Straße", ""), add("äpfel", ""), add("ΣΊΣΥΦΟΣ", "");
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const char *query = format("{'search': ['%s']}", expected[i][0]);
        ck_assert_msg(!strcmp(titles(query), expected[i][1]), "%s gives %s", query, titles(query));
    }
}
END_TEST

/* The words' index has to be used under row level security, and narrow by words, not by tenant. */
START_TEST(search_uses_its_index)
{
    ck_assert_str_eq(titles(NULL),
                     " 0"); /* connects before the rows are planted, which takes long */
    sql_value(format("INSERT INTO goals.goals (tenant_id, id, title, intent, owner_id, horizon, "
                     "status, value_tags, metadata, version, created_at, updated_at, created_by, "
                     "updated_by) SELECT '%s', gen_random_uuid(), 'Goal ' || md5(i::text), "
                     "md5((-i)::text), 'o', 'year', 'draft', '{}', '\\x80', 1, now(), now(), 'u', "
                     "'u' FROM generate_series(1, 20000) AS i",
                     caller.tenant));
    sql_value("VACUUM ANALYZE goals.goals, goals.goal_words");
    const char *word = sql_value("SELECT substr(md5('777'), 3, 12)");
    ck_at(ask_all("getGoals", NULL, format("{'search': ['%s']}", word), NULL), "page.total", "1");
    const char *set = format("SET LOCAL app.tenant = '%s'; SET LOCAL ROLE svc_goals; SET LOCAL "
                             "search_path = goals; SELECT goal_words_found('%s', 100);",
                             caller.tenant, word);
    const char *scans = sql_value(
        format("%s SELECT pg_stat_get_xact_numscans('goal_words_trigrams'::regclass)", set));
    const char *entries = sql_value(
        format("%s SELECT pg_stat_get_xact_tuples_returned('goal_words_trigrams'::regclass)", set));
    ck_assert_int_ge(atoi(scans), 1);
    ck_assert_msg(atoi(entries) < 100, "%s entries read", entries);
}
END_TEST

START_TEST(the_database_guards_tenants)
{
    add("mine", "");
    const char *count = "SET LOCAL ROLE svc_goals; SET LOCAL search_path = goals; SELECT count(*) "
                        "FROM goals";
    ck_assert_str_eq(sql_value(count), "0");
    ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = '%s'; %s", caller.tenant, count)),
                     "1");
    ck_assert_str_eq(sql_value(format("SET LOCAL app.tenant = 'other'; %s", count)), "0");
    ck_assert_str_eq(sql_value("SELECT count(*) FROM pg_class WHERE relnamespace = "
                               "'goals'::regnamespace AND relkind = 'r' AND relname IN ('goals', "
                               "'strategies', 'activity') AND relrowsecurity AND "
                               "relforcerowsecurity"),
                     "3");
}
END_TEST

/* 200 strategies of the largest texts, four bytes a character: 4 MB. */
static void fill(const char *goal)
{
    sql_value(format("INSERT INTO goals.strategies (tenant_id, id, goal_id, description, status, "
                     "order_index, version, created_at, updated_at, created_by, updated_by) SELECT "
                     "'%s', gen_random_uuid(), '%s', repeat(chr(128512), 5000), 'draft', i, 1, "
                     "now(), now(), 'u', 'u' FROM generate_series(1, 200) AS i",
                     caller.tenant, goal));
}

START_TEST(refuses_a_page_that_is_too_large)
{
    const char *ids = "";

    rig_new_tenant();
    for (int i = 0; i < 5; i++) {
        const char *id = add(format("g%d", i), "");
        fill(id);
        ids = format("%s%s'%s'", ids, i ? ", " : "", id);
    }
    ck_invalid(ask_all("getGoals", NULL, NULL, NULL), "size");
    const struct rig_answer *refused = ask_all("getGoals", NULL, "{'limit': ['5']}", NULL);
    ck_invalid(refused, "limit");
    ck_assert_ptr_nonnull(strstr(text_at(refused, "errors/limit"), "more than 16777216 bytes"));
    ck_answer(ask_all("getGoals", NULL, "{'size': ['3']}", NULL), 200);
    ck_invalid(ask("findGoals", NULL, format("{'goalIds': [%s]}", ids)), "goalIds");
    ck_answer(ask("findGoals", NULL, format("{'goalIds': [%.*s]}", 3 * 40 - 2, ids)), 200);
    /* A caller that would repeat them ten times has no use for them. */
    ck_invalid(ask("findGoals", NULL,
                   format("{'goalIds': [%.*s], 'usefulBytes': 1677721}", 3 * 40 - 2, ids)),
               "goalIds");
    ck_answer(ask("findGoals", NULL,
                  format("{'goalIds': [%.*s], 'usefulBytes': 12000000}", 3 * 40 - 2, ids)),
              200);
    const char *strategies = sql_value(
        format("SELECT string_agg(quote_literal(id), ', ') FROM goals.strategies WHERE tenant_id = "
               "'%s'",
               caller.tenant));
    ck_invalid(ask("findGoals", NULL, format("{'strategyIds': [%s]}", strategies)), "strategyIds");
}
END_TEST

SERVICE_SUITE_MAIN("goal lists", pages_newest_first, pages_from_an_offset,
                   refuses_a_page_that_is_too_large, sorts, takes_other_words,
                   sorts_as_unicode_collates, filters, searches_literally, search_uses_its_index,
                   the_database_guards_tenants)
