/* Publishers and consumers as processes, up to two of each, with one database; and the faults that
 * tests inject. PostgreSQL, the bus and kill -9 are real. */
#ifndef TRACTION_EVENT_RIG_H
#define TRACTION_EVENT_RIG_H

#include <stdbool.h>
#include <stddef.h>

#include "postgres.h"

enum { PUBLISHER_A, PUBLISHER_B, CONSUMER_A, CONSUMER_B, PROGRAM_COUNT };
/* TRACTION_EVENTS_LOOK_MS of all of them. */
enum { RIG_LOOK_MS = 1000 };

void rig_open(void);
/* Ends every program, which must end well. */
void rig_close(void);

/* `kill` is where it dies ("consumer in apply:3"), `planted` what it does wrong; NULL for neither.
 * A program that dies there is started again by rig_write and rig_settled, without either. */
void rig_start(int program, const char *kill, const char *planted);
/* Ends it, which must go well. */
void rig_end(int program);
/* Waits until it has died by its fault; it stays dead. */
void rig_wait_killed(int program);
/* From now on nothing is started again by itself. */
void rig_keep_dead(bool keep);
/* How often programs were found killed by their faults. */
size_t rig_killed(void);

/* Tells the publisher (tellConsumed) that the program has applied its log up to there, in the
 * tenant's name ("": in none's); answers the HTTP status. */
int rig_tell(const char *program, long sequence, const char *tenant);

/* Makes so many changes, of items of several tenants, many at once, each exactly once: what fails
 * is sent again under its command id. Returns when all are acknowledged. */
void rig_write(size_t count);

/* A change that has taken its id in the outbox and is committed later. */
void rig_hold_change(void);
/* The same between the beginning and the end of another change, which is older, so that the held
 * one is the youngest transaction there is, although its id in the outbox is the lower one. */
void rig_hold_change_between(void);
void rig_commit_held(void);
/* Changes the held change's item once more, committed at once. No publisher is told. */
void rig_change_held_again(void);

/* Waits, at most that long, until outbox and parked events are none, the log is without gaps and
 * has had as many events as there were changes, and all are consumed. Then returns whether the
 * consumer's state equals the publisher's; rig_reason says why not. */
bool rig_settled(int64_t max_ms);
const char *rig_reason(void);
/* Waits until the publisher's log has that sequence number. */
bool rig_logged(long sequence, int64_t max_ms);
/* Waits until the consumer has stored that sequence number. */
bool rig_consumed(long sequence, int64_t max_ms);

/* First value of what it answers, as superuser; static. */
const char *rig_sql(const char *sql);
/* A program's log so far; static. */
const char *rig_log(int program);
/* A path of its admin listener, head and all; static. */
const char *rig_admin(int program, const char *path);
void rig_sleep_ms(int64_t delay_ms);

/* The program is started again by itself, as one of the services. */
int rig_role_main(char **arguments);
#endif
