/* Snapshots: what a service's consumers need of it, page by page, instead of the whole log
 * (docs/retention.md). A service that has consumers carries out the operations tenantsAfter and
 * entitiesAfter with these functions. */
#ifndef TRACTION_ENTITIES_H
#define TRACTION_ENTITIES_H

#include "event.h"
#include "events.h"
#include "op.h"
#include "record.h"

/* The page that is being answered. */
struct entities {
    struct buffer events; /* packed, each as bytes */
    size_t count;
    struct uuid next; /* where the next page goes on behind; absent: this is the last one */
    int64_t next_place;
};

/* A kind of entity, and what reads a page of it: at most query->max entities behind query->id (and
 * query->place), or behind what it says in `page`. False after a fault. */
struct entity_kind {
    const char *name; /* "goals" */
    bool (*read)(struct op *op, const struct entities_query *query, struct entities *page);
};

/* The handler of entitiesAfter; `kinds` ends with a NULL name. */
void entities_answer(struct op *op, const struct entity_kind *kinds);

/* Adds an entity as the event that tells of it would: `data` is packed, `record` the entity's. */
void entities_add(struct op *op, struct entities *page, const char *type, struct uuid id,
                  const struct record *record, struct str data);
/* The same with data that a model packs. */
void entities_add_bound(struct op *op, struct entities *page, const char *type, struct uuid id,
                        const struct record *record, struct bound data);
/* After the last of `count` that were read: whether there may be more behind `last`. */
void entities_end(struct entities *page, const struct entities_query *query, size_t count,
                  struct uuid last);

/* The handler of tenantsAfter, by a statement with :after and :max that answers tenant_id. */
void tenants_answer(struct op *op, struct statement *statement);
/* What such a statement fills. */
struct snapshot_tenant {
    struct str tenant_id;
};
extern const struct model snapshot_tenant_model;

/* A row of what was deleted. */
struct deleted_entity {
    struct uuid id;
    RECORD_MEMBERS;
};
extern const struct model deleted_entity_model;
/* Adds the rows of one statement that answers them, with an event without data for each. */
bool entities_add_deleted(struct op *op, const struct entities_query *query,
                          struct statement *statement, const char *type, struct entities *page);

#endif
