/* Answers: the JSON envelope around data and faults, and the header fields of every answer. */
#ifndef TRACTION_ANSWER_H
#define TRACTION_ANSWER_H

#include "call.h"
#include "static_content.h"

/* `message` absent: the status's sentence. */
void answer_fault(struct call *call, enum status status, struct str message);
/* 422. */
void answer_invalid(struct call *call, const struct field_errors *errors);
/* Ends a call whose client has disconnected; counted as 499. */
void answer_cancelled(struct call *call);
/* Answers with a service's reply. */
void answer_reply(struct call *call, const struct reply *reply);
/* JSON that is written already; lives in the call's arena. */
void answer_json(struct call *call, int http, struct str json);
/* 200, or 304 when the caller's If-None-Match has its tag. */
void answer_static(struct call *call, const struct static_content *content);
/* 302 to `location`: NUL-terminated, may be relative. */
void answer_redirect(struct call *call, struct str location);
/* For crash_then: answers the call that crashed with 503. The context must be a call's. */
void answer_crashed(void *unused, const struct log_context *context);
/* OPTIONS: the route's methods, and for browsers what they may send. */
void answer_options(struct call *call);

#endif
