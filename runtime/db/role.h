/* Whether the role of a connection string is bound by row level security: the last wall between
 * tenants does not stand before a superuser, a role with BYPASSRLS, or (a policy may say so) the
 * owner of a table. A blocking call, used before requests are taken. */
#ifndef TRACTION_ROLE_H
#define TRACTION_ROLE_H

enum role_state {
    ROLE_BOUND,
    ROLE_MIGHTY,      /* *reason says why, as a clause: "is a superuser" */
    ROLE_UNREACHABLE, /* the database could not be asked */
};

/* *reason has static storage. */
enum role_state role_check(const char *url, const char *schema, const char **reason);

#endif
