/* The public keys of an identity provider, read over HTTP: from where, when again, and which
 * requests wait for them. Does not look at keys (key_set.h). */
#ifndef TRACTION_KEY_SOURCE_H
#define TRACTION_KEY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"
#include "str.h"

struct key_source_config {
    const char *url;     /* of the JWK set; NULL: by discovery */
    bool discovery;      /* reads it from the issuer's /.well-known/openid-configuration */
    struct str issuer;   /* likewise; the document has to name the same */
    struct str hosts;    /* on which discovery may find keys beside the issuer's own, by commas */
    const char *ca_file; /* certificates of the trusted authorities; NULL: the system's */
    bool plain;          /* http is allowed beyond loopback */
};

/* Whether the addresses may be asked; else the variable and what is wrong with it. */
bool key_source_check(const struct key_source_config *config, char *why, size_t size);

/* The text of a key set, and for how long it need not be read again. False and why: it is none. */
typedef bool key_source_take_fn(void *argument, struct str text, int64_t fresh_us, char *why,
                                size_t size);
/* It could not be read, or not be taken. */
typedef void key_source_lost_fn(void *argument, const char *why);

struct key_source;

/* Begins to read at once. `config` is copied, its texts are not. */
struct key_source *key_source_new(struct loop *loop, const struct key_source_config *config,
                                  key_source_take_fn *take, key_source_lost_fn *lost,
                                  void *argument);
void key_source_destroy(struct key_source **source); /* after key_source_close */
/* Where it reads first, for the log. */
const char *key_source_name(const struct key_source *source);

/* A token names a key that is not there: reads again, unless that was begun less than 30 s ago. */
void key_source_want(struct key_source *source);
bool key_source_is_reading(const struct key_source *source);

struct key_wait {
    void (*next)(void *argument);
    void *argument;
    int64_t until_us;
    struct key_wait *after;
};
/* Calls `next` when the read that is under way has ended, or after 2 s. False: none is under way,
 * or 64 wait already; then it is not called. The struct stays until then. */
bool key_source_await(struct key_source *source, struct key_wait *wait);
/* Ends the read and every wait. */
void key_source_close(struct key_source *source);

#endif
