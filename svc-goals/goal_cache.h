/* Goals as they were answered last, in memory (docs/goal-cache.md). An item is found only under the
 * tenant that it was read for, and only while nothing that it shows has changed since it was read.
 * It must not ask whether that may be answered: leases_are_valid does (leases.h).
 *
 * What changes is known by tags, which are counted up in buckets: invalidating costs as much as
 * there are tags, however many items depend on them. */
#ifndef TRACTION_GOAL_CACHE_H
#define TRACTION_GOAL_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "admin.h"
#include "arena.h"
#include "uuid.h"

enum { GOAL_CACHE_US = 60 * 1000 * 1000 }; /* no item is older than that */

/* At most so many bytes, 0 for none. Before that, and after closing, nothing is found or kept. */
void goal_cache_open(size_t max_bytes);
void goal_cache_close(void);
bool goal_cache_is_open(void);

struct cached_goal {
    struct str data; /* packed as GET answers it; valid until the fiber waits */
    int64_t version;
};
bool goal_cache_find(struct str tenant, struct uuid goal, int64_t now_us,
                     struct cached_goal *cached);

/* When a goal was begun to be read: taken before. */
struct goal_reading {
    uint64_t moment; /* as a count of changes */
    int64_t began_us;
};
struct goal_reading goal_cache_reading(int64_t now_us);
/* Keeps a goal as it was read since then, unless something that it shows has changed meanwhile, or
 * there is no room. `arena` is for work. */
void goal_cache_keep(struct arena *arena, struct str tenant, struct uuid goal,
                     const struct goal_reading *reading, const struct cached_goal *read);

/* As of struct lease_spec. */
void goal_cache_invalidate(const uint64_t *tags, size_t count);

struct goal_cache_counts {
    uint64_t hits, misses;
    size_t items, bytes;
};
struct goal_cache_counts goal_cache_counts(void);
void goal_cache_collect(struct metrics *metrics);

#endif
