/* The end of a call that becomes a stream; private to the streams. */
#ifndef TRACTION_STREAM_BEGIN_H
#define TRACTION_STREAM_BEGIN_H

#include "streams_state.h"

/* One call on its way to a stream; in the call's arena. It holds its channel. */
struct opening {
    struct call *call;
    struct streams *streams;
    struct uuid goal_id;
    struct str header, address; /* the client's last id by each way; absent when it begins */
    struct str types;           /* wanted ones, separated by commas; empty: the usual ones */
    struct channel *channel;
    struct channel_wait wait;
    int64_t until_us; /* waits so long for a service that is down: browsers give up at a 503 */
    int64_t from;     /* the channel's `sequence` before the goal was asked for */
    struct str epoch; /* of it */
};

/* The call ends: its socket becomes a stream, unless the client is gone already. */
void stream_begin(struct opening *opening);
/* The head; HEAD ends here and does not count as a stream. While this gateway drains, the stream
 * only says when to reconnect: after any answer that is no stream a browser would not reconnect. */
void stream_begin_nothing(struct opening *opening, int retry_ms);

#endif
