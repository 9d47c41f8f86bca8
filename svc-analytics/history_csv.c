/* The audit log as a file of comma-separated values (RFC 4180). A spreadsheet takes a cell that
 * begins like a formula for one, so such text gets an apostrophe before it. */
#include "history_csv.h"

#include <string.h>

#include "fiber.h"
#include "history_rows.h"
#include "json_out.h"

enum { ROWS_MAX = SEARCH_TOTAL_MAX, PART_ROWS = 500, KEY_SIZE = 64 };

static const char header[] = "at,userId,userName,type,entityType,entityId,title,version,requestId,"
                             "causedBy,changes,data,id\r\n";

struct csv {
    struct buffer out;  /* in an arena of its own: those of the parts are given back */
    struct buffer text; /* a cell's JSON; likewise */
    struct json *json;
    char after[KEY_SIZE]; /* the next part's paging.after_key */
};

static bool looks_like_formula(struct str text)
{
    static const char first[] = {'=', '+', '-', '@', '\t', '\r', '\n'};

    return text.size > 0 && memchr(first, text.data[0], sizeof first) != NULL;
}

static void put(struct csv *csv, struct str text)
{
    buffer_append(&csv->out, text.data, text.size);
}

static void put_text(struct csv *csv, struct str text)
{
    put(csv, STR("\""));
    if (looks_like_formula(text))
        put(csv, STR("'"));
    while (text.size > 0) {
        const char *quote = memchr(text.data, '"', text.size);
        size_t size = quote ? (size_t)(quote - text.data) + 1 : text.size;
        put(csv, (struct str){text.data, size});
        if (quote)
            put(csv, STR("\""));
        text = (struct str){text.data + size, text.size - size};
    }
    put(csv, STR("\""));
}

static void put_uuid(struct csv *csv, struct uuid id)
{
    char text[UUID_TEXT_SIZE];

    uuid_format(id, text);
    if (!uuid_is_none(id))
        put(csv, (struct str){text, sizeof text});
}

static void put_packed(struct csv *csv, struct packed value)
{
    csv->text.size = 0;
    if (value.bytes.data) {
        json_start(csv->json, &csv->text);
        json_out(csv->json, value.bytes);
        put_text(csv, buffer_str(&csv->text));
    }
}

static void put_entry(struct op *op, struct csv *csv, const struct history_entry *entry)
{
    const struct str texts[] = {entry->user_id,     entry->user_name, entry->type,
                                entry->entity_type, entry->entity_id, entry->title};
    char at[TIMESTAMP_TEXT_SIZE];

    timestamp_format(entry->at, at);
    put(csv, (struct str){at, sizeof at});
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        put(csv, STR(","));
        put_text(csv, texts[i]);
    }
    put(csv, arena_printf(op->arena, ",%lld,", (long long)entry->version));
    put_text(csv, entry->request_id);
    put(csv, STR(","));
    put_uuid(csv, entry->caused_by);
    put(csv, STR(","));
    put_packed(csv, entry->changes);
    put(csv, STR(","));
    put_packed(csv, entry->data);
    put(csv, STR(","));
    put_uuid(csv, entry->id);
    put(csv, STR("\r\n"));
}

static bool too_much(struct op *op, const char *what)
{
    op_invalid(op, "from", "leaves more than %s; ask for a shorter time, or with further filters",
               what);
    return op_valid(op);
}

/* Where the part after `last` begins; false when there is none. */
static bool move_on(struct csv *csv, struct paging *paging, const struct history_entry *last)
{
    struct str key = last->next_key;

    if (!key.data || key.size > sizeof csv->after)
        return false;
    memcpy(csv->after, key.data, key.size);
    paging->after_key = (struct str){csv->after, key.size};
    paging->after_id = last->id;
    return true;
}

static bool read_part(struct op *op, struct bound query, struct list *entries)
{
    struct bounded_rows read = history_rows(query);
    bool fit;

    bounded_rows_queue(op, &read);
    if (!sql_wait(op) || !bounded_rows_complete(op, &read, &fit))
        return false;
    history_name_entities(&read.rows);
    *entries = read.rows;
    return fit || too_much(op, "a file may hold");
}

static bool put_part(struct op *op, struct csv *csv, struct bound query, bool *more)
{
    struct history_query *asked = query.data;
    struct list entries;

    *more = false;
    if (!read_part(op, query, &entries))
        return false;
    if (entries.count == 0)
        return true;
    const struct history_entry *items = entries.items;
    if (items->total > ROWS_MAX)
        return too_much(op, "10,000 entries");
    for (size_t i = 0; i < entries.count; i++) {
        fiber_yield_in_time();
        put_entry(op, csv, &items[i]);
        if ((int64_t)csv->out.size > op_answer_max())
            return too_much(op, "a file may hold");
    }
    *more = move_on(csv, &asked->paging, &items[entries.count - 1]);
    return true;
}

/* In parts, of which one at a time is in memory, besides the first: with it the arena gets what the
 * session needs until the end. */
static bool put_all(struct op *op, struct csv *csv, struct bound query)
{
    bool more;

    put(csv, str_of(header));
    if (!put_part(op, csv, query, &more))
        return false;
    while (more) {
        struct arena_mark mark = arena_mark(op->arena);
        if (!put_part(op, csv, query, &more))
            return false; /* the fault is in the arena */
        arena_release(op->arena, mark);
    }
    return true;
}

static void reply_file(struct op *op, struct str bytes)
{
    char day[TIMESTAMP_TEXT_SIZE];

    timestamp_format(op->now, day);
    op_reply_file(op, arena_printf(op->arena, "audit-%.4s%.2s%.2s.csv", day, day + 5, day + 8),
                  STR("text/csv; charset=utf-8"), bytes);
}

void audit_csv_reply(struct op *op, struct bound query)
{
    struct paging *paging = &((struct history_query *)query.data)->paging;
    struct arena *arena;
    struct csv csv;

    if (paging->page > 1 || paging->offset != INT_NONE || !uuid_is_none(paging->after_id))
        op_invalid(op, "format", "csv has all entries, so it takes neither page, offset nor after");
    if (!op_valid(op))
        return;
    paging->size = PART_ROWS;
    arena = arena_new();
    csv = (struct csv){.out = buffer_in(arena, 4096), .text = buffer_in(arena, 256)};
    csv.json = json_new();
    if (put_all(op, &csv, query))
        reply_file(op, buffer_str(&csv.out));
    json_destroy(&csv.json);
    arena_destroy(&arena);
}
