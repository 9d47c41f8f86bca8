/* The activity feed, and what other services ask of svc-goals. */
#include "service_rig.h"

static const char *new_goal(void)
{
    const struct rig_answer *goal =
        ask("createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}");

    ck_answer(goal, 201);
    return text_at(goal, "data.id");
}

static const char *path_of(const char *id)
{
    return format("{'id': '%s'}", id);
}

START_TEST(writes_each_type)
{
    static const char *const types[][2] = {
        {"weekly_review", "activity.created"}, {"note", "activity.created"},
        {"decision", "decision.created"},      {"attachment", "attachment.created"},
        {"system", "activity.created"},
    };
    const char *path = path_of(new_goal());

    for (size_t i = 0; i < 5; i++) {
        const struct rig_answer *entry =
            ask("createGoalActivity", path,
                format("{'type': '%s', 'text': 'happened', 'title': 'T', 'url': "
                       "'https://example.com/a', 'metadata': {'n': %zu}}",
                       types[i][0], i));
        ck_answer(entry, 201);
        ck_at(entry, "data.type", format("'%s'", types[i][0]));
        ck_at(entry, "data.userId", "'user-1'");
        ck_at(entry, "data.userName", "null");
        ck_at(entry, "data.metadata", format("{'n':%zu}", i));
        ck_at(event_of_type(types[i][1]), "data.id", at(entry, "data.id"));
        const struct rig_answer *feed = ask("getGoalActivity", path, NULL);
        ck_at(feed, "page.total", format("%zu", i + 1));
        ck_assert_str_eq(at(feed, "data[0]"), at(entry, "data"));
    }
    const struct rig_answer *bare =
        ask("createGoalActivity", path, "{'type': 'note', 'text': 'x'}");
    ck_at(bare, "data.title", "null");
    ck_at(bare, "data.url", "null");
    ck_at(bare, "data.metadata", "{}");
    ck_at(ask("getGoalById", path, NULL), "version", "1");
}
END_TEST

START_TEST(refuses_what_is_wrong)
{
    static const char *const addresses[] = {
        "ftp://a", "javascript:x", "http:/x", "http:///x",   "http://",
        "a",       "//a/b",        "",        "https://a b", "https"};
    const char *path = path_of(new_goal());
    const struct rig_answer *refused =
        ask("createGoalActivity", path, "{'type': 'attachment', 'text': ''}");

    ck_invalid(refused, "text");
    ck_invalid(refused, "url");
    ck_invalid(ask("createGoalActivity", path, "{'type': 'rumour', 'text': 'a'}"), "type");
    ck_invalid(ask("createGoalActivity", path, "{}"), "type");
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        refused = ask("createGoalActivity", path,
                      format("{'type': 'note', 'text': 'a', 'url': '%s'}", addresses[i]));
        ck_invalid(refused, "url");
    }
    ck_answer(ask("createGoalActivity", path,
                  "{'type': 'note', 'text': 'a', 'url': 'HTTP://a.example:8/x?y#z'}"),
              201);
    refused = ask("addGoalNote", path,
                  "{'note': ' ', 'attachments': [{'name': 'a', 'url': 'x'}, {'url': "
                  "'https://a'}, 5]}");
    ck_invalid(refused, "note");
    ck_invalid(refused, "attachments[0].url");
    ck_invalid(refused, "attachments[1].name");
    ck_invalid(refused, "attachments[2]");
}
END_TEST

START_TEST(notes_are_one_entry)
{
    const char *path = path_of(new_goal());
    const struct rig_answer *note = ask(
        "addGoalNote", path, "{'note': 'n', 'attachments': [{'name': 'a', 'url': 'https://a'}]}");

    ck_answer(note, 201);
    ck_at(note, "data.type", "'note'");
    ck_at(note, "data.text", "'n'");
    ck_at(note, "data.metadata", "{'attachments':[{'name':'a','url':'https://a'}]}");
    ck_at(ask("addGoalNote", path, "{'note': 'n'}"), "data.metadata", "{}");
    ck_at(ask("getGoalActivity", path, NULL), "page.total", "2");
    ck_assert_str_eq(event_types(), "goal.created activity.created activity.created");
}
END_TEST

