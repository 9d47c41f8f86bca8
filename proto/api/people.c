/* Field tables of the operations that every service has. */
#include "people.h"

static const struct field person_fields[] = {
    FIELD(person, person_id, "userId", .flags = FIELD_REQUIRED, .min = 1, .max = 128,
          .doc = "the other system's id"),
    FIELD(person, name, "name", .flags = FIELD_REQUIRED, .min = 1, .max = 500,
          .doc = "display name of the token"),
    FIELD(person, issued_at, "issuedAt", .flags = FIELD_REQUIRED, .min = 0,
          .max = 253402300799.0, /* the end of the year 9999 */
          .doc = "when the token was issued, in seconds since 1970"),
};
const struct model person_model = MODEL("Person", person, person_fields);

static const struct field ping_fields[] = {
    FIELD(ping, database, "database", .doc = "the database answers"),
};
const struct model ping_model = MODEL("Ping", ping, ping_fields);
