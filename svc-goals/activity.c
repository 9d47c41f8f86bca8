/* The activity feed of a goal. Entries are never changed. */
#include "activity_entry.h"
#include "event_types.h"
#include "goal_handlers.h"
#include "goal_load.h"
#include "goal_rules.h"
#include "goals.h"
#include "page_read.h"
#include "queries.h"
#include "timestamp.h"

/* What ACTIVITY_OF_GOAL counts. */
static int64_t entry_bytes(const void *row)
{
    const struct activity *entry = row;

    return (int64_t)(entry->text.size + entry->metadata.bytes.size);
}

/* GET /goals/{id}/activity: newest first. */
void goal_activity_get(struct op *op)
{
    struct activity_query query;
    struct row_id key, goal;
    struct page_read page = {.read = {.counted = ACTIVITY_OF_GOAL,
                                      .input = AS(activity_query, &query),
                                      .limits = &query.limits,
                                      .model = &activity_model,
                                      .bytes = entry_bytes},
                             .paging = &query.paging};
    int64_t total;
    bool found = false;

    if (!op_path_uuid(op, "id", &key.id) || !op_query(op, AS(activity_query, &query)))
        return;
    query.goal_id = key.id;
    sql_queue_row(op, GOAL_EXISTS, AS(row_id, &key), AS(row_id, &goal), &found);
    if (!page_read(op, &page, &total))
        return;
    if (found)
        op_reply_list(op, &activity_model, page.read.rows, &query.paging, total);
    else
        op_fail(op, STATUS_GOAL_NOT_FOUND);
}

static const struct field entries_input_fields[] = {
    COLUMN(entries_input, ids),  COLUMN(entries_input, goal_ids), COLUMN(entries_input, title),
    COLUMN(entries_input, text), COLUMN(entries_input, author),   COLUMN(entries_input, metadata),
    COLUMN(entries_input, at),
};
const struct model entries_input_model = MODEL("EntriesInput", entries_input, entries_input_fields);

static const char *event_of(enum activity_type type)
{
    return type == ACTIVITY_DECISION     ? EVENT_DECISION_CREATED
           : type == ACTIVITY_ATTACHMENT ? EVENT_ATTACHMENT_CREATED
                                         : EVENT_ACTIVITY_CREATED;
}

void activity_add(struct op *op, struct activity *entry)
{
    entry->id = uuid_v7();
    entry->user_id = entry->created_by = entry->updated_by = op->request->user;
    entry->created_at = entry->updated_at = op->now;
    if (!entry->metadata.bytes.data)
        entry->metadata = packed_empty();
    if (entry->attachments == INT_NONE)
        entry->attachments = 0;
    sql_exec(op, ACTIVITY_INSERT, AS(activity, entry));
    op_event(op, event_of(entry->type), entry->id, 1, AS(activity, entry));
}

/* What people write: makes sure of the goal, counts attachments, answers the entry. */
static void add_by_hand(struct op *op, struct activity *entry)
{
    struct row_id key = {entry->goal_id}, goal;
    struct person_name author;
    bool found = false;

    sql_queue_row(op, GOAL_FOR_SHARE, AS(row_id, &key), AS(row_id, &goal), &found);
    queue_person(op, op->request->user, &author);
    if (!sql_wait(op))
        return;
    if (!found) {
        op_fail(op, STATUS_GOAL_NOT_FOUND);
        return;
    }
    if (entry->attachments > 0 &&
        !op_limit(op, LIMIT_ATTACHMENTS, ATTACHMENTS_COUNT, AS(activity, entry)))
        return;
    entry->user_name = author.name;
    op->now = timestamp_now(); /* as its id, so that both order entries written beside it alike */
    activity_add(op, entry);
    op_created(op, STR_NONE);
    op_reply(op, AS(activity, entry), -1);
}

/* The object `metadata` with one text more, which has precedence. */
static struct packed metadata_with(struct op *op, struct packed metadata, const char *key,
                                   struct str text)
{
    struct buffer out = buffer_in(op->arena, metadata.bytes.size + text.size + 64);
    struct value before = {.type = VALUE_ABSENT};
    uint32_t kept = 0;

    if (metadata.bytes.data)
        unpack(op->arena, metadata.bytes, &before);
    for (uint32_t i = 0; i < before.count; i++)
        kept += !str_equal(before.pairs[i].key, str_of(key));
    pack_map(&out, kept + 1);
    for (uint32_t i = 0; i < before.count; i++) {
        if (str_equal(before.pairs[i].key, str_of(key)))
            continue;
        pack_text(&out, before.pairs[i].key);
        pack_raw(&out, before.pairs[i].value.raw);
    }
    pack_key(&out, key);
    pack_text(&out, text);
    return (struct packed){buffer_str(&out)};
}

/* Words for a note that say what kind of note it is. */
static void keep_kind(struct op *op, struct activity *entry)
{
    static const char *const kinds[] = {"comment", "update"};
    struct str sent = op_sent_text(op, "type");

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (enum_name_matches(sent, kinds[i]))
            entry->metadata = metadata_with(op, entry->metadata, "kind", str_of(kinds[i]));
}

/* POST /goals/{id}/activity */
void goal_activity_create(struct op *op)
{
    struct uuid goal;
    struct activity entry;

    if (!op_path_uuid(op, "id", &goal))
        return;
    bool read = op_body(op, AS(activity, &entry));
    if (entry.type == ACTIVITY_ATTACHMENT && !entry.url.data)
        op_invalid(op, "url", "is required for an attachment");
    if (!op_valid(op) || !read)
        return;
    keep_kind(op, &entry);
    entry.goal_id = goal;
    entry.attachments = entry.type == ACTIVITY_ATTACHMENT;
    add_by_hand(op, &entry);
}

/* {"attachments": [{name, url}, ...]} */
static struct packed attachments_packed(struct op *op, const struct list *list)
{
    struct note_attachment *items = list->items;
    struct buffer out = buffer_in(op->arena, 256);

    pack_map(&out, 1);
    pack_key(&out, "attachments");
    pack_array(&out, list->count);
    for (size_t i = 0; i < list->count; i++)
        model_pack(AS(note_attachment, &items[i]), &out);
    return (struct packed){buffer_str(&out)};
}

/* POST /goals/{id}/notes: one entry of type note. */
void goal_note_add(struct op *op)
{
    struct uuid goal;
    struct note note;
    struct activity entry;

    if (!op_path_uuid(op, "id", &goal) || !op_body(op, AS(note, &note)))
        return;
    model_clear(AS(activity, &entry));
    entry.goal_id = goal;
    entry.type = ACTIVITY_NOTE;
    entry.text = note.note;
    entry.attachments = (int64_t)note.attachments.count;
    if (note.attachments.count > 0)
        entry.metadata = attachments_packed(op, &note.attachments);
    if (note.category.size > 0)
        entry.metadata = metadata_with(op, entry.metadata, "category", note.category);
    add_by_hand(op, &entry);
}
