/* Memory with one lifetime: all allocations of one request are made in its arena and freed with it.
 * Nothing is freed one by one; nothing from an arena may be kept beyond its reset.
 * Running out of memory aborts (inputs are bounded instead), so no call returns NULL. */
#ifndef TRACTION_ARENA_H
#define TRACTION_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "str.h"

struct arena; /* one owner, one thread */

struct arena *arena_new(void);
void arena_destroy(struct arena **arena); /* sets the caller's pointer to NULL */

/* Frees everything allocated. Keeps one block (at most 64 KiB) for the next user. */
void arena_reset(struct arena *arena);

/* A place in the arena, for work in parts: arena_release frees what was allocated after it. A
 * buffer from before must not have grown meanwhile. */
struct arena_mark {
    const void *block;
    size_t used;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_release(struct arena *arena, struct arena_mark mark);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
/* `count` zeroed elements; aborts when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t element_size);

/* A NUL-terminated copy; absent stays absent. */
struct str arena_copy(struct arena *arena, struct str text);
struct str arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Bytes that grow. The bytes live in the arena; `data` may move at every append. */
struct buffer {
    struct arena *arena;
    char *data;
    size_t size;
    size_t capacity;
};

struct buffer buffer_in(struct arena *arena, size_t capacity);
/* Room for `size` more bytes at the end: so many can be appended without moving. */
void buffer_reserve(struct buffer *buffer, size_t size);
/* The same, already counted in buffer->size. */
char *buffer_extend(struct buffer *buffer, size_t size);
/* Here because messages and answers are made of thousands of pieces of a few bytes. */
static inline void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    char *end = buffer->data + buffer->size;

    if (size == 0)
        return;
    if (size <= buffer->capacity - buffer->size)
        buffer->size += size;
    else
        end = buffer_extend(buffer, size);
    memcpy(end, data, size);
}
struct str buffer_str(const struct buffer *buffer);

#endif