START_TEST(filters_and_pages)
{
    const char *path = path_of(new_goal());

    for (int i = 0; i < 7; i++)
        ck_answer(ask("createGoalActivity", path,
                      format("{'type': '%s', 'text': 't%d'}", i % 2 ? "note" : "decision", i)),
                  201);
    const struct rig_answer *feed =
        ask_all("getGoalActivity", path, "{'size': ['2'], 'page': ['2']}", NULL);
    ck_at(feed, "page",
          format("{'nextCursor':'%s','page':2,'size':2,'limit':2,'pageSize':2,'total':7,"
                 "'totalPages':4,'hasMore':true,'hasNextPage':true,'hasPreviousPage':true}",
                 text_at(feed, "page.nextCursor")));
    ck_at(feed, "data[0].text", "'t4'");
    ck_at(feed, "data[1].text", "'t3'");
    feed = ask_all("getGoalActivity", path, "{'type': ['note']}", NULL);
    ck_at(feed, "page.total", "3");
    ck_at(feed, "data[0].text", "'t5'");
    ck_at(ask_all("getGoalActivity", path, "{'type': ['note,decision']}", NULL), "page.total", "7");
    ck_at(ask_all("getGoalActivity", path, "{'type': ['system']}", NULL), "data", "[]");
    ck_invalid(ask_all("getGoalActivity", path, "{'type': ['rumour']}", NULL), "type");
    ck_invalid(ask_all("getGoalActivity", path, "{'goalId': ['x']}", NULL), "goalId");
}
END_TEST

START_TEST(attachments_are_limited_per_goal)
{
    const char *attachment = "{'type': 'attachment', 'text': 'a', 'url': 'https://a'}";
    const char *two = "{'note': 'n', 'attachments': [{'name': 'a', 'url': 'https://a'}, {'name': "
                      "'b', 'url': 'https://b'}]}";
    const char *path = path_of(new_goal());

    caller.limits[LIMIT_ATTACHMENTS] = 3;
    ck_answer(ask("addGoalNote", path, two), 201);
    ck_refused(ask("addGoalNote", path, two), 403, "ATTACHMENT_LIMIT_REACHED");
    ck_answer(ask("createGoalActivity", path, attachment), 201);
    ck_refused(ask("createGoalActivity", path, attachment), 403, "ATTACHMENT_LIMIT_REACHED");
    ck_answer(ask("addGoalNote", path, "{'note': 'n'}"), 201);
    ck_answer(ask("createGoalActivity", path, "{'type': 'decision', 'text': 'a'}"), 201);
    path = path_of(new_goal());
    const struct rig_answer **answers = ask_at_once(8, "createGoalActivity", path, attachment);
    ck_assert_uint_eq(count_http(answers, 8, 201), 3);
    ck_assert_uint_eq(count_http(answers, 8, 403), 5);
}
END_TEST

START_TEST(names_show_once_known)
{
    const char *id = new_goal(), *path = path_of(id);

    ck_answer(ask("addGoalNote", path, "{'note': 'n'}"), 201);
    ck_answer(ask("learnPerson", NULL, "{'userId': 'user-1', 'name': 'Uma', 'issuedAt': 10}"), 200);
    ck_answer(ask("learnPerson", NULL, "{'userId': 'o', 'name': 'Otto', 'issuedAt': 10}"), 200);
    ck_at(ask("getGoalActivity", path, NULL), "data[0].userName", "'Uma'");
    ck_at(ask("addGoalNote", path, "{'note': 'n'}"), "data.userName", "'Uma'");
    ck_at(ask("getGoalById", path, NULL), "data.ownerName", "'Otto'");
    ck_at(ask("getGoals", NULL, NULL), "data[0].ownerName", "'Otto'");
    ck_at(ask_all("getGoals", NULL, "{'sort': ['title']}", NULL), "data[0].ownerName", "'Otto'");
    ck_at(ask_all("getGoals", NULL, "{'search': ['a']}", NULL), "data[0].ownerName", "'Otto'");
    ck_at(ask("createGoal", NULL, "{'title': 'a', 'owner_id': 'o', 'horizon': 'year'}"),
          "data.ownerName", "'Otto'");
    ck_at(ask("activateGoal", path, "{'reason': 'r'}"), "data.ownerName", "'Otto'");
    ck_at(event_of_type("activity.created"), "data.userName", "'Uma'");
    ck_at(ask("updateGoal", path, "{'ownerId': 'user-1'}"), "data.ownerName", "'Uma'");
    ck_at(ask("updateGoal", path, "{'ownerId': 'nobody'}"), "data.ownerName", "null");
}
END_TEST

