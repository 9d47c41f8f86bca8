/* People: who is known, and telling their names. */
#include "service_rig.h"

static const char *person_path(const char *id)
{
    return format("{'personId': '%s'}", id);
}

static void learn(const char *id, const char *name, int64_t issued_at)
{
    ck_answer(ask("learnPerson", NULL,
                  format("{'userId': '%s', 'name': '%s', 'issuedAt': %lld}", id, name,
                         (long long)issued_at)),
              200);
}

START_TEST(people_are_listed_by_name)
{
    rig_new_tenant();
    learn("1", "Zoë Müller", 10);
    learn("2", "Änne van Damme", 10);
    learn("3", "Bob", 10);
    ck_assert_str_eq(listed("getPeople", NULL, "id"), "2,3,1 3");
    ck_assert_str_eq(listed("getPeople", "{'size': ['1'], 'page': ['2']}", "id"), "3 3");
    ck_assert_str_eq(listed("getPeople", "{'search': ['MÜLL']}", "id"), "1 1");
    ck_assert_str_eq(listed("getPeople", "{'search': ['b']}", "id"), "3 1");
    ck_assert_str_eq(listed("getPeople", "{'search': ['%']}", "id"), " 0");
    ck_assert_str_eq(listed("getPeople", "{'status': ['Active']}", "id"), "2,3,1 3");
    ck_assert_str_eq(listed("getPeople", "{'status': ['inactive']}", "id"), " 0");
    ck_invalid(ask_all("getPeople", NULL, "{'status': ['gone']}", NULL), "status");
    rig_new_tenant();
    ck_assert_str_eq(listed("getPeople", "{'search': ['MÜLL']}", "id"), " 0");
}
END_TEST

START_TEST(a_person_is_read)
{
    rig_new_tenant();
    learn("some body", "Änne van Damme", 10);
    learn("one", "Bob", 10);
    const struct rig_answer *person = ask("getPersonById", person_path("some body"), NULL);
    ck_at(person, "data.id", "'some body'");
    ck_at(person, "data.displayName", "'Änne van Damme'");
    ck_at(person, "data.firstName", "'Änne van'");
    ck_at(person, "data.lastName", "'Damme'");
    ck_at(person, "data.email", "null");
    ck_at(person, "data.isActive", "true");
    ck_at(person, "data.isAssignable", "true");
    ck_at(person, "data.hasSystemAccess", "true");
    ck_at(person, "data.updatedAt", "'1970-01-01T00:00:10.000Z'");
    ck_at(person, "version", "1");
    person = ask("getPersonById", person_path("one"), NULL);
    ck_at(person, "data.firstName", "'Bob'");
    ck_at(person, "data.lastName", "null");
    ck_refused(ask("getPersonById", person_path("two"), NULL), 404, "PERSON_NOT_FOUND");
    rig_new_tenant();
    ck_refused(ask("getPersonById", person_path("one"), NULL), 404, "PERSON_NOT_FOUND");
}
END_TEST

START_TEST(a_name_is_told)
{
    rig_new_tenant();
    const struct rig_answer *person =
        ask("updatePerson", person_path("a/b c"), "{'name': ' Ada  Lovelace '}");
    ck_answer(person, 201);
    ck_at(person, "location", "'/people/a%2Fb%20c'");
    ck_at(person, "data.name", "'Ada  Lovelace'");
    ck_at(person, "data.firstName", "'Ada'");
    ck_at(person, "version", "1");
    ck_at(event_of_type("person.updated"), "data.id", "'a/b c'");
    ck_at(event_of_type("person.updated"), "changes", "absent");
    person = ask("updatePerson", person_path("a/b c"), "{'displayName': 'Ada King'}");
    ck_answer(person, 200);
    ck_at(person, "version", "2");
    ck_at(event_of_type("person.updated"), "changes", "{'name':['Ada  Lovelace','Ada King']}");
    ck_at(ask("getPersonById", person_path("a/b c"), NULL), "data.name", "'Ada King'");
    ck_invalid(ask("updatePerson", person_path("x"), "{}"), "name");
    ck_invalid(ask("updatePerson", person_path("x"), "{'name': ' '}"), "name");
    ck_invalid(ask("updatePerson", person_path("x"), "{'name': 'a', 'displayName': 'b'}"),
               "displayName");
    ck_refused(ask("getPersonById", person_path("x"), NULL), 404, "PERSON_NOT_FOUND");
}
END_TEST

