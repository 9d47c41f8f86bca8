/* What the files of the rig share. */
#ifndef TRACTION_EVENT_RIG_STATE_H
#define TRACTION_EVENT_RIG_STATE_H

#include <libpq-fe.h>
#include <sys/types.h>

#include "bus_client.h"
#include "event_rig.h"

extern struct rig {
    char folder[100], endpoints[300], reason[300];
    const char *url;
    PGconn *database, *held;
    struct loop *loop;
    struct bus_client *client;
    struct arena *arena;
    pid_t programs[PROGRAM_COUNT];
    bool may_die[PROGRAM_COUNT], keep_dead;
    size_t killed, written;
} rig;

#endif
