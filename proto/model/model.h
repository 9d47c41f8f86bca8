/* Field tables: one row per field defines its name, type, limits and documentation for messages,
 * validation, SQL parameters, SQL rows and OpenAPI. A table serves the four mechanical conversions
 * (value -> struct, struct -> answer, struct -> SQL parameters, SQL row -> struct) and the OpenAPI
 * document; rules are written by hand.
 *
 *   struct goal { struct uuid id; struct str title; enum goal_status status; ... };
 *
 *   static const struct field goal_fields[] = {
 *       FIELD(goal, id, "id", .flags = FIELD_READ_ONLY, .doc = "UUIDv7"),
 *       FIELD(goal, title, "title", .flags = FIELD_REQUIRED, .max = 200, .doc = "..."),
 *       FIELD(goal, status, "status", .enum_names = &goal_status_names, .doc = "..."),
 *   };
 *   const struct model goal_model = MODEL("Goal", goal, goal_fields);
 *
 * The C member's name is the SQL column and parameter name; the type follows from the member's C
 * type (_Generic), so a member of a type that no field has does not compile.
 *
 * Absent (JSON null): text and value: data NULL; uuid: all zero; enum: 0; int64_t: INT_NONE;
 * double: NaN; timestamp: TIMESTAMP_NONE. bool has no null. */
#ifndef TRACTION_MODEL_H
#define TRACTION_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "json.h"
#include "pack.h"
#include "str.h"
#include "timestamp.h"
#include "unpack.h"
#include "uuid.h"

#define INT_NONE INT64_MIN

struct texts {
    struct str *items;
    size_t count;
};

/* Any JSON value, kept as packed msgpack: metadata, findings. */
struct packed {
    struct str bytes; /* data NULL means null */
};

/* Repeated messages: items are structs of the field's model. */
struct list {
    void *items;
    size_t count;
};

/* A calendar month, "YYYY-MM" outside, bigint (months since 0000-01) in SQL. */
struct month {
    int32_t number; /* INT32_MIN means absent */
};
#define MONTH_NONE ((struct month){INT32_MIN})

enum field_type {
    FIELD_TEXT,   /* struct str       text */
    FIELD_UUID,   /* struct uuid      uuid */
    FIELD_INT,    /* int64_t          bigint */
    FIELD_DOUBLE, /* double           double precision */
    FIELD_BOOL,   /* bool             boolean */
    FIELD_TIME,   /* struct timestamp timestamptz */
    FIELD_MONTH,  /* struct month     bigint */
    FIELD_ENUM,   /* an enum whose 0 is absent; text, through .enum_names */
    FIELD_TEXTS,  /* struct texts     text[], bytea[] */
    FIELD_UUIDS,  /* struct uuids     uuid[] */
    FIELD_PACKED, /* struct packed    bytea */
    FIELD_LIST,   /* struct list      not in SQL; .model says of what */
    FIELD_OBJECT, /* a struct inside; not in SQL; .model says of what, .offset where */
};

enum field_flags {
    FIELD_REQUIRED = 1,      /* a create without it is refused; a patch may not clear it */
    FIELD_READ_ONLY = 2,     /* never read from a body: clients send whole objects back */
    FIELD_INTERNAL = 4,      /* SQL only: not in bodies, answers or documentation */
    FIELD_WRITE_ONLY = 8,    /* read from bodies, never answered */
    FIELD_NULL_OMITTED = 16, /* left out of answers when absent, instead of null; a bool: when false
                              */
    FIELD_STRICT_ID = 32,    /* uuid: other text is 422, as in bodies; else filters match nothing */
    FIELD_OBJECT_ONLY = 64,  /* packed: only a JSON object (or null) is accepted */
    FIELD_NUMBERED = 128,    /* enum: a body may say the value's number, too, from 1 */
    FIELD_KEPT = 256,        /* a create may leave it out or say null; a patch may not clear it */
    FIELD_PRESENT = 512,     /* for the documentation alone: never null in answers, and in bodies
                                required by a rule of its own */
    FIELD_CAPPED = 1024,     /* int in queries: more than .max counts as .max */
    FIELD_SHOWN = 2048,      /* text that people see: read in normalization form C and without white
                                space at its ends, before its length is looked at */
    FIELD_OPAQUE = 4096,     /* text that is an id of another system: taken as it is */
    FIELD_JOINED = 8192,     /* comes with the row, but is stored elsewhere: INSERT and UPDATE have
                                nothing to do with it */
    FIELD_COMPUTED = 16384,  /* no statement need deliver or store it: set by hand, or another
                                name of a member that has a row */
    FIELD_DAY = 65536,       /* time: a day, written YYYY-MM-DD; of an instant its UTC day counts */
    FIELD_NOTED = 32768,     /* noted of every change, so it is not itself one */
};

/* Another word that is read as one of an enum's values, and never written. The last may be read as
 * values that have no name, for a body's rule of its own. */
struct enum_alias {
    const char *text;
    unsigned value;
};

