/* The table of limits.def. */
#include "limit.h"

#include <stddef.h>

const struct limit_row limit_rows[LIMIT_COUNT] = {
#define LIMIT(name, claim, alias, code, sentence, example, setting) \
    {claim, alias, STATUS_##code, CONFIG_LIMIT_##name},
#include "limits.def"
#undef LIMIT
};
