/* Whether row level security applies to the role of a connection string. It does not apply to a
 * superuser, to a role with BYPASSRLS, or (without FORCE) to the owner of a table; a service must
 * not run as one of these. A blocking call, used before requests are taken. */
#ifndef TRACTION_ROLE_H
#define TRACTION_ROLE_H

#include <stdbool.h>

enum role_state {
    ROLE_BOUND,
    ROLE_PRIVILEGED,  /* *reason says why, as a clause: "is a superuser" */
    ROLE_UNREACHABLE, /* the database could not be asked */
    ROLE_POOLED,      /* a pooler is between that does not keep sessions; *reason is a clause */
};

/* *reason has static storage. */
enum role_state role_check(const char *url, const char *schema, const char **reason);

/* Gives the role svc_<schema> the password of `service_url`, as the owner (`owner_url`), so that
 * the one place where a deployment keeps a password is the URL of the service. True also when that
 * URL has no password; false after one printed line. The server is sent the password's SCRAM
 * verifier only. */
bool role_set_password(const char *owner_url, const char *service_url, const char *schema);

#endif
