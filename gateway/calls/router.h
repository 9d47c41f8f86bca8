/* Finds the operation of a request by method and path, from the table of all operations. */
#ifndef TRACTION_ROUTER_H
#define TRACTION_ROUTER_H

#include "arena.h"
#include "operation.h"
#include "str.h"

enum { ROUTE_VALUES_MAX = 4 };

enum route_outcome {
    ROUTE_FOUND,
    ROUTE_UNKNOWN,   /* no such path */
    ROUTE_METHOD,    /* the path exists, but not for this method; also every OPTIONS */
    ROUTE_MALFORMED, /* bad percent-encoding in a parameter */
};

struct http_route {
    enum route_outcome outcome;
    const struct operation *operation; /* when found */
    unsigned methods;                  /* 1 << enum http_method for each that the path has */
    struct str base; /* prefix by which the caller came: "" or TRACTION_BASE_PATH */
    unsigned form;   /* enum address_form: how the caller spelled what follows it */
    struct str values[ROUTE_VALUES_MAX]; /* of the path's parameters, decoded, in order */
    size_t count;
};

struct router;

/* Every operation that is not internal gets a route; `base_path` may be empty. */
struct router *router_new(struct str base_path);
void router_destroy(struct router **router);

/* METHOD_NONE for what no route has; HEAD counts as GET. */
enum http_method router_method(struct str method);
struct http_route router_find(const struct router *router, struct arena *arena,
                              enum http_method method, struct str path);

/* Of a found route: the packed map of parameters, and the operation's own path with their values,
 * percent-encoded: the same however the caller spelled it. */
struct str route_pack_values(struct arena *arena, const struct http_route *route);
struct str route_path(struct arena *arena, const struct http_route *route);
/* A path that a service names, such as Location, in the form of address that the caller used. */
struct str route_location(struct arena *arena, const struct http_route *route, struct str location);
/* "GET, HEAD, PUT, OPTIONS" */
struct str route_allow(struct arena *arena, unsigned methods);

#endif
