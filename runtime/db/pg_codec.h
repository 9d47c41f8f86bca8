/* Values between structs and PostgreSQL's binary format, one field at a time. Pure functions over
 * memory: no connection is known here. Absent values are SQL NULL, in both directions; bool has no
 * null (NULL reads as false), nor have arrays (NULL reads as empty, empty is sent as '{}'). */
#ifndef TRACTION_PG_CODEC_H
#define TRACTION_PG_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "model.h"

/* Object ids of the types we speak; fixed in every PostgreSQL. */
enum pg_type {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_NAME = 19,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_FLOAT8 = 701,
    PG_BYTEA_ARRAY = 1001,
    PG_TEXT_ARRAY = 1009,
    PG_VARCHAR_ARRAY = 1015,
    PG_BPCHAR = 1042,
    PG_VARCHAR = 1043,
    PG_TIMESTAMPTZ = 1184,
    PG_VOID = 2278,
    PG_UUID = 2950,
    PG_UUID_ARRAY = 2951,
};

/* 2000-01-01T00:00:00Z, where PostgreSQL counts from, in microseconds since 1970. */
#define PG_EPOCH_US INT64_C(946684800000000)

/* Bytes of an integer type; 0 for other types. */
size_t codec_integer_size(uint32_t type);
/* Whether a field of that type can be bound to, or read from, that type of the database. */
bool codec_fits(enum field_type field, uint32_t type);

/* The field of `data` as a parameter, copied into the arena: *value NULL for SQL NULL. False when
 * the value does not fit the type (a number beyond integer). */
bool codec_encode(struct arena *arena, const struct field *field, const void *data, uint32_t type,
                  const char **value, int *size);

/* Bytes of a row into the field of `data`; `bytes` NULL for SQL NULL. Text is copied into the
 * arena. False for bytes that are no value of the type, and for a word the enum does not have. */
bool codec_decode(struct arena *arena, const struct field *field, void *data, uint32_t type,
                  const char *bytes, size_t size);

#endif
