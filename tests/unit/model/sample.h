/* A model with a field of every type, for the tests of this folder. */
#ifndef TRACTION_SAMPLE_H
#define TRACTION_SAMPLE_H

#include <math.h>

#include "model.h"

enum colour { COLOUR_RED = 1, COLOUR_GREEN, COLOUR_BLUE, COLOUR_OFF_WHITE };

static const char *const colour_name_texts[] = {NULL, "red", "green", "blue", "off_white"};
static const struct enum_names colour_names = ENUM_NAMES(colour_name_texts);

static inline bool is_code(struct str text)
{
    return text.size == 2 && text.data[0] == '#';
}

struct part {
    struct str name;
    int64_t place;
};
static const struct field part_fields[] = {
    FIELD(part, name, "name", .flags = FIELD_REQUIRED, .min = 1, .max = 10),
    FIELD(part, place, "place", .min = 0, .max = 9),
};
static const struct model part_model = MODEL("Part", part, part_fields);

struct links {
    struct uuids goal_ids;
    struct list parts;
    struct str note;
};
static const struct field links_fields[] = {
    FIELD(links, goal_ids, "goalIds", .doc = "any"),
    FIELD(links, parts, "parts", .model = &part_model),
    FIELD(links, note, "note", .doc = "any"),
};
static const struct model links_model = MODEL("Links", links, links_fields);

struct sample {
    struct uuid id;
    struct str title;
    struct str owner_id;
    struct str code;
    int64_t count;
    double ratio;
    double free_number;
    bool shared;
    enum colour colour;
    struct timestamp due_date;
    struct month period;
    struct uuid goal_id;
    struct texts tags;
    struct packed metadata;
    struct packed anything;
    struct list parts;
    struct links links;
    struct str secret;
    struct str remark;
    int64_t version;
};
static const struct field sample_fields[] = {
    FIELD(sample, id, "id", .flags = FIELD_READ_ONLY),
    FIELD(sample, title, "title", .flags = FIELD_REQUIRED | FIELD_SHOWN, .min = 1, .max = 20),
    FIELD(sample, owner_id, "ownerId", .flags = FIELD_OPAQUE, .min = 1, .max = 128,
          .aliases = "responsible assignedTo"),
    FIELD(sample, code, "code", .check = is_code, .pattern = "a code like #1"),
    FIELD(sample, count, "count", .min = -5, .max = 100),
    FIELD(sample, ratio, "ratio", .min = 0, .max = 1),
    FIELD(sample, free_number, "freeNumber", .doc = "any"),
    FIELD(sample, shared, "isShared", .doc = "any"),
    FIELD(sample, colour, "colour", .enum_names = &colour_names, .flags = FIELD_NUMBERED),
    FIELD(sample, due_date, "dueDate", .doc = "any"),
    FIELD(sample, period, "period", .doc = "any"),
    FIELD(sample, goal_id, "goalId", .doc = "any"),
    FIELD(sample, tags, "valueTags", .flags = FIELD_SHOWN, .max = 3, .item_max = 5),
    FIELD(sample, metadata, "metadata", .flags = FIELD_OBJECT_ONLY, .max = 30),
    FIELD(sample, anything, "anything", .doc = "any"),
    FIELD(sample, parts, "parts", .model = &part_model, .max = 3),
    OBJECT(sample, links, "links", &links_model, .flags = FIELD_NULL_OMITTED),
    FIELD(sample, secret, "secret", .flags = FIELD_WRITE_ONLY),
    FIELD(sample, remark, "remark", .flags = FIELD_NULL_OMITTED),
    FIELD(sample, version, "version", .flags = FIELD_INTERNAL),
};
static const struct model sample_model = MODEL("Sample", sample, sample_fields);

#endif