/* The names of an enum's values: texts[0] is unused, texts[1] is the name of value 1. */
struct enum_names {
    const char *const *texts;
    size_t count;                     /* including the unused 0 */
    const struct enum_alias *aliases; /* ends with a NULL text; NULL: none */
};
#define ENUM_NAMES_ALSO(array, aliases)                     \
    {                                                       \
        (array), sizeof(array) / sizeof *(array), (aliases) \
    }
#define ENUM_NAMES(array) ENUM_NAMES_ALSO(array, NULL)

struct model;

struct field {
    const char *column; /* C member = SQL column = SQL parameter */
    const char *name;   /* JSON name, camelCase */
    enum field_type type;
    size_t offset; /* in the struct */
    unsigned flags;
    double min, max;      /* numbers: value; text: characters; arrays: items; packed: bytes as JSON;
                                unchecked when both are 0. Text, arrays, packed: max 0 means no
                                limit, but 1,000 items for arrays. Numbers: HUGE_VAL means none */
    double default_value; /* int in queries: counts where nothing is given; 0: absent */
    double item_max;      /* texts: characters of one item (at least 1); 0 means 1,000 */
    const struct enum_names *enum_names; /* enums, lists of enum names (FIELD_TEXTS); of packed:
                                  what a rule of its own takes */
    const struct model *model;      /* lists and objects; of packed: it holds an array of these */
    const char *aliases;            /* further JSON names, separated by spaces ("limit pageSize") */
    const char *request_name;       /* what errors call it where the caller did not name it:
                                       "owner_id"; NULL: .name */
    const char *pattern;            /* said when .check fails: "a colour like #FF6B6B" */
    bool (*check)(struct str text); /* text fields with a form of their own */
    const char *schemas; /* packed: a JSON array of the schemas of what a rule of its own takes;
                            NULL: .enum_names or anything */
    const char *const *sorts; /* of a list's `sort`: the fields it may name, NULL-terminated */
    const char *const *sort_aliases; /* further names of those: pairs of alias and name,
                                        NULL-terminated; NULL: none */
    const char *doc;
    const char *example; /* JSON text for the documentation; NULL makes one from the type */
};

struct model {
    const char *name; /* schema name in the documentation: "Goal" */
    size_t size;      /* of the struct */
    const struct field *fields;
    size_t count;
};

/* clang-format off */
#define MODEL(schema, type, array) \
    {(schema), sizeof(struct type), (array), sizeof(array) / sizeof *(array)}

#define FIELD_TYPE_OF(member) \
    _Generic((member), struct str: FIELD_TEXT, struct uuid: FIELD_UUID, int64_t: FIELD_INT, \
        double: FIELD_DOUBLE, bool: FIELD_BOOL, struct timestamp: FIELD_TIME, struct month: FIELD_MONTH, \
        unsigned: FIELD_ENUM, struct texts: FIELD_TEXTS, struct uuids: FIELD_UUIDS, \
        struct packed: FIELD_PACKED, struct list: FIELD_LIST)

/* FIELD(struct tag, member, JSON name, designators...): the name starts the variable part, so that a row
 * may end with it. */
#define FIELD(type_, member_, ...) \
    {.column = #member_, .type = FIELD_TYPE_OF(((struct type_ *)0)->member_), \
     .offset = offsetof(struct type_, member_), .name = __VA_ARGS__}
/* A parameter or a column of SQL alone: COLUMN(issue, version). */
#define COLUMN(type_, member_) FIELD(type_, member_, #member_, .flags = FIELD_INTERNAL)

/* A struct inside: OBJECT(issue, connections, "connections", &connections_model, ...). */
#define OBJECT(type_, member_, name_, model_, ...) \
    {.column = #member_, .name = (name_), .type = FIELD_OBJECT, .model = (model_), \
     .offset = offsetof(struct type_, member_), __VA_ARGS__}

/* A member inside such a struct, or one that has a row already, under a name of its own, which is
 * its column, too: FIELD_AS(issue, connections.goal_ids, "goal_ids", .flags = FIELD_INTERNAL). */
#define FIELD_AS(type_, path_, name_, ...) \
    {.column = (name_), .type = FIELD_TYPE_OF(((struct type_ *)0)->path_), \
     .offset = offsetof(struct type_, path_), .name = (name_), __VA_ARGS__}
/* clang-format on */

