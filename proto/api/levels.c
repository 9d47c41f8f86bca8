/* The words of levels. */
#include "levels.h"

static const char *const level_name_texts[] = {NULL, "low", "medium", "high", "critical"};
const struct enum_names level_names = ENUM_NAMES(level_name_texts);
