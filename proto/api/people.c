/* Field tables of people, and of the operations that every service has. */
#include "people.h"

/* True of everybody, because only the system that manages people knows more. */
#define OF_ALL(member_, name_, doc_)                                                        \
    FIELD(person, member_, name_, .flags = FIELD_READ_ONLY | FIELD_COMPUTED, .doc = (doc_), \
          .example = "true")

static const struct field person_fields[] = {
    FIELD(person, id, "id", .flags = FIELD_READ_ONLY | FIELD_PRESENT,
          .doc = "the id that owners and assignees are named by", .example = "\"zoe.mueller\""),
    FIELD(person, name, "name", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1,
          .max = PERSON_NAME_MAX, .aliases = "displayName",
          .doc = "of the token that was issued last, or as it was told later",
          .example = "\"Zoë Müller\""),
    FIELD_AS(person, name, "displayName", .flags = FIELD_READ_ONLY | FIELD_COMPUTED | FIELD_PRESENT,
             .doc = "the same as name", .example = "\"Zoë Müller\""),
    FIELD(person, first_name, "firstName", .flags = FIELD_READ_ONLY | FIELD_COMPUTED,
          .doc = "the name without its last word, or all of it", .example = "\"Zoë\""),
    FIELD(person, last_name, "lastName", .flags = FIELD_READ_ONLY | FIELD_COMPUTED,
          .doc = "the last word of the name, when it has several", .example = "\"Müller\""),
    FIELD(person, email, "email", .flags = FIELD_READ_ONLY | FIELD_COMPUTED,
          .doc = "null: it is not known here", .example = "null"),
    OF_ALL(is_active, "isActive", "true of everybody who is known"),
    OF_ALL(is_assignable, "isAssignable", "true of everybody who is known"),
    OF_ALL(has_system_access, "hasSystemAccess", "true of everybody who is known"),
    FIELD(person, created_at, "createdAt", .flags = FIELD_READ_ONLY | FIELD_PRESENT,
          .doc = "when the person was met first"),
    FIELD(person, updated_at, "updatedAt", .flags = FIELD_READ_ONLY | FIELD_PRESENT | FIELD_NOTED,
          .doc = "when the name was told, or the token with it was issued"),
    COLUMN(person, version),
    COLUMN(person, entity),
};
const struct model person_model = MODEL("Person", person, person_fields);

static const char *const person_status_texts[] = {NULL, "active", "inactive"};
static const struct enum_names person_status_names = ENUM_NAMES(person_status_texts);

static const struct field people_query_fields[] = {
    PAGE_FIELDS(people_query, PAGE_DEFAULT, PAGE_MAX),
    FIELD(people_query, search, "search", .min = 1, .max = 200,
          .doc = "part of the name, in any case"),
    FIELD(people_query, status, "status", .enum_names = &person_status_names,
          .doc = "whoever is known is active; nobody is inactive"),
};
const struct model people_query_model = MODEL("PeopleQuery", people_query, people_query_fields);

static const struct field assignable_person_fields[] = {
    FIELD(assignable_person, id, "id", .flags = FIELD_PRESENT,
          .doc = "the id that owners and assignees are named by", .example = "\"zoe.mueller\""),
    FIELD(assignable_person, name, "name", .flags = FIELD_PRESENT, .doc = "as it is now",
          .example = "\"Zoë Müller\""),
    FIELD(assignable_person, title, "title", .flags = FIELD_COMPUTED,
          .doc = "null: it is not known here", .example = "null"),
    FIELD(assignable_person, primary_role, "primaryRole", .flags = FIELD_COMPUTED,
          .doc = "null: it is not known here", .example = "null"),
    FIELD(assignable_person, is_current_user, "isCurrentUser", .doc = "the caller"),
};
const struct model assignable_person_model =
    MODEL("AssignablePerson", assignable_person, assignable_person_fields);

static const struct field assignable_query_fields[] = {
    FIELD(assignable_query, search, "search", .min = 1, .max = 200,
          .doc = "part of the name, in any case"),
    COLUMN(assignable_query, person_id),
};
const struct model assignable_query_model =
    MODEL("AssignableQuery", assignable_query, assignable_query_fields);

static const struct field learned_person_fields[] = {
    FIELD(learned_person, person_id, "userId", .flags = FIELD_REQUIRED, .min = 1, .max = 128,
          .doc = "the other system's id"),
    FIELD(learned_person, name, "name", .flags = FIELD_REQUIRED, .min = 1, .max = 500,
          .doc = "display name of the token"),
    FIELD(learned_person, issued_at, "issuedAt", .flags = FIELD_REQUIRED, .min = 0,
          .max = 253402300799.0, /* the end of the year 9999 */
          .doc = "when the token was issued, in seconds since 1970"),
};
const struct model learned_person_model =
    MODEL("LearnedPerson", learned_person, learned_person_fields);

static const struct field ping_fields[] = {
    FIELD(ping, database, "database", .doc = "the database answers"),
};
const struct model ping_model = MODEL("Ping", ping, ping_fields);
