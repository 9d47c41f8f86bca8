/* The arena: a list of blocks that a cursor moves through. Frees nothing before reset; under ASan
 * unallocated memory is poisoned, so that a use after reset or past the end is found. */
#include "arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { GAP = 16, GROWS_IN_PLACE = 0 };
#else
enum { GAP = 0, GROWS_IN_PLACE = 1 };
#endif

enum { ALIGNMENT = 16, FIRST_BLOCK = 4096, KEPT_BLOCK = 65536, LARGEST_STEP = 1 << 20 };

struct block {
    struct block *before;
    size_t size; /* of data */
    _Alignas(ALIGNMENT) char data[];
};

struct arena {
    struct block *block; /* the one in use; the others are full */
    size_t used;         /* of block->data; a multiple of ALIGNMENT */
    size_t next_size;    /* of the next block's data, unless a request is larger */
};

/* Marks bytes that must not be used any more. */
static void poison(char *data, size_t size)
{
#ifdef __SANITIZE_ADDRESS__
    memset(data, 0xDD, size);
    __asan_poison_memory_region(data, size);
#else
    (void)data;
    (void)size;
#endif
}

static void unpoison(char *data, size_t size)
{
#ifdef __SANITIZE_ADDRESS__
    __asan_unpoison_memory_region(data, size);
#else
    (void)data;
    (void)size;
#endif
}

static _Noreturn void out_of_memory(void)
{
    fputs("traction: out of memory\n", stderr);
    abort();
}

static size_t aligned(size_t size)
{
    if (size > SIZE_MAX / 2)
        out_of_memory();
    return (size + (ALIGNMENT - 1)) & ~(size_t)(ALIGNMENT - 1);
}

static void block_add(struct arena *arena, size_t min)
{
    size_t size = arena->next_size > min ? arena->next_size : min;
    struct block *block = malloc(sizeof *block + size);

    if (!block)
        out_of_memory();
    block->before = arena->block;
    block->size = size;
    poison(block->data, size);
    arena->block = block;
    arena->used = 0;
    if (arena->next_size < LARGEST_STEP)
        arena->next_size *= 2;
}

static void block_free(struct block *block)
{
    unpoison(block->data, block->size);
    free(block);
}

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof *arena);

    if (!arena)
        out_of_memory();
    arena->next_size = FIRST_BLOCK;
    block_add(arena, 0);
    return arena;
}

void arena_destroy(struct arena **arena)
{
    struct arena *gone = *arena;

    if (!gone)
        return;
    *arena = NULL; /* first: the caller's pointer may lie in the arena itself */
    for (struct block *block = gone->block, *before; block; block = before) {
        before = block->before;
        block_free(block);
    }
    free(gone);
}

void arena_reset(struct arena *arena)
{
    struct block *kept = NULL;

    for (struct block *block = arena->block, *before; block; block = before) {
        before = block->before;
        /* The largest that is allowed: the first met, because blocks grow. */
        if (!kept && block->size <= KEPT_BLOCK)
            kept = block;
        else
            block_free(block);
    }
    arena->block = NULL;
    arena->next_size = FIRST_BLOCK;
    if (kept) {
        kept->before = NULL;
        arena->block = kept;
        arena->used = 0;
        arena->next_size = kept->size * 2;
        unpoison(kept->data, kept->size);
        poison(kept->data, kept->size);
    } else {
        block_add(arena, 0);
    }
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->block, arena->used};
}

void arena_release(struct arena *arena, struct arena_mark mark)
{
    while (arena->block != mark.block) {
        struct block *before = arena->block->before;
        assert(before); /* else the mark is of another arena */
        block_free(arena->block);
        arena->block = before;
    }
    arena->used = mark.used;
    unpoison(arena->block->data + mark.used, arena->block->size - mark.used);
    poison(arena->block->data + mark.used, arena->block->size - mark.used);
}

/* Not zeroed. */
static void *take(struct arena *arena, size_t size)
{
    size_t needed = aligned(size > 0 ? size : 1) + GAP;

    if (needed > arena->block->size - arena->used)
        block_add(arena, needed);
    char *data = arena->block->data + arena->used;
    arena->used += needed;
    unpoison(data, size);
    return data;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t element_size)
{
    if (element_size > 0 && count > SIZE_MAX / element_size)
        out_of_memory();
    return arena_alloc(arena, count * element_size);
}

struct str arena_copy(struct arena *arena, struct str text)
{
    if (!text.data)
        return STR_NONE;
    char *copy = take(arena, text.size + 1);
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return (struct str){copy, text.size};
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct str text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

struct str arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    char guess[256];
    va_list again;

    va_copy(again, arguments);
    int size = vsnprintf(guess, sizeof guess, format, arguments);
    assert(size >= 0);
    char *text = take(arena, (size_t)size + 1);
    if ((size_t)size < sizeof guess)
        memcpy(text, guess, (size_t)size + 1);
    else
        vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return (struct str){text, (size_t)size};
}

struct buffer buffer_in(struct arena *arena, size_t capacity)
{
    struct buffer buffer = {.arena = arena, .capacity = aligned(capacity > 0 ? capacity : 1)};

    buffer.data = take(arena, buffer.capacity);
    return buffer;
}

/* The last thing taken from a block can become longer without moving. */
static bool grow_in_place(struct buffer *buffer, size_t capacity)
{
    struct arena *arena = buffer->arena;
    size_t more = capacity - buffer->capacity;

    if (!GROWS_IN_PLACE || buffer->data + buffer->capacity != arena->block->data + arena->used ||
        more > arena->block->size - arena->used)
        return false;
    arena->used += more;
    return true;
}

void buffer_reserve(struct buffer *buffer, size_t size)
{
    if (size <= buffer->capacity - buffer->size)
        return;
    size_t needed = aligned(buffer->size) + aligned(size);
    size_t capacity = needed > buffer->capacity * 2 ? needed : buffer->capacity * 2;

    if (!grow_in_place(buffer, capacity)) {
        char *data = take(buffer->arena, capacity);
        if (buffer->size > 0)
            memcpy(data, buffer->data, buffer->size);
        poison(buffer->data, buffer->capacity);
        buffer->data = data;
    }
    buffer->capacity = capacity;
}

char *buffer_extend(struct buffer *buffer, size_t size)
{
    buffer_reserve(buffer, size);
    char *end = buffer->data + buffer->size;
    buffer->size += size;
    return end;
}

struct str buffer_str(const struct buffer *buffer)
{
    return (struct str){buffer->data, buffer->size};
}
