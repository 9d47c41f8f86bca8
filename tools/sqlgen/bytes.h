/* Bytes and names, as the files of sqlgen need them. */
#ifndef SQLGEN_BYTES_H
#define SQLGEN_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static inline void *grow(void *memory, size_t size)
{
    void *grown = realloc(memory, size);
    if (!grown)
        abort();
    return grown;
}

static inline char *copy(const char *data, size_t size)
{
    char *text = grow(NULL, size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static inline bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static inline bool is_word(char c)
{
    return is_word_start(c) || is_digit(c);
}

/* As statements and fragments are named. */
static inline bool is_capitals(const char *name, size_t size)
{
    bool good = name[0] >= 'A' && name[0] <= 'Z';
    for (size_t i = 0; good && i < size; i++)
        good = (name[i] >= 'A' && name[i] <= 'Z') || is_digit(name[i]) || name[i] == '_';
    return good;
}

static inline bool is_named(const char *known, const char *name, size_t size)
{
    return strlen(known) == size && !memcmp(known, name, size);
}

/* Where in a comment that begins with `word` the rest begins; 0 when it begins otherwise. */
static inline size_t line_word(const char *line, size_t size, const char *word)
{
    size_t skip = strlen(word);
    if (size < skip || memcmp(line, word, skip) != 0)
        return 0;
    while (skip < size && is_space(line[skip]))
        skip++;
    return skip;
}

#endif
