/* Origins: a list of exact ones, of ones with any port ("http://localhost:*"), or "*" for all. */
#include "cors.h"

#include <stdlib.h>

#include "trim.h"

const char cors_allowed_fields[] =
    "Authorization, X-Tenant-Id, Content-Type, If-Match, If-None-Match, Idempotency-Key, "
    "Last-Event-ID, X-Request-Id, traceparent, Cache-Control";
const char cors_exposed_fields[] = "ETag, Location, X-Request-Id, Retry-After, X-Last-Event-Id, "
                                   "X-Degraded, Content-Disposition";
const char cors_max_age[] = "600";

struct cors {
    struct str origins;
};

struct cors *cors_new(struct str origins)
{
    struct cors *cors = calloc(1, sizeof *cors);

    if (!cors)
        abort();
    cors->origins = origins;
    return cors;
}

void cors_destroy(struct cors **cors)
{
    free(*cors);
    *cors = NULL;
}

/* Nothing, or ":" and digits. */
static bool is_port(struct str text)
{
    if (text.size == 0)
        return true;
    if (text.data[0] != ':' || text.size < 2 || text.size > 6)
        return false;
    for (size_t i = 1; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}

static bool matches(struct str pattern, struct str origin)
{
    if (str_equal(pattern, STR("*")) || str_equal_nocase(pattern, origin))
        return true;
    if (pattern.size < 3 || pattern.data[pattern.size - 2] != ':' ||
        pattern.data[pattern.size - 1] != '*')
        return false;
    struct str stem = {pattern.data, pattern.size - 2};
    return origin.size >= stem.size &&
           str_equal_nocase((struct str){origin.data, stem.size}, stem) &&
           is_port((struct str){origin.data + stem.size, origin.size - stem.size});
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
