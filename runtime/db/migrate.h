/* Migrations: embedded, forward only, each with the checksum of its text, applied under an advisory
 * lock so that replicas that start together do not collide. Blocking calls, used before the loop
 * runs. `schema` is also what the service's role is named after: schema "goals", role "svc_goals".
 */
#ifndef TRACTION_MIGRATE_H
#define TRACTION_MIGRATE_H

#include <stdbool.h>

#include "statement.h"

/* As the owner (`url` may create roles and schemas): creates the schema and the role when missing,
 * applies what is missing (or takes back its record, when somebody has gone back to programs before
 * it), grants. False after one printed line: a changed checksum, an unknown
 * newer migration, an error of the database. */
bool migrate(const char *url, const char *schema, const struct migration *migrations);

/* As the service: true when the schema is exactly what this program knows. Otherwise *reason says
 * in one sentence (static storage) whether it is older (waiting may help), newer, changed, or why
 * the database cannot be asked. */
enum schema_state {
    SCHEMA_CURRENT,
    SCHEMA_OLDER,
    SCHEMA_NEWER,
    SCHEMA_CHANGED,
    SCHEMA_UNREACHABLE
};
enum schema_state migrate_check(const char *url, const char *schema,
                                const struct migration *migrations, const char **reason);

#endif
