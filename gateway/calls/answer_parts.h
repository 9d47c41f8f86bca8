/* Shared by the files that answer. Private to gateway/calls. */
#ifndef TRACTION_ANSWER_PARTS_H
#define TRACTION_ANSWER_PARTS_H

#include "call.h"

/* What is written or compressed in one turn of the loop: less than a millisecond. */
enum { ANSWER_PIECE = 128 * 1024 };

extern const char answer_json_type[];
/* Personal data must not be cached, or only by the user's browser, which revalidates it. */
extern const char answer_not_kept[];
extern const char answer_kept_private[];

/* Adds the common header fields and sends, compressed where that is wanted: maybe later. `type` and
 * `cache` NULL: without the field. `body` lives in the call's arena. */
void answer_finish(struct call *call, int http, struct str body, const char *type,
                   const char *cache);
/* `errors` is a packed map; absent when there are none. */
void answer_failure(struct call *call, int http, struct str code, struct str message,
                    struct str errors);

#endif
