/* News behind a gap that is being filled: kept up to a point, since the rest is read with the gap.
 */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "streams_state.h"

enum { PENDING_BYTES = 262144 };

void channel_hold_message(struct channel *channel, struct str body)
{
    if (channel->pending_bytes + body.size > PENDING_BYTES)
        return; /* read later, like the gap itself */
    struct pending_message *pending = xmalloc(sizeof *pending + body.size);
    pending->next = NULL;
    pending->size = body.size;
    memcpy(pending->body, body.data, body.size);
    channel->pending_bytes += body.size;
    *(channel->pending ? channel->pending_end : &channel->pending) = pending;
    channel->pending_end = &pending->next;
}

void channel_drop_pending(struct channel *channel)
{
    while (channel->pending) {
        struct pending_message *pending = channel->pending;
        channel->pending = pending->next;
        free(pending);
    }
    channel->pending_bytes = 0;
}
