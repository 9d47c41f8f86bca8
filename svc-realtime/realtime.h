/* The parts of svc-realtime. */
#ifndef TRACTION_REALTIME_H
#define TRACTION_REALTIME_H

#include "service.h"

/* stream_append.c: every event of the other services becomes entries of its tenant's stream. The
 * streams of a batch's tenants are locked before its first event. */
void streams_lock(struct session *session, struct arena *arena, const struct consumed_event *events,
                  size_t count);
void stream_append(struct op *op, struct consumed_event *event);

/* feed_first.c: before readings are streamed, their entries are in the feeds of their goals. */
enum before_outcome feed_first(struct process *process, struct arena *arena,
                               const struct consumed_event *events, size_t count);

/* stream_retention.c: events were lost, so every stream is told to begin anew. */
void streams_lose(struct session *session);

/* stream_publish.c: publishes to the gateways what was appended, and repeats the heads. */
void stream_appended(struct process *process, const struct consumed_event *events, size_t count);
void stream_repeat_heads(struct process *process);

/* stream_replay.c: what lies behind a place. */
void stream_read(struct op *op);

/* stream_retention.c: deletes old entries. */
void stream_retention(struct process *process);

struct sequence_row {
    int64_t sequence;
};

/* What one event became: event->note, from stream_append to stream_appended. */
struct appended {
    struct list entries;      /* struct stream_entry, without their numbers */
    struct sequence_row last; /* number of the last one, once committed */
};

#endif
