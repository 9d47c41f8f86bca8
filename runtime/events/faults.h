/* Fault injection: points where tests make a process die or misbehave. Only the tests' own build of
 * this code has them (TRACTION_FAULTS); in the product they compile to nothing.
 *
 *   FAULTS_KILL="consumer applied:3"   kill -9 when that place is reached for the third time
 *   FAULTS_PLANTED="drop-news,..."     the mistakes that are made
 *   FAULTS_CRASH="createGoal:stack"    a crash in the handler's place; see faults.c for its kinds
 */
#ifndef TRACTION_FAULTS_H
#define TRACTION_FAULTS_H

#include <stdbool.h>

#ifdef TRACTION_FAULTS
/* Does not return when the process is to die here. */
void fault_point(const char *place);
/* The process is to die at that place, now or later. */
bool fault_awaits(const char *place);
bool fault_planted(const char *mistake);
void fault_crash(const char *operation);
#else
#define fault_point(place) ((void)0)
#define fault_awaits(place) false
#define fault_planted(mistake) false
#define fault_crash(operation) ((void)0)
#endif

#endif
