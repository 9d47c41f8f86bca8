/* The outcome of a request, as one closed list (status.def). */
#ifndef TRACTION_STATUS_H
#define TRACTION_STATUS_H

#include <stdbool.h>

#include "str.h"

enum status {
#define STATUS(code, http, sentence) STATUS_##code,
#include "status.def"
#undef STATUS
    STATUS_COUNT
};

const char *status_code(enum status status);     /* "GOAL_NOT_FOUND" */
int status_http(enum status status);             /* 404 */
const char *status_sentence(enum status status); /* for people; no trailing period */
bool status_is_success(enum status status);
/* False when the code is not one of ours (a newer peer's). */
bool status_from_code(struct str code, enum status *status);

#endif