/* A struct together with its table. AS(goal, &g) checks that &g is a struct goal *. */
struct bound {
    const struct model *model;
    void *data;
};
#define AS(type_, pointer_) \
    ((struct bound){&type_##_model, (void *)(1 ? (pointer_) : (struct type_ *)0)})
#define NOTHING ((struct bound){NULL, NULL})

/* Checks the table and the tables inside it for mistakes that the compiler does not find. On false
 * `why` names the table and the field. */
bool model_validate(const struct model *model, char *why, size_t size);

/* Every field to absent (false for bool, empty for arrays and lists; objects inside likewise). */
void model_clear(struct bound target);

/* Errors of one validation: each invalid field once, spelled as the caller spelled it. First come
 * those of the tables, in the order of their rows, then those that handlers add. */
struct field_errors {
    struct arena *arena;
    struct field_error *first, **last;
    size_t count;
};
struct field_error {
    struct str field; /* "connections.goalIds[2]" */
    struct str message;
    struct field_error *next;
};
void field_errors_init(struct field_errors *errors, struct arena *arena);
void field_errors_add(struct field_errors *errors, struct str field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A sentence for people with the first error and the number of others: "title is required (and 2
 * more fields are not valid)". Absent without errors. */
struct str field_errors_sentence(const struct field_errors *errors);
/* A map, field -> text. */
void field_errors_pack(const struct field_errors *errors, struct buffer *out);

enum decode_mode {
    DECODE_CREATE, /* absent required fields are errors; the target was cleared by the caller */
    DECODE_PATCH,  /* absent: the target keeps what it holds; null clears, or is an error */
};

/* Reads a body (a map) into the target. Names are accepted in camelCase, snake_case and with a
 * capital first letter; the same field twice with different values is an error, unless it is a
 * patch and one of them is what the target holds: then the other counts. Unknown names are ignored.
 * Wrong types, lengths, words, ids and numbers are errors, never coerced or cut. Answers true when
 * `errors` is empty afterwards. `seen` may be NULL, or receives a bit per field index that the body
 * named. An absent body (OPERATION_BODY_OPTIONAL) counts as {}. Null clears: a
 * bool becomes false, an array empty, each field of an object inside absent. A list is replaced as
 * a whole; an object inside is patched. An empty text counts as null for an id or a date that is
 * not required. Text and packed values point into the body's message or the errors' arena. An
 * invalid id leaves the target's value unchanged, and is absent in a list of ids; other invalid
 * fields have undefined values in the target. Errors beyond the first 1,000 are counted, not kept.
 */
bool model_decode(struct bound target, const struct value *body, enum decode_mode mode,
                  struct field_errors *errors, uint64_t *seen);

/* The path of a field ("dueDate", "connections.goalIds[2]", in the table's names) as the body
 * spells it; steps that the body does not name are spelled as .request_name says. */
struct str model_sent_path(const struct model *model, const struct value *body, struct str path,
                           struct arena *arena);

/* Reads query parameters (a map of arrays of text). Same names; text is parsed by the field's type;
 * texts and uuids accept commas and repetition, also as "name[]"; an unknown name that does not
 * begin with '_' is an error that lists the allowed ones. A uuid filter that is no UUID matches
 * nothing: it becomes a v7 id nobody has, unless FIELD_STRICT_ID. An empty value (`?status=`)
 * counts as absent; a single-valued parameter given twice with different values is an error.
 * What .default_value says stands where nothing was given.
 * Without a model (NOTHING) every parameter is unknown. */
bool model_decode_query(struct bound target, const struct value *query,
                        struct field_errors *errors);

/* Appends the whole struct as a msgpack map in table order, internal and write-only fields left
 * out. With FIELD_NULL_OMITTED an array without items pointer and an object whose fields are all
 * absent are left out too. */
void model_pack(struct bound source, struct buffer *out);
/* The same as JSON, where the writer stands. `pause` is called between items of lists, so that
 * others get their turn; NULL: nothing is. */
void model_json(struct bound source, struct json *json, void (*pause)(void));
/* The same plus `extra` more pairs that the caller appends at once. */
void model_pack_open(struct bound source, size_t extra, struct buffer *out);

/* Appends {field: [before, after]} with the fields that differ between two structs of one model, as
 * answers show them; without what no row stores: computed and joined fields. */
void model_pack_changes(struct bound before, struct bound after, struct arena *arena,
                        struct buffer *out);
/* The same of an entity that is new, or else gone, from an event's packed data: each field with a
 * value has changed from nothing, or to it. */
void model_pack_all_changed(const struct model *model, const struct value *data, bool appeared,
                            struct buffer *out);

/* Bytes of the text as JSON, with its quotes. */
size_t json_text_size(struct str text);

/* One field of the struct `target` to absent. */
void field_clear(const struct field *field, void *target);

/* The table's field for a SQL column or parameter; NULL when there is none. */
const struct field *model_column(const struct model *model, struct str column);
/* Whether the text is a spelling of that enum name: in any case, and where the name has '_' or a
 * blank, with '_', '-', a blank or nothing: notStarted, NOT_STARTED and "Not started" are
 * not_started. */
bool enum_name_matches(struct str text, const char *word);
/* Whether the text is a spelling of that field name: created_at and CreatedAt are createdAt. */
bool field_name_matches(struct str text, const char *name);
/* The name of an enum value ("draft"), absent for 0; and back, in any spelling that
 * enum_name_matches accepts, or by an alias, 0 when unknown. */
struct str enum_name(const struct enum_names *names, unsigned value);
unsigned enum_value(const struct enum_names *names, struct str text);

#endif
