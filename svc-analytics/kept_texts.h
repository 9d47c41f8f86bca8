/* Texts of answers that are kept in the memory of this process, each with what it is based on. A
 * text is found only while that is what it was, or for as long as what is computed may be behind
 * (kept.h), so replicas need not know of each other.
 *
 * Memory is bounded. When there is no room, the text goes that has not been used for longest, of
 * the tenants that use more than their share: all of it divided by the tenants that use some. */
#ifndef TRACTION_KEPT_TEXTS_H
#define TRACTION_KEPT_TEXTS_H

#include "metrics.h"
#include "timestamp.h"
#include "uuid.h"

struct text_basis {
    int64_t generation;
    struct uuids stamps; /* of the tenant's events; none: nothing is kept or found */
    struct str names;    /* the stamp of the tenant's names of people; absent: no name is known */
    struct timestamp computed_at;
};

struct kept_text {
    struct str text;
    size_t gap; /* where something is inserted that is not kept with it */
};

void kept_texts_open(size_t max_bytes); /* 0: none are kept */
void kept_texts_close(void);

/* `now` is what an answer would be based on now. What is found lives until the fiber waits. */
bool kept_texts_find(struct str tenant, struct str name, const struct text_basis *now,
                     struct kept_text *found);
void kept_texts_keep(struct str tenant, struct str name, const struct text_basis *basis,
                     struct kept_text text);
/* Frees what cannot be found any more, whatever happens. */
void kept_texts_expire(struct timestamp now);

void kept_texts_collect(struct metrics *metrics);

#endif
