/* What is noted of each change of an entity. */
#include "record.h"

void record_create(struct record *record, struct timestamp now, struct str user_id)
{
    record->version = 1;
    record->created_at = record->updated_at = now;
    record->created_by = record->updated_by = user_id;
}

void record_change(struct record *record, struct timestamp now, struct str user_id)
{
    record->version++;
    record->updated_at = now;
    record->updated_by = user_id;
}
