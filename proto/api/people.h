/* What the gateway tells every service about a caller, and what each service says of itself. People
 * live in another system; only their names are learned, from tokens. */
#ifndef TRACTION_PEOPLE_H
#define TRACTION_PEOPLE_H

#include "model.h"

struct person { /* body of learnPerson */
    struct str person_id;
    struct str name;
    int64_t issued_at; /* the token's iat: seconds since 1970 */
};
extern const struct model person_model;

/* Reply of ping. What is wrong with the database stays in the service's log and at its admin port:
 * the gateway tells this to strangers. */
struct ping {
    bool database;
};
extern const struct model ping_model;

#endif
