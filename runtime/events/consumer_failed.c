/* What a transaction that failed leads to. Lost connections, timeouts and serialization failures
 * pass: it is tried again, for all tenants. What is due to an event itself holds up its tenant
 * only: the batch is halved until it is found, then it is parked. */
#include "consumer_state.h"

#include <stdio.h>
#include <string.h>

#include "log.h"
#include "timestamp.h"

bool consumer_lost_race(const struct db_fault *fault)
{
    return fault->kind == DB_CONSTRAINT &&
           str_equal(str_of(fault->constraint), STR("consumed_in_order"));
}

bool consumer_is_of_its_events(const struct apply_batch *batch, const struct db_fault *fault)
{
    return batch->count > 0 &&
           (batch->refused || fault->kind == DB_CONSTRAINT || fault->kind == DB_BUG);
}

void consumer_describe(char error[ERROR_SIZE], const struct apply_batch *batch,
                       const struct db_fault *fault)
{
    struct str refusal = batch->events[0].refusal;

    if (!batch->refused)
        snprintf(error, ERROR_SIZE, "the database refused it: SQLSTATE %s%s%s", fault->sqlstate,
                 fault->constraint[0] ? ", constraint " : "", fault->constraint);
    else if (refusal.size > 0)
        snprintf(error, ERROR_SIZE, "%.*s", (int)refusal.size, refusal.data);
    else
        snprintf(error, ERROR_SIZE, "it was refused");
}

void consumer_poison(struct consumer *consumer, int64_t sequence, const char *error)
{
    consumer->poison = (struct poison){.sequence = sequence, .sure = true};
    snprintf(consumer->poison.error, ERROR_SIZE, "%s", error);
}

/* A handler's refusal is a fact; a fault of the database is one when it comes again. */
static void suspect(struct consumer *consumer, const struct apply_batch *batch,
                    const struct db_fault *fault)
{
    struct poison *poison = &consumer->poison;

    if (poison->sequence != batch->events[0].sequence)
        *poison = (struct poison){.sequence = batch->events[0].sequence};
    poison->faults++;
    poison->sure = batch->refused || poison->faults >= FAULTS_MAX;
    if (poison->sure)
        consumer_describe(poison->error, batch, fault);
    else
        consumer->apply_not_before_us = consumer_pause(&consumer->apply_retry_us);
}

/* It is among these: of new events half are tried next (batch_next). */
static void search(struct consumer *consumer, const struct apply_batch *batch)
{
    if (batch->parked) {
        batch->parked->batch_max = 1;
        return;
    }
    consumer->search_end = batch->after;
    consumer->batch_max = (batch->count + batch->kept_count) / 2;
}

static void find_event(struct consumer *consumer, struct apply_batch *batch,
                       const struct db_fault *fault)
{
    char error[ERROR_SIZE];

    if (batch->count + batch->kept_count > 1) {
        search(consumer, batch);
    } else if (batch->parked) {
        consumer_describe(error, batch, fault);
        parked_failed(consumer, batch, str_of(error));
    } else {
        suspect(consumer, batch, fault);
    }
}

void consumer_failed(struct consumer *consumer, struct apply_batch *batch,
                     const struct db_fault *fault)
{
    consumer->reload = true; /* after a lost commit nobody knows; after a lost race neither */
    if (batch->raced)
        return;
    if (consumer_lost_race(fault)) { /* from now on this replica lets the other one go first */
        consumer->counts.lost++;
        consumer->follows = true;
        return;
    }
    consumer->counts.failures++;
    if (consumer_is_of_its_events(batch, fault)) {
        find_event(consumer, batch, fault);
        return;
    }
    if (!batch->parked)
        consumer->batch_max = 1;
    consumer->apply_not_before_us = consumer_pause(&consumer->apply_retry_us);
    log_warning("events could not be applied; trying again",
                LOG_CSTR("source", consumer->config.source), LOG_INT("pos", consumer->stored + 1),
                LOG_INT("count", (int64_t)batch->count), LOG_CSTR("sqlstate", fault->sqlstate),
                LOG_INT("pauseMs", consumer->apply_retry_us / 1000));
}
