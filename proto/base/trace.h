/* Traces as W3C Trace Context has them (https://www.w3.org/TR/trace-context/): a traceparent names
 * a trace and one of its spans, "00-<trace id>-<span id>-<flags>". Each process's part of a request
 * is a span of its own, below that of who asked. */
#ifndef TRACTION_TRACE_H
#define TRACTION_TRACE_H

#include "arena.h"
#include "str.h"

enum { TRACEPARENT_SIZE = 55 };

/* The traceparent of a new span below `parent`'s, in the same trace and with the same decision to
 * sample it; in a new trace when `parent` is absent or not valid. In the arena. */
struct str trace_span(struct arena *arena, struct str parent);

/* Of a traceparent that trace_span made: 32 and 16 hexadecimal digits. Absent when it is. */
struct str trace_id_of(struct str traceparent);
struct str span_id_of(struct str traceparent);

#endif
