/* Request bodies: what is taken as JSON becomes msgpack that the services take, and comes out as
 * JSON that is taken again and means the same. */
#include "fuzz.h"
#include "json_in.h"
#include "json_out.h"
#include "unpack.h"

enum { VALUES_MAX = 100000 };

static struct arena *arena;
static struct json *json;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    json_in_open();
    arena = arena_new();
    json = json_new();
    return 0;
}

static struct str written(struct str packed)
{
    struct buffer out = buffer_in(arena, 256);

    json_start(json, &out);
    json_out(json, packed);
    return buffer_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = fuzz_exact(data, size), packed, again, why = STR_NONE;
    struct value value;

    if (json_in(arena, text, VALUES_MAX, &packed, &why) == STATUS_OK) {
        MUST(unpack(arena, packed, &value) && value.type == VALUE_MAP);
        struct str out = written(packed);
        MUST(json_in(arena, out, VALUES_MAX, &again, &why) == STATUS_OK);
        /* 1.0 comes back as 1, so only the second time is everything the same. */
        MUST(str_equal(written(again), out));
    } else {
        MUST(why.size > 0);
    }
    arena_reset(arena);
    free((void *)(uintptr_t)text.data);
    return 0;
}
