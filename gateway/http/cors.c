/* Origins: a list of exact ones, of ones with any port ("http://localhost:*"), of any subdomain
 * ("*.example.com" behind its scheme), or "*" for all. */
#include "cors.h"

#include <stdlib.h>

#include "memory.h"
#include "trim.h"

const char cors_allowed_fields[] =
    "Authorization, X-Tenant-Id, Content-Type, If-Match, If-None-Match, Idempotency-Key, "
    "Last-Event-ID, X-Request-Id, traceparent, tracestate, baggage, sentry-trace, "
    "X-Frontend-Base-Url, Cache-Control";
const char cors_exposed_fields[] = "ETag, Location, X-Request-Id, Retry-After, X-Last-Event-Id, "
                                   "X-Degraded, Content-Disposition";
const char cors_max_age[] = "600";

struct cors {
    struct str origins;
};

struct cors *cors_new(struct str origins)
{
    struct cors *cors = xcalloc(1, sizeof *cors);

    cors->origins = origins;
    return cors;
}

void cors_destroy(struct cors **cors)
{
    free(*cors);
    *cors = NULL;
}

/* Takes ":" and digits, or in a pattern ":*", off the end of an origin. */
static struct str cut_port(struct str *origin, bool pattern)
{
    size_t at = origin->size;
    bool any = pattern && at > 0 && origin->data[at - 1] == '*';

    while (at > 0 && origin->data[at - 1] >= '0' && origin->data[at - 1] <= '9')
        at--;
    at -= any;
    if (at < 2 || origin->data[at - 1] != ':' || origin->size - at > 5 || origin->size == at)
        return STR("");
    struct str port = {origin->data + at - 1, origin->size - at + 1};
    origin->size = at - 1;
    return port;
}

/* Names and the dots between them: "a.b" */
static bool is_subdomain(struct str text)
{
    while (text.data) {
        struct str label = str_cut(&text, '.');
        for (size_t i = 0; i < label.size; i++) {
            char c = label.data[i];
            bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (c < '0' || c > '9') && c != '-' && c != '_')
                return false;
        }
        if (label.size == 0)
            return false;
    }
    return true;
}

/* Both without their ports. */
static bool matches_host(struct str pattern, struct str origin)
{
    struct str domain = pattern;
    struct str scheme = str_cut(&domain, '*'); /* and ".example.com" is left */

    if (!domain.data || scheme.size == 0 || domain.size < 2 || domain.data[0] != '.')
        return str_equal_nocase(pattern, origin);
    if (origin.size <= scheme.size + domain.size)
        return false;
    struct str begin = {origin.data, scheme.size};
    struct str end = {origin.data + origin.size - domain.size, domain.size};
    struct str between = {origin.data + scheme.size, origin.size - scheme.size - domain.size};
    return str_equal_nocase(begin, scheme) && str_equal_nocase(end, domain) &&
           is_subdomain(between);
}

static bool matches(struct str pattern, struct str origin)
{
    if (str_equal(pattern, STR("*")))
        return true;
    struct str wanted = cut_port(&pattern, true), port = cut_port(&origin, false);
    return (str_equal(wanted, STR(":*")) || str_equal(wanted, port)) &&
           matches_host(pattern, origin);
}

bool cors_allows(const struct cors *cors, struct str origin)
{
    struct str rest = cors->origins;

    while (rest.data) {
        struct str pattern = trim(str_cut(&rest, ','));
        if (pattern.size > 0 && matches(pattern, origin))
            return true;
    }
    return false;
}
