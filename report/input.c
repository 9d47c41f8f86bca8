/* The document on standard input: bounded, validated, then trusted. */
#include "input.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static bool read_all(int descriptor, struct arena *arena, struct buffer *bytes, struct str *why)
{
    static char block[64 * 1024];
    ssize_t got;

    while ((got = read(descriptor, block, sizeof block)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            *why = arena_printf(arena, "cannot read the report's data: %s", strerror(errno));
            return false;
        }
        if (bytes->size + (size_t)got > REPORT_INPUT_MAX) {
            *why = arena_printf(arena, "the report's data is larger than %d MiB",
                                REPORT_INPUT_MAX / 1024 / 1024);
            return false;
        }
        buffer_append(bytes, block, (size_t)got);
    }
    return true;
}

bool input_read(int descriptor, struct arena *arena, struct report *report, struct str *why)
{
    struct buffer bytes = buffer_in(arena, 1 << 20);
    struct field_errors errors;
    struct value document;

    if (!read_all(descriptor, arena, &bytes, why))
        return false;
    if (!unpack(arena, buffer_str(&bytes), &document)) {
        *why = STR("the report's data is not one valid msgpack value");
        return false;
    }
    field_errors_init(&errors, arena);
    model_clear(AS(report, report));
    if (!model_decode(AS(report, report), &document, DECODE_CREATE, &errors, NULL)) {
        *why = arena_printf(arena, "the report's data is wrong: " STR_FMT " " STR_FMT,
                            STR_ARG(errors.first->field), STR_ARG(errors.first->message));
        return false;
    }
    return true;
}
