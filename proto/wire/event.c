/* The event message. The event's data is passed on as it is; only consumers read it. */
#include "event.h"

#include <string.h>

#include "pack.h"
#include "unpack.h"

void event_pack(struct buffer *out, const struct event *event)
{
    bool must = event->must.size > 0, changes = event->changes.size > 0;

    pack_map(out, 10 + (size_t)must + (size_t)changes + (size_t)event->snapshot);
    pack_key(out, "id");
    pack_uuid(out, event->id);
    pack_key(out, "type");
    pack_text(out, event->type);
    pack_key(out, "tenant");
    pack_text(out, event->tenant);
    pack_key(out, "entity");
    pack_uuid(out, event->entity);
    pack_key(out, "version");
    pack_int(out, event->version);
    pack_key(out, "at");
    pack_time(out, event->at);
    pack_key(out, "userId");
    pack_text(out, event->user_id);
    pack_key(out, "userName");
    pack_text(out, event->user_name);
    pack_key(out, "requestId");
    pack_text(out, event->request_id);
    pack_key(out, "data");
    pack_raw(out, event->data);
    if (changes) {
        pack_key(out, "changes");
        pack_raw(out, event->changes);
    }
    if (must) {
        pack_key(out, "must");
        pack_text(out, event->must);
    }
    if (event->snapshot) {
        pack_key(out, "snapshot");
        pack_bool(out, true);
    }
}

bool event_unpack(struct arena *arena, struct str packed, struct event *event)
{
    struct value map;

    memset(event, 0, sizeof *event);
    if (!unpack_top(arena, packed, &map))
        return false;
    event->type = value_text(value_get(&map, "type"));
    event->tenant = value_text(value_get(&map, "tenant"));
    event->version = value_int(value_get(&map, "version"), 0);
    event->user_id = value_text(value_get(&map, "userId"));
    event->user_name = value_text(value_get(&map, "userName"));
    event->request_id = value_text(value_get(&map, "requestId"));
    event->data = value_get(&map, "data")->raw;
    if (value_get(&map, "changes")->type == VALUE_MAP)
        event->changes = value_get(&map, "changes")->raw;
    event->must = value_text(value_get(&map, "must"));
    event->snapshot = value_bool(value_get(&map, "snapshot"));
    return uuid_parse(value_text(value_get(&map, "id")), &event->id) &&
           uuid_parse(value_text(value_get(&map, "entity")), &event->entity) &&
           timestamp_parse(value_text(value_get(&map, "at")), &event->at) && event->type.size > 0 &&
           event->tenant.size > 0 && event->data.size > 0;
}

bool event_must_be_understood(const struct event *event, const char *program)
{
    struct str rest = event->must;

    while (rest.data)
        if (str_equal(str_cut(&rest, ','), str_of(program)))
            return true;
    return false;
}
