/* The services that the tests of the event path start. */
#ifndef TRACTION_EVENT_PROGRAMS_H
#define TRACTION_EVENT_PROGRAMS_H

#include "model.h"

/* Body of the publisher's only operation (createGoal), and data of its event, item.changed. */
struct change {
    struct uuid id;
    int64_t amount;
    int64_t value, version; /* of the item afterwards; not in messages */
};
extern const struct model change_model;

/* A service's main(); `option` may be NULL. */
int program_main(const char *role, const char *option);

#endif
