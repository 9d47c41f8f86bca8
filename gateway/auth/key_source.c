/* A read is one or two documents: with discovery, the provider's configuration before the key set,
 * unless its address is known from the last read. */
#include "key_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <jansson.h>

#include "arena.h"
#include "fetch.h"
#include "memory.h"

enum {
    HOST_MAX = 256,
    URL_MAX = 1000,
    REASON_MAX = 256,
    WAITING_MAX = 64,
    WAIT_MS = 2000,
    AGAIN_MS = 10000, /* after a read that failed */
    /* What Cache-Control may say, and what counts where it says nothing. */
    FRESH_MIN_S = 60,
    FRESH_MAX_S = 3600,
    FRESH_S = 600,
};
#define WANTED_AGAIN_US (INT64_C(30) * 1000000)

static const char well_known[] = "/.well-known/openid-configuration";

struct key_source {
    struct loop *loop;
    struct key_source_config config;
    key_source_take_fn *take;
    key_source_lost_fn *lost;
    void *argument;
    struct fetcher *fetcher;
    struct loop_timer *again, *waited;
    char *first;        /* the address that is read first */
    char keys[URL_MAX]; /* found by discovery; empty: not yet */
    bool reading, closed;
    int64_t began_us; /* the last read */
    struct key_wait *waiting, **last;
    size_t waiting_count;
};

/* --- Addresses --- */

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           strncmp(host, "127.", 4) == 0;
}

/* NULL, or why it may not be asked. */
static const char *refusal_of(const struct key_source_config *config, const char *url,
                              char host[HOST_MAX])
{
    bool plain;

    if (strlen(url) >= URL_MAX)
        return "it is too long";
    if (!fetch_host(url, host, HOST_MAX, &plain))
        return "it is no https address without a password in it";
    if (plain && !config->plain && !is_loopback(host))
        return "http is only for loopback, unless TRACTION_JWT_PLAIN_HTTP is on";
    return NULL;
}

static char *first_of(const struct key_source_config *config)
{
    struct str issuer = config->issuer;

    if (!config->discovery)
        return xstrdup(config->url);
    while (issuer.size > 0 && issuer.data[issuer.size - 1] == '/')
        issuer.size--;
    char *url = xcalloc(1, issuer.size + sizeof well_known);
    memcpy(url, issuer.data, issuer.size);
    memcpy(url + issuer.size, well_known, sizeof well_known);
    return url;
}

bool key_source_check(const struct key_source_config *config, char *why, size_t size)
{
    char host[HOST_MAX];

    if (config->discovery && !config->issuer.data) {
        snprintf(why, size, "TRACTION_JWT_DISCOVERY needs TRACTION_JWT_ISSUER");
        return false;
    }
    char *url = first_of(config);
    const char *refusal = refusal_of(config, url, host);
    if (refusal)
        snprintf(why, size, "%s cannot be used: %s",
                 config->discovery ? "TRACTION_JWT_ISSUER" : "TRACTION_JWT_JWKS_URL", refusal);
    else if (config->ca_file && access(config->ca_file, R_OK) != 0)
        snprintf(why, size, "TRACTION_JWT_CA_FILE: \"%s\" cannot be used: %s", config->ca_file,
                 strerror(errno));
    else
        size = 0;
    free(url);
    return size == 0;
}

/* --- Discovery --- */

static bool is_allowed_host(const struct key_source *source, const char *host)
{
    char own[HOST_MAX];
    bool plain;

    if (fetch_host(source->first, own, sizeof own, &plain) && strcmp(own, host) == 0)
        return true;
    for (struct str rest = source->config.hosts; rest.data;)
        if (str_equal_nocase(str_cut(&rest, ','), str_of(host)))
            return true;
    return false;
}

/* NULL and `keys`, or what is wrong with the configuration. */
static const char *read_configuration(struct key_source *source, const json_t *found)
{
    struct str issuer = str_of(json_string_value(json_object_get(found, "issuer")));
    const char *url = json_string_value(json_object_get(found, "jwks_uri"));
    char host[HOST_MAX];

    if (!issuer.data || !str_equal(issuer, source->config.issuer))
        return "the configuration is of another issuer";
    const char *refusal = url ? refusal_of(&source->config, url, host) : "it is missing";
    if (refusal)
        return "the configuration's jwks_uri is no address that may be asked";
    if (!is_allowed_host(source, host))
        return "the configuration's jwks_uri is on another host; TRACTION_JWT_KEY_HOSTS allows it";
    snprintf(source->keys, sizeof source->keys, "%s", url);
    return NULL;
}

/* --- Reads --- */

static void read_keys(struct key_source *source);

static void release(struct key_wait *waiting)
{
    while (waiting) {
        struct key_wait *wait = waiting;
        waiting = wait->after;
        wait->next(wait->argument);
    }
}

