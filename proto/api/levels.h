/* Low to critical: priority and impact. */
#ifndef TRACTION_LEVELS_H
#define TRACTION_LEVELS_H

#include "model.h"

enum level { LEVEL_LOW = 1, LEVEL_MEDIUM, LEVEL_HIGH, LEVEL_CRITICAL };

extern const struct enum_names level_names;

#endif
