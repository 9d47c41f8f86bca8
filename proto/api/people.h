/* What the gateway sends every service about a caller, and a service's reply to ping. People are
 * managed by another system; only their names are stored, from tokens. */
#ifndef TRACTION_PEOPLE_H
#define TRACTION_PEOPLE_H

#include "model.h"

struct person { /* body of learnPerson */
    struct str person_id;
    struct str name;
    int64_t issued_at; /* the token's iat: seconds since 1970 */
};
extern const struct model person_model;

/* Reply of ping. It has no details of a database fault, because the gateway shows it to anybody;
 * those are in the service's log and at its admin port. */
struct ping {
    bool database;
};
extern const struct model ping_model;

#endif
