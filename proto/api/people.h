/* People: they are managed by another system; only their names are stored, from tokens and as they
 * are told. Also what the gateway sends every service about a caller, and a service's reply to
 * ping. */
#ifndef TRACTION_PEOPLE_H
#define TRACTION_PEOPLE_H

#include "model.h"
#include "paging.h"

struct person { /* GET and PUT /people/{personId}; the event person.updated */
    struct str id;
    struct str name;                                  /* = displayName */
    struct str first_name, last_name;                 /* made of the name */
    struct str email;                                 /* never known */
    bool is_active, is_assignable, has_system_access; /* true */
    struct timestamp created_at;                      /* when the person was met first */
    struct timestamp updated_at; /* when the name was told, or the token with it issued */
    int64_t version;
    struct uuid entity; /* made of the id, for events and the order of snapshots; never shown */
};
extern const struct model person_model;

enum { PERSON_ID_MAX = 128, PERSON_NAME_MAX = 200 }; /* characters */

struct people_query {
    struct paging paging;
    struct str search;
    struct texts status; /* words; whoever is known is active */
};
extern const struct model people_query_model;

struct assignable_person { /* GET /people/assignable */
    struct str id, name;
    struct str title, primary_role; /* never known */
    bool is_current_user;
};
extern const struct model assignable_person_model;

struct assignable_query {
    struct str search;
    struct str person_id; /* for SQL: the caller as a person */
};
extern const struct model assignable_query_model;

struct learned_person { /* body of learnPerson */
    struct str person_id;
    struct str name;
    int64_t issued_at; /* the token's iat: seconds since 1970 */
};
extern const struct model learned_person_model;

/* Reply of ping. It has no details of a database fault, because the gateway shows it to anybody;
 * those are in the service's log and at its admin port. */
struct ping {
    bool database;
};
extern const struct model ping_model;

#endif
