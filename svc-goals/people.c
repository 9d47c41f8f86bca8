/* People: the names that tokens have said, and that another system tells. Every service keeps them
 * for its answers; this one answers who is known, because all others hear its events, by which they
 * learn what is told here (docs/names.md). */
#include "people.h"

#include "event_types.h"
#include "goal_handlers.h"
#include "lookup.h"
#include "queries.h"
#include "text.h"

/* The last word of a name with several is the family's; nobody says more of it here. */
static void complete(struct person *people, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct person *person = &people[i];
        size_t at = person->name.size;

        while (at > 0 && person->name.data[at - 1] != ' ')
            at--;
        person->first_name = person->name;
        person->last_name = STR_NONE;
        if (at > 0) {
            person->first_name = text_trimmed((struct str){person->name.data, at - 1});
            person->last_name = (struct str){person->name.data + at, person->name.size - at};
        }
        person->email = STR_NONE;
        person->is_active = person->is_assignable = person->has_system_access = true;
    }
}

/* GET /people: by name */
void people_get(struct op *op)
{
    struct people_query query;
    struct list people = {NULL, 0};
    struct row_count total = {0};
    bool found;

    if (!op_query(op, AS(people_query, &query)))
        return;
    sql_queue_rows(op, PEOPLE_BY_NAME, AS(people_query, &query), &person_model, &people);
    sql_queue_row(op, PEOPLE_COUNT, AS(people_query, &query), AS(row_count, &total), &found);
    if (!sql_wait(op))
        return;
    complete(people.items, people.count);
    op_reply_list(op, &person_model, people, &query.paging, total.count);
}

/* GET /people/assignable */
void assignable_people_get(struct op *op)
{
    struct assignable_query query;
    struct list people = {NULL, 0};

    if (!op_query(op, AS(assignable_query, &query)))
        return;
    query.person_id = op->request->user_person.data ? op->request->user_person : op->request->user;
    if (sql_rows(op, PEOPLE_ASSIGNABLE, AS(assignable_query, &query), &assignable_person_model,
                 &people))
        op_reply_list(op, &assignable_person_model, people, NULL, 0);
}

/* A person of the path; what cannot be an id is not found. */
static bool path_person(struct op *op, struct person *person)
{
    model_clear(AS(person, person));
    person->id = op_path_text(op, "personId");
    return (person->id.size > 0 && utf8_length(person->id) <= PERSON_ID_MAX) ||
           op_fail(op, STATUS_PERSON_NOT_FOUND);
}

/* GET /people/{personId} */
void person_by_id_get(struct op *op)
{
    struct person person;

    if (!path_person(op, &person) ||
        !sql_row(op, PERSON_BY_ID, AS(person, &person), AS(person, &person)))
        return;
    complete(&person, 1);
    op_reply(op, AS(person, &person), person.version);
}

/* Every byte but those that a path has as they are. */
static struct str escaped(struct op *op, struct str id)
{
    struct buffer out = buffer_in(op->arena, 3 * id.size + 1);

    for (size_t i = 0; i < id.size; i++) {
        unsigned char byte = (unsigned char)id.data[i];
        bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '.' || byte == '_' ||
                     byte == '~';
        struct str text = plain ? (struct str){&id.data[i], 1}
                                : arena_printf(op->arena, "%%%02X", (unsigned)byte);
        buffer_append(&out, text.data, text.size);
    }
    return buffer_str(&out);
}

/* PUT /people/{personId}: tells the name, also of somebody who has never called. */
void person_update(struct op *op)
{
    struct person key, before, told, person;
    bool known, put;

    if (!path_person(op, &key))
        return;
    before = key;
    if (!sql_find(op, PERSON_FOR_UPDATE, AS(person, &key), AS(person, &before), &known) ||
        !op_version_ok(op, known ? before.version : 0))
        return;
    told = before;
    if (!op_gather_patch(op, AS(person, &told)))
        return;
    if (!known && !op_named(op, "name"))
        op_invalid(op, "name", "is required");
    if (!op_valid(op) || !sql_find(op, PERSON_PUT, AS(person, &told), AS(person, &person), &put))
        return;
    complete(&person, 1);
    if (known) {
        op_event_changed(op, EVENT_PERSON_UPDATED, person.entity, person.version,
                         AS(person, &before), AS(person, &person));
    } else {
        op_event(op, EVENT_PERSON_UPDATED, person.entity, person.version, AS(person, &person));
        op_created(op,
                   arena_printf(op->arena, "/people/" STR_FMT, STR_ARG(escaped(op, person.id))));
    }
    op_reply(op, AS(person, &person), person.version);
}
