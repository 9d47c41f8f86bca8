/* The counts of the running second, with the first refusal of each kind as an example. */
#include "refusals.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "memory.h"

enum { SECOND_MS = 1000, TEXT_MAX = 200 };

struct text {
    char data[TEXT_MAX];
    size_t size;
};

struct kind {
    uint64_t count;
    struct text request_id, method, path;
    int http;
};

struct refusals {
    struct loop_timer *timer;
    bool any;
    struct kind kinds[STATUS_COUNT];
};

static void keep(struct text *text, struct str given)
{
    text->size = given.size < TEXT_MAX ? given.size : TEXT_MAX;
    if (text->size > 0)
        memcpy(text->data, given.data, text->size);
}

static struct str kept(const struct text *text)
{
    return (struct str){text->data, text->size};
}

static void log_counts(void *argument)
{
    struct refusals *refusals = argument;

    for (size_t i = 0; refusals->any && i < STATUS_COUNT; i++) {
        struct kind *kind = &refusals->kinds[i];
        if (kind->count == 0)
            continue;
        const struct log_context context = {.request_id = kept(&kind->request_id)};
        const struct log_context *before = log_use(&context);
        log_info("refused strangers", LOG_CSTR("code", status_code((enum status)i)),
                 LOG_INT("status", kind->http), LOG_INT("count", (int64_t)kind->count),
                 LOG_TEXT("method", kept(&kind->method)), LOG_TEXT("path", kept(&kind->path)));
        log_use(before);
        kind->count = 0;
    }
    refusals->any = false;
}

struct refusals *refusals_new(struct loop *loop)
{
    struct refusals *refusals = xcalloc(1, sizeof *refusals);

    refusals->timer = loop_timer_new(loop, SECOND_MS, SECOND_MS, log_counts, refusals);
    return refusals;
}

void refusals_destroy(struct refusals **refusals)
{
    if (!*refusals)
        return;
    log_counts(*refusals);
    loop_timer_destroy(&(*refusals)->timer);
    free(*refusals);
    *refusals = NULL;
}

void refusals_count(struct refusals *refusals, enum status status, const struct refusal *refusal)
{
    struct kind *kind = &refusals->kinds[status];

    refusals->any = true;
    if (kind->count++ > 0)
        return;
    keep(&kind->request_id, refusal->request_id);
    keep(&kind->method, refusal->method);
    keep(&kind->path, refusal->path);
    kind->http = refusal->http;
}
