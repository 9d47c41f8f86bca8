/* Who has how many streams, for the limits of users. */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "streams_state.h"

void watcher_drop(struct lru_item *item)
{
    free(item);
}

struct watcher *watcher_of(struct streams *streams, const struct identity *identity)
{
    size_t size = identity->tenant.size + 1 + identity->user.size;
    struct watcher *watcher = xcalloc(1, sizeof *watcher + size);

    memcpy(watcher->key, identity->tenant.data, identity->tenant.size);
    memcpy(watcher->key + identity->tenant.size + 1, identity->user.data, identity->user.size);
    watcher->item.entry.key = (struct str){watcher->key, size};
    watcher->item.pinned = true;
    struct lru_item *item = lru_find(streams->watchers, watcher->item.entry.key);
    if (item) {
        free(watcher);
        return (struct watcher *)item;
    }
    lru_add(streams->watchers, &watcher->item);
    return watcher;
}

void watcher_left(struct streams *streams, struct watcher *watcher)
{
    if (watcher->count == 0)
        lru_remove(streams->watchers, &watcher->item);
}
