/* The common part of every service process: configuration, log, schema check, database, bus server,
 * admin listener, drain on SIGTERM. main() of a service is one call with its table. */
#ifndef TRACTION_SERVICE_H
#define TRACTION_SERVICE_H

#include "admin.h"
#include "consumer.h"
#include "leases.h"
#include "op.h"

/* A handler is called as its operation, so that either name finds the other: the same words in
 * small letters, with the verb first or last (createGoal: goal_create). */
struct handler {
    const char *operation; /* name in the table of operations */
    const char *name;      /* of the function; NULL: any, in made-up services of tests */
    void (*run)(struct op *op);
};
#define HANDLER(operation_, run_)   \
    {                               \
        (operation_), #run_, (run_) \
    }

/* How the violation of a named constraint is answered. */
struct constraint_fault {
    const char *constraint;
    enum status status;
    const char *field;   /* of a VALIDATION_ERROR; else NULL */
    const char *message; /* NULL: the status's sentence */
};

/* The events that a service consumes of another one. */
struct consumer_spec {
    enum service source;      /* SERVICE_GATEWAY ends the list */
    const char *const *types; /* beginnings of types ("goal."), NULL-terminated; NULL: all events */
    bool (*knows)(struct str type); /* NULL: whether the table of events has it (event_types.h) */
    /* Kinds of entities that a snapshot of the source has for this program (docs/retention.md), in
     * the order in which they are applied, as events (`snapshot` is set); NULL-terminated. NULL:
     * the program keeps no state of the source, and goes on without what the log has no more. */
    const char *const *kinds;
    /* The same of kinds that a source of an older release may not know, which are left out then:
     * only where events bring again what was left out. NULL: there are none. */
    const char *const *added_kinds;
    /* What was deleted at the source while the log was lost would stay, so the program begins from
     * a snapshot by itself only while it has nothing; else by its task. */
    bool rebuilds;
    /* In the transaction that leaves out events, of a program without kinds. May be NULL. */
    void (*lost)(struct session *session);
    /* Applies one event, exactly once and in order, in a transaction that it may share with others.
     * The op has the event's tenant and user, and `now` is the event's time; statements and
     * op_event work as in a handler, answers and calls are not available. A fault of the database
     * is retried; after a fault of its own (op_fail) the event and what follows of its tenant wait
     * (consumer.h), so it is only for impossible events. event->note is passed to `applied`; it is
     * in op->arena. */
    void (*apply)(struct op *op, struct consumed_event *event);
    /* Before the transaction that applies them, in a fiber: may call other services for what has to
     * be done before. It may be called again for the same events, also after they were applied by
     * another replica. May be NULL. */
    enum before_outcome (*before)(struct process *process, struct arena *arena,
                                  const struct consumed_event *events, size_t count);
    /* In the transaction, before the first of its events, in no tenant's name: locks what all of
     * them need. May be NULL. */
    void (*begin)(struct session *session, struct arena *arena, const struct consumed_event *events,
                  size_t count);
    /* After the commit that applied them, in the replica that made it, in a fiber; not after a
     * crash in between. May be NULL. */
    void (*applied)(struct process *process, const struct consumed_event *events, size_t count);
};

/* What the program does instead of serving when it is started with `option`. */
struct service_task {
    const char *option;   /* "--rebuild" */
    const char *about;    /* for --help */
    const char *settings; /* of its connections to the database: "SET app.x = on"; may be NULL */
    /* In a fiber: the database is there, and so are the clients of `consumes` and `calls`; no
     * request is taken and nothing is consumed. Answers whether it went well. */
    bool (*run)(struct process *process);
};

struct service_program {
    enum service service;
    const struct handler *handlers; /* ends with a NULL operation */
    bool partial; /* made up for a test: other operations of its service answer 501 */
    struct statement *const *statements;        /* NULL-terminated, from sqlgen */
    const struct migration *migrations;         /* ends with {NULL, NULL}, from sqlgen */
    const struct constraint_fault *constraints; /* ends with a NULL constraint; may be NULL */
    const enum service *calls; /* services it asks, ends with SERVICE_GATEWAY; may be NULL */
    const struct consumer_spec *consumes;     /* may be NULL; begins after `start` */
    const struct lease_spec *leases;          /* leases.h; NULL: nobody keeps its tables */
    const struct service_task *tasks;         /* ends with a NULL option; may be NULL */
    void (*collect)(struct metrics *metrics); /* adds metrics of its own; may be NULL */
    bool (*start)(struct process *process); /* after the bus is up, before requests, in a fiber (it
                                               may ask the database); false ends the process; may
                                               be NULL */
};

/* Options: --migrate (apply and exit), --check-config, --help-config, --version, tasks. Answers the
 * exit status. Every operation of the program's service in the table must have one handler, or the
 * program does not start. Built in: "ping", "learnPerson", "eventsSince" and
 * "tellConsumed". */
int service_main(const struct service_program *program, int argc, char **argv);

struct loop *service_loop(struct process *process);
struct database *service_database(struct process *process);
/* The client of a service named in `calls` or `consumes`. */
struct bus_client *service_client(struct process *process, enum service service);
/* Publishes a message to the subscribers of `topic` on this process's PUB socket (bus_publisher.h).
 * A process that publishes its own messages must not have events in its outbox. */
void service_publish(struct process *process, struct str topic, struct str body);
/* True once the process is stopping: background work has to finish. */
bool service_stopping(const struct process *process);
/* Runs `work` in a fiber every `every_ms`; skips a turn when the last one still runs, and once the
 * process is stopping. From start() on. */
void service_every(struct process *process, int64_t every_ms,
                   void (*work)(struct process *process));

/* --- For tasks --- */

/* Begins anew from snapshots of all that the program consumes, with its own sequence numbers in
 * `consumed`: under the source's name followed by `suffix`. Each consumer then waits, and goes on
 * by the log once all are released: from where the serving program was, if the log goes back so
 * far. */
void service_replay(struct process *process, const char *suffix);
/* Whether a source's snapshot is applied, and its consumer waits. */
bool service_replay_is_held(const struct process *process, enum service source);
void service_replay_release(struct process *process);
/* How far the events of one source were applied. */
struct consumer_counts service_replayed(const struct process *process, enum service source);
/* Why one of them has stopped, a sentence; NULL while none has. */
const char *service_replay_error(const struct process *process);
/* Starts no further batch; returns when the current one is finished. */
void service_replay_end(struct process *process);

#endif
