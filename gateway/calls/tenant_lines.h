/* How many requests of a tenant are on their way at once to one service; further ones wait here, in
 * the order they came. What is on its way keeps the service busy; more of it would only stand there
 * in queues, and come back in crowds that the loop has to work off before it hears of others. */
#ifndef TRACTION_TENANT_LINES_H
#define TRACTION_TENANT_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct tenant_lines;
struct tenant_line;

/* Embedded in what goes or waits, until line_leave. */
struct line_place {
    struct tenant_line *line; /* NULL: it is in none */
    struct line_place *next;  /* among those that wait */
    void (*run)(void *argument);
    void *argument;
};

struct tenant_lines *tenant_lines_new(size_t most);
/* Nothing is in any line. */
void tenant_lines_destroy(struct tenant_lines **lines);

/* True when it may go at once; else place->run is called when it may. */
bool line_enter(struct tenant_lines *lines, struct str tenant, struct line_place *place);
/* It is back; those whose turn it is now are run before this returns. Does nothing for who is in no
 * line. */
void line_leave(struct tenant_lines *lines, struct line_place *place);

size_t lines_waiting(const struct tenant_lines *lines);

#endif
