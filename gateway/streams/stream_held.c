/* News behind a gap that is being filled: kept up to a point, since the rest is read with the gap.
 */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "streams_state.h"

enum { HELD_BYTES = 262144 };

void channel_hold_news(struct channel *channel, struct str body)
{
    if (channel->held_bytes + body.size > HELD_BYTES)
        return; /* read later, like the gap itself */
    struct held_news *held = xmalloc(sizeof *held + body.size);
    held->next = NULL;
    held->size = body.size;
    memcpy(held->body, body.data, body.size);
    channel->held_bytes += body.size;
    *(channel->held ? channel->held_end : &channel->held) = held;
    channel->held_end = &held->next;
}

void channel_forget_news(struct channel *channel)
{
    while (channel->held) {
        struct held_news *held = channel->held;
        channel->held = held->next;
        free(held);
    }
    channel->held_bytes = 0;
}