static void end_waits(struct key_source *source)
{
    struct key_wait *waiting = source->waiting;

    source->waiting = NULL;
    source->last = &source->waiting;
    source->waiting_count = 0;
    loop_timer_stop(source->waited);
    release(waiting);
}

static void end_read(struct key_source *source, int64_t again_ms)
{
    source->reading = false;
    loop_timer_set(source->again, again_ms, 0);
    end_waits(source);
}

static void fail(struct key_source *source, const char *why)
{
    source->keys[0] = '\0'; /* they may have moved */
    source->lost(source->argument, why);
    end_read(source, AGAIN_MS);
}

static int64_t fresh_s(int64_t max_age_s)
{
    if (max_age_s < 0)
        return FRESH_S;
    return max_age_s < FRESH_MIN_S   ? FRESH_MIN_S
           : max_age_s > FRESH_MAX_S ? FRESH_MAX_S
                                     : max_age_s;
}

static void on_keys(void *argument, const char *why, struct str body, int64_t max_age_s)
{
    struct key_source *source = argument;
    int64_t fresh = fresh_s(max_age_s);
    char reason[REASON_MAX];

    if (why)
        fail(source, why);
    else if (source->take(source->argument, body, fresh * 1000000, reason, sizeof reason))
        end_read(source, fresh * 1000);
    else
        fail(source, reason);
}

static void on_configuration(void *argument, const char *why, struct str body, int64_t max_age_s)
{
    struct key_source *source = argument;
    json_t *found = why ? NULL : json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, NULL);

    (void)max_age_s; /* read again when the keys are not where it says */
    if (!why)
        why = found ? read_configuration(source, found) : "the configuration is no JSON";
    if (why)
        fail(source, why);
    else
        read_keys(source);
    json_decref(found);
}

static void read_keys(struct key_source *source)
{
    if (!source->config.discovery)
        fetch(source->fetcher, source->first, on_keys, source);
    else if (source->keys[0])
        fetch(source->fetcher, source->keys, on_keys, source);
    else
        fetch(source->fetcher, source->first, on_configuration, source);
}

static void begin(void *argument)
{
    struct key_source *source = argument;

    if (source->reading || source->closed)
        return;
    source->reading = true;
    source->began_us = loop_now_us(source->loop);
    read_keys(source);
}

void key_source_want(struct key_source *source)
{
    if (loop_now_us(source->loop) - source->began_us >= WANTED_AGAIN_US)
        begin(source);
}

bool key_source_is_reading(const struct key_source *source)
{
    return source->reading;
}

/* --- Waits --- */

/* Those that have waited long enough; the rest in their order. */
static void on_waited(void *argument)
{
    struct key_source *source = argument;
    int64_t now_us = loop_now_us(source->loop);
    struct key_wait *due = source->waiting, **end = &due;

    while (*end && (*end)->until_us <= now_us) {
        end = &(*end)->after;
        source->waiting_count--;
    }
    source->waiting = *end;
    *end = NULL;
    if (source->waiting)
        loop_timer_set(source->waited, (source->waiting->until_us - now_us) / 1000 + 1, 0);
    else
        source->last = &source->waiting;
    release(due);
}

bool key_source_await(struct key_source *source, struct key_wait *wait)
{
    if (!source->reading || source->waiting_count == WAITING_MAX)
        return false;
    wait->until_us = loop_now_us(source->loop) + (int64_t)WAIT_MS * 1000;
    wait->after = NULL;
    if (!source->waiting)
        loop_timer_set(source->waited, WAIT_MS, 0);
    *source->last = wait;
    source->last = &wait->after;
    source->waiting_count++;
    return true;
}

/* --- The whole --- */

struct key_source *key_source_new(struct loop *loop, const struct key_source_config *config,
                                  key_source_take_fn *take, key_source_lost_fn *lost,
                                  void *argument)
{
    struct key_source *source = xcalloc(1, sizeof *source);

    source->loop = loop;
    source->config = *config;
    source->take = take;
    source->lost = lost;
    source->argument = argument;
    source->first = first_of(config);
    source->last = &source->waiting;
    source->fetcher = fetcher_new(loop, config->ca_file);
    source->again = loop_timer_new(loop, 0, 0, begin, source);
    source->waited = loop_timer_new(loop, WAIT_MS, 0, on_waited, source);
    loop_timer_stop(source->waited);
    begin(source);
    return source;
}

const char *key_source_name(const struct key_source *source)
{
    return source->first;
}

void key_source_close(struct key_source *source)
{
    source->closed = true;
    source->reading = false;
    fetcher_destroy(&source->fetcher);
    end_waits(source);
}

void key_source_destroy(struct key_source **source)
{
    if (!*source)
        return;
    loop_timer_destroy(&(*source)->again);
    loop_timer_destroy(&(*source)->waited);
    fetcher_destroy(&(*source)->fetcher);
    free((*source)->first);
    free(*source);
    *source = NULL;
}