START_TEST(the_version_moves_with_the_name)
{
    rig_new_tenant();
    learn("p", "One", 10);
    caller.if_version = 2;
    ck_refused(ask("updatePerson", person_path("p"), "{'name': 'x'}"), 412, "PRECONDITION_FAILED");
    caller.if_version = 1;
    ck_refused(ask("updatePerson", person_path("unknown"), "{'name': 'x'}"), 412,
               "PRECONDITION_FAILED");
    learn("p", "One", 20);
    ck_at(ask("getPersonById", person_path("p"), NULL), "version", "1");
    learn("p", "Two", 30);
    ck_at(ask("getPersonById", person_path("p"), NULL), "version", "2");
    caller.if_version = 2;
    ck_at(ask("updatePerson", person_path("p"), "{'name': 'Three'}"), "version", "3");
}
END_TEST

/* Only a token that is issued later says more. */
START_TEST(the_name_told_last_counts)
{
    rig_new_tenant();
    learn("p", "Token", 10);
    ck_at(ask("updatePerson", person_path("p"), "{'name': 'Told'}"), "data.name", "'Told'");
    learn("p", "Token", 10);
    learn("p", "Younger", 1000);
    ck_at(ask("getPersonById", person_path("p"), NULL), "data.name", "'Told'");
    learn("p", "Future", INT64_C(4000000000));
    ck_at(ask("getPersonById", person_path("p"), NULL), "data.name", "'Future'");
    ck_at(ask("updatePerson", person_path("p"), "{'name': 'Again'}"), "data.name", "'Again'");
    ck_at(ask("getPersonById", person_path("p"), NULL), "data.name", "'Again'");
    const struct rig_answer *goal = ask("createGoal", NULL, "{'title': 'g', 'owner_id': 'p'}");
    ck_at(goal, "data.ownerName", "'Again'");
}
END_TEST

START_TEST(the_caller_is_the_first_to_assign)
{
    rig_new_tenant();
    learn("1", "Abe", 10);
    learn("2", "Zed", 10);
    learn("3", "Bob", 10);
    caller.user = "2";
    const struct rig_answer *people = ask("getAssignablePeople", NULL, NULL);
    ck_at(people, "data[0].id", "'2'");
    ck_at(people, "data[0].isCurrentUser", "true");
    ck_at(people, "data[0].title", "null");
    ck_at(people, "data[0].primaryRole", "null");
    ck_at(people, "data[1].name", "'Abe'");
    ck_at(people, "data[1].isCurrentUser", "false");
    ck_at(people, "data[2].name", "'Bob'");
    ck_at(people, "data[3]", "absent");
    ck_at(people, "page", "null");
    people = ask_all("getAssignablePeople", NULL, "{'search': ['b']}", NULL);
    ck_at(people, "data[0].name", "'Abe'");
    ck_at(people, "data[2]", "absent");
}
END_TEST

START_TEST(snapshots_have_people)
{
    rig_new_tenant();
    learn("1", "Abe", 10);
    learn("2", "Bob", 20);
    const struct rig_answer *page = ask("entitiesAfter", NULL, "{'kind': 'people'}");
    ck_at(page, "data.events[0].type", "'person.updated'");
    ck_at(page, "data.events[1].snapshot", "true");
    ck_at(page, "data.events[2]", "absent");
    const char *ids =
        format("%s %s", at(page, "data.events[0].data.id"), at(page, "data.events[1].data.id"));
    ck_assert_msg(!strcmp(ids, "'1' '2'") || !strcmp(ids, "'2' '1'"), "%s", ids);
}
END_TEST

START_TEST(people_are_found_by_their_indexes)
{
    rig_new_tenant();
    sql_value(
        format("INSERT INTO goals.people (tenant_id, user_id, name, issued_at) SELECT '%s', "
               "i::text, 'Person ' || md5(i::text), now() FROM generate_series(1, 20000) AS i",
               caller.tenant));
    sql_value("VACUUM ANALYZE goals.people");
    const char *set = format("SET LOCAL app.tenant = '%s'; SET LOCAL ROLE svc_goals; "
                             "SET LOCAL search_path = goals; ",
                             caller.tenant);
    ck_assert_int_ge(
        atoi(sql_value(format("%s SELECT people_found(substr(md5('777'), 3, 12)); SELECT "
                              "pg_stat_get_xact_numscans('people_words'::regclass)",
                              set))),
        1);
    const char *plan = sql_value(
        format("%s EXPLAIN (FORMAT JSON) SELECT p.name FROM people p WHERE p.tenant_id = '%s' "
               "ORDER BY p.name COLLATE \"und-x-icu\", p.user_id LIMIT 10",
               set, caller.tenant));
    ck_assert_msg(strstr(plan, "people_by_name"), "%s", plan);
    ck_at(ask_all("getPeople", NULL, "{'size': ['100'], 'page': ['7']}", NULL), "page.total",
          "20000");
}
END_TEST

SERVICE_SUITE_MAIN("people", people_are_listed_by_name, a_person_is_read, a_name_is_told,
                   the_version_moves_with_the_name, the_name_told_last_counts,
                   the_caller_is_the_first_to_assign, snapshots_have_people,
                   people_are_found_by_their_indexes)
