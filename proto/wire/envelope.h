/* Messages between processes: a request and a reply, each one msgpack map in one ZeroMQ frame.
 * Keys are short and fixed; readers ignore unknown keys, so a newer peer may add some.
 * Version 1. A message of a higher version is refused with SERVICE_UNAVAILABLE. */
#ifndef TRACTION_ENVELOPE_H
#define TRACTION_ENVELOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "limit.h"
#include "status.h"
#include "str.h"
#include "timing.h"
#include "unpack.h"

enum { ENVELOPE_VERSION = 1 };

/* Who made a command id, which decides how long the answer is stored. */
enum command_source {
    COMMAND_NONE,    /* reads */
    COMMAND_CLIENT,  /* the client's Idempotency-Key: 24 hours */
    COMMAND_GATEWAY, /* made by the gateway so that its own retries are safe: 10 minutes */
};

struct request {
    uint64_t correlation;   /* chosen by the sender, repeated by the reply */
    struct str request_id;  /* X-Request-Id */
    struct str traceparent; /* of the sender's span (trace.h); absent: it is in no trace */
    int64_t remaining_ms;   /* until nobody waits for the answer; <= 0 is dropped unserved */
    struct str tenant;
    struct str user;
    struct str user_name;   /* as in the token; absent when it has none */
    struct str user_person; /* the user's id as a person, where the token has one besides */
    struct str tenant_name; /* as in the token; absent when it has none */
    struct str operation;   /* "createGoal" */
    struct str command;     /* command id; absent for reads */
    enum command_source command_source;
    struct str path;      /* the route's concrete path, part of the idempotency key */
    int64_t if_version;   /* If-Match; -1 when the caller sent none */
    struct str if_others; /* packed array of the versions that would do as well; mostly absent */
    int64_t limits[LIMIT_COUNT]; /* of the caller's token, or else the deployment's */
    struct str path_values; /* packed map of the route's parameters, text each: {"goalId": ...} */
    struct str query;       /* packed map, each name to an array of texts; absent when empty */
    struct str body;        /* packed value; absent when the request has none */
    bool head_only;         /* HEAD: who answers with a download leaves its making out */
    bool takes_json;        /* who asks has nothing to do with the data but to write it as JSON */
    bool cancels;           /* cancels the request of this correlation, whose operation it repeats.
                               remaining_ms is 0, so a peer that does not know this key drops it
                               unserved */
};

struct reply {
    uint64_t correlation;
    int http;             /* HTTP status */
    struct str code;      /* "OK", "GOAL_NOT_FOUND": text, for a newer service may have others */
    struct str message;   /* for people; absent on success */
    struct str errors;    /* packed map field -> text, 422 only */
    struct str data;      /* packed value; absent on failure */
    struct str json;      /* the same as JSON, instead of it: for who takes that (takes_json) */
    struct str page;      /* packed map {page, size, limit, total, totalPages}; lists only */
    int64_t version;      /* of a single resource, for ETag; -1 when there is none */
    struct str location;  /* path below the base, of what was created; absent otherwise */
    struct str degraded;  /* service whose part is missing ("svc-kpis"); absent when whole */
    struct str extra;     /* packed map merged into the top level of the answer beside "success",
                             for answers whose shape is not {success, data}; then data is absent */
    bool file;            /* data is a map {name, type, bytes}: answered as a download */
    bool fatal;           /* the request made a process crash: it must not be sent again */
    struct str timing;    /* packed array: timing_unpack; absent from older services */
    struct str follow_up; /* packed map {operation, body}: what has to be asked for, after the
                             commit and before this is sent; in stored answers only */
};

/* A request without user, limits and conditions; the caller fills in the rest. */
struct request request_for(struct str operation);

/* Appends one packed message to `out`. */
void request_pack(struct buffer *out, const struct request *request);
void reply_pack(struct buffer *out, const struct reply *reply);

/* As a reply carries it. */
struct str timing_pack(struct arena *arena, const struct timing *timing);
/* Of a validated reply. What a newer service adds is left out; what an older one lacks is 0. */
void timing_unpack(struct str packed, struct timing *timing);

/* Validates and reads. The structs point into `message`. False for anything malformed, or without
 * a correlation and operation (code for replies), and for a higher version. `correlation` is set
 * even then when it could be read (else 0), so that a refusal can be sent. */
bool request_unpack(struct arena *arena, struct str message, struct request *request);
bool reply_unpack(struct arena *arena, struct str message, struct reply *reply);

/* Whether what was asked for is done, or its callee, a replica of an older version, does not know
 * the operation: for those that only bring forward what an event does in any case. */
bool reply_is_done_or_unknown(const struct reply *reply);

/* A failure reply that carries the status's code and sentence, or `message` when given. */
struct reply reply_failure(enum status status, struct str message);

#endif