START_TEST(other_services_ask_what_exists)
{
    const char *a = new_goal(), *b = new_goal(), *gone = new_goal();
    const char *other = "018f0000-0000-7000-8000-000000000001";
    const char *strategy = text_at(
        ask("createStrategy", format("{'goalId': '%s'}", a), "{'description': 's'}"), "data.id");
    const char *lost = text_at(
        ask("createStrategy", format("{'goalId': '%s'}", gone), "{'description': 's'}"), "data.id");

    ck_answer(ask("deleteGoal", path_of(gone), NULL), 200);
    const char *refs = format("{'goalIds': ['%s', '%s', '%s', '%s'], 'strategyIds': ['%s', '%s', "
                              "'%s']}",
                              b, gone, a, other, strategy, lost, other);
    const struct rig_answer *known = ask("checkGoals", NULL, refs);
    ck_at(known, "data.goalIds", format("['%s','%s']", a, b));
    ck_at(known, "data.strategyIds", format("['%s']", strategy));
    ck_at(ask("checkGoals", NULL, "{}"), "data", "{'goalIds':[],'strategyIds':[]}");
    const struct rig_answer *found = ask("findGoals", NULL, refs);
    ck_at(found, "data.goals[0].id", format("'%s'", b));
    ck_at(found, "data.goals[1].strategies[0].id", format("'%s'", strategy));
    ck_at(found, "data.goals[1].progress", "null");
    ck_at(found, "data.goals[2]", "absent");
    ck_at(found, "data.strategies[0].description", "'s'");
    ck_at(found, "data.strategies[1]", "absent");
}
END_TEST

/* Who asks for entries that are there already, or are just being written, changes nothing. */
START_TEST(entries_of_a_reading_are_written_once)
{
    const char *a = new_goal(), *b = new_goal(), *gone = new_goal();
    const char *ids[] = {"018f0000-0000-7000-8000-00000000000a",
                         "018f0000-0000-7000-8000-00000000000b",
                         "018f0000-0000-7000-8000-00000000000c"};

    ck_answer(ask("deleteGoal", path_of(gone), NULL), 200);
    const char *told = format(
        "{'reading': {'id': '018f0000-0000-7000-8000-000000000001', 'period': '2025-01', 'value': "
        "2.5, 'updatedAt': '2025-01-31T10:00:00.000Z', 'updatedBy': 'user-2'}, 'kpi': {'id': "
        "'018f0000-0000-7000-8000-000000000002'}, 'goalIds': ['%s', '%s', '%s'], 'activityIds': "
        "['%s', '%s', '%s'], 'title': 'KPI Updated', 'text': 'a: 2.5'}",
        a, b, gone, ids[0], ids[1], ids[2]);
    const struct rig_answer **answers = ask_at_once(8, "addReadingEntries", NULL, told);
    ck_assert_uint_eq(count_http(answers, 8, 200), 8);
    ck_answer(ask("addReadingEntries", NULL, told), 200);
    const struct rig_answer *feed = ask("getGoalActivity", path_of(b), NULL);
    ck_at(feed, "page.total", "1");
    ck_at(feed, "data[0].id", format("'%s'", ids[1]));
    ck_at(feed, "data[0].type", "'system'");
    ck_at(feed, "data[0].userId", "'user-2'");
    ck_at(feed, "data[0].createdAt", "'2025-01-31T10:00:00.000Z'");
    ck_at(feed, "data[0].metadata.readingId", "'018f0000-0000-7000-8000-000000000001'");
    ck_at(ask("getGoalActivity", path_of(a), NULL), "page.total", "1");
    ck_refused(ask("addReadingEntries", NULL,
                   "{'reading': {'id': '018f0000-0000-7000-8000-000000000001', 'period': "
                   "'2025-01', 'value': 1, 'updatedAt': '2025-01-31T10:00:00.000Z', 'updatedBy': "
                   "'u'}, 'kpi': {'id': '018f0000-0000-7000-8000-000000000002'}, 'goalIds': "
                   "['018f0000-0000-7000-8000-000000000003'], 'activityIds': [], 'text': 't'}"),
               400, "INVALID_REQUEST");
}
END_TEST

SERVICE_SUITE_MAIN("activity", writes_each_type, refuses_what_is_wrong, notes_are_one_entry,
                   filters_and_pages, attachments_are_limited_per_goal, names_show_once_known,
                   other_services_ask_what_exists, entries_of_a_reading_are_written_once)
