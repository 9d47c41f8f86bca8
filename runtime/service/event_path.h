/* The event path of a service process: publishing its own events and consuming other services'.
 * Private to this folder; handlers use op_event and service.h. */
#ifndef TRACTION_EVENT_PATH_H
#define TRACTION_EVENT_PATH_H

#include "process.h"

struct event_path {
    struct bus_publisher *publisher;
    struct sequencer *sequencer;
    struct consumption *consumptions[SERVICE_COUNT]; /* by their source */
    bool looked;                                     /* what follows is known */
    int64_t first;                                   /* number from which on the log is kept */
    uint64_t pruned;                                 /* events deleted by this replica */
    int64_t held_seconds[SERVICE_COUNT]; /* by consumer: age of the first event that it needs */
};

/* event_path.c. Publishing and the sequencer; false after a log line. */
bool events_open(struct process *process, const char *endpoint);
/* What the program consumes; from now on its handlers are called. `suffix`: of the places' names.
 */
void events_consume(struct process *process, const char *suffix);
/* Begins nothing new. */
void events_end(struct process *process);
void events_destroy(struct process *process);
/* A sentence about a consumer that has stopped; NULL when there is none. */
const char *events_missing(const struct process *process);
void events_collect(const struct process *process, struct metrics *metrics);
/* The operation eventsSince. */
void events_since(struct op *op);

/* log_consumers.c: who has applied the service's log how far, and deleting what nobody needs. From
 * now on. */
void log_consumers_open(struct process *process);
void log_consumers_collect(const struct process *process, struct metrics *metrics);
/* The operation tellConsumed. */
void consumed_tell(struct op *op);

/* event_publish.c. A transaction with events was committed, or may have been. */
void events_notify(struct process *process);

/* event_apply.c */
struct consumption *consumption_new(struct process *process, const struct consumer_spec *spec,
                                    const char *suffix, const char *endpoints);
void consumption_destroy(struct consumption **consumption);
struct consumer *consumption_consumer(const struct consumption *consumption);
const char *consumption_source(const struct consumption *consumption);

#endif
