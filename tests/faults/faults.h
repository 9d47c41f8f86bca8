/* Faults that tests plant: places where a process dies, and mistakes that it makes. The product
 * knows nothing of them. Programs of the tests are linked from the product's own libraries with
 * wrappers around some of their functions (the linker's --wrap), which are in wrap_*.c.
 *
 *   FAULTS_KILL="consumer in apply:3"  kill -9 when that place is reached for the third time
 *   FAULTS_PLANTED="drop-news,..."     the mistakes that are made
 *   FAULTS_CRASH="createGoal:stack"    a crash in place of the handler: by an overflow of the
 * stack, "kill", or else a bad access
 *
 * Each .c file names its places and mistakes. */
#ifndef TRACTION_FAULTS_H
#define TRACTION_FAULTS_H

#include <stdbool.h>

struct session;

/* Does not return when the process is to die here. */
void fault_point(const char *place);
/* The process is to die at that place, now or later. */
bool fault_is_ahead(const char *place);
bool fault_planted(const char *mistake);
void fault_crash(const char *operation);

/* Whose transaction a session is. Before its commit `before` is called, and `after` behind it,
 * which may change what the caller of the commit hears. It ends with the session. */
struct fault_commit {
    void (*before)(struct session *session, void *argument);
    int (*after)(struct session *session, int outcome, void *argument); /* enum db_fault_kind */
    void *argument;
};
void fault_on_commit(struct session *session, const struct fault_commit *commit);

#endif
