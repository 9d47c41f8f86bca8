/* Text that people see: the product's rules, on top of utf8proc's Unicode tables. */
#include "text.h"

#include <assert.h>
#include <string.h>
#include <utf8proc.h>

enum { BLANK_BRAILLE = 0x2800 }; /* a symbol without a dot, by its category */

/* Sets of general categories. */
#define OF(category) (1U << (category))
#define SEPARATORS (OF(UTF8PROC_CATEGORY_ZS) | OF(UTF8PROC_CATEGORY_ZL) | OF(UTF8PROC_CATEGORY_ZP))
#define MARKS (OF(UTF8PROC_CATEGORY_MN) | OF(UTF8PROC_CATEGORY_MC) | OF(UTF8PROC_CATEGORY_ME))
#define CONTROLS (OF(UTF8PROC_CATEGORY_CC) | OF(UTF8PROC_CATEGORY_CF))
#define UNASSIGNED OF(UTF8PROC_CATEGORY_CN)

static bool is_of(utf8proc_int32_t character, unsigned categories)
{
    return (categories & OF(utf8proc_category(character))) != 0;
}

/* The first character of `text`, which is not empty; answers its bytes. */
static size_t first_character(struct str text, utf8proc_int32_t *character)
{
    utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)text.data,
                                             (utf8proc_ssize_t)text.size, character);

    assert(size > 0); /* the text was checked where it came in */
    return (size_t)size;
}

static struct str last_character(struct str text)
{
    size_t at = text.size - 1;

    while (at > 0 && ((unsigned char)text.data[at] & 0xC0) == 0x80)
        at--;
    return (struct str){text.data + at, text.size - at};
}

static bool is_white(utf8proc_int32_t character)
{
    if (character < 0x80)
        return character == ' ' || (character >= '\t' && character <= '\r');
    return is_of(character, SEPARATORS) || character == 0x85 || character == 0x200B ||
           character == 0xFEFF;
}

struct str text_trimmed(struct str text)
{
    utf8proc_int32_t character;

    while (text.size > 0) {
        size_t size = first_character(text, &character);
        if (!is_white(character))
            break;
        text = (struct str){text.data + size, text.size - size};
    }
    while (text.size > 0) {
        struct str last = last_character(text);
        first_character(last, &character);
        if (!is_white(character))
            break;
        text.size -= last.size;
    }
    return text;
}

/* Unassigned, but reserved for characters without a glyph, or a noncharacter. */
static bool is_reserved(utf8proc_int32_t character)
{
    return character == 0x2065 || (character >= 0xFFF0 && character <= 0xFFF8) ||
           (character >= 0xE0000 && character <= 0xE0FFF) ||
           (character >= 0xFDD0 && character <= 0xFDEF) || (character & 0xFFFE) == 0xFFFE;
}

static bool is_visible(utf8proc_int32_t character)
{
    if (character < 0x80)
        return character > ' ' && character < 0x7F;
    if (utf8proc_get_property(character)->ignorable || character == BLANK_BRAILLE)
        return false;
    if (is_of(character, UNASSIGNED)) /* perhaps a letter or picture of a newer Unicode */
        return !is_reserved(character);
    return !is_of(character, SEPARATORS | MARKS | CONTROLS);
}

bool text_is_visible(struct str text)
{
    utf8proc_int32_t character;

    while (text.size > 0) {
        size_t size = first_character(text, &character);
        if (is_visible(character))
            return true;
        text = (struct str){text.data + size, text.size - size};
    }
    return false;
}

/* Below U+0300, whose lead bytes are below 0xCC, every text is in form C. */
static bool combines_nothing(struct str text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] >= 0xCC)
            return false;
    return true;
}

/* The characters of `text` as utf8proc maps them, with room for one more. */
static utf8proc_int32_t *mapped(struct arena *arena, struct str text, utf8proc_option_t options,
                                utf8proc_ssize_t *count)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.data;
    utf8proc_ssize_t size = (utf8proc_ssize_t)text.size;

    *count = utf8proc_decompose(bytes, size, NULL, 0, options);
    assert(*count >= 0);
    utf8proc_int32_t *characters = arena_array(arena, (size_t)*count + 1, sizeof *characters);
    *count = utf8proc_decompose(bytes, size, characters, *count, options);
    return characters;
}

/* The bytes are written over the characters, with a NUL. */
static struct str written(utf8proc_int32_t *characters, utf8proc_ssize_t count,
                          utf8proc_option_t options)
{
    count = utf8proc_reencode(characters, count, options);
    assert(count >= 0);
    return (struct str){(const char *)characters, (size_t)count};
}

struct str text_spelling(struct arena *arena, struct str text)
{
    const utf8proc_option_t folded = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD;
    utf8proc_ssize_t count, kept = 0;
    utf8proc_int32_t *characters = mapped(arena, text, folded, &count);

    for (utf8proc_ssize_t i = 0; i < count; i++)
        if (characters[i] != '_' && characters[i] != '-' && !is_white(characters[i]))
            characters[kept++] = characters[i];
    return written(characters, kept, folded);
}

struct str text_normalized(struct arena *arena, struct str text)
{
    const utf8proc_option_t form_c = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t count;

    if (combines_nothing(text))
        return text;
    utf8proc_int32_t *characters = mapped(arena, text, form_c, &count);
    return written(characters, count, form_c);
}
