/* Text from people, cleaned. Draws nothing. */
#include "labels.h"

#define ELLIPSIS "\u2026"

/* The code point at `at` of valid UTF-8 and its bytes. */
static uint32_t code_point(struct str text, size_t at, size_t *size)
{
    const unsigned char *byte = (const unsigned char *)text.data + at;
    uint32_t point;

    if (byte[0] < 0x80) {
        *size = 1;
        return byte[0];
    }
    *size = byte[0] < 0xE0 ? 2 : byte[0] < 0xF0 ? 3 : 4;
    point = byte[0] & (0x7Fu >> *size);
    for (size_t i = 1; i < *size; i++)
        point = point << 6 | (byte[i] & 0x3Fu);
    return point;
}

static bool is_space(uint32_t point)
{
    return point <= 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x2028 || point == 0x2029;
}

/* Direction marks that reach beyond themselves, the object replacement and noncharacters. */
static bool is_left_out(uint32_t point)
{
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
           (point >= 0xFFF9 && point <= 0xFFFC) || (point & 0xFFFE) == 0xFFFE ||
           (point >= 0xFDD0 && point <= 0xFDEF);
}

struct str label_clean(struct arena *arena, struct str text, size_t max)
{
    struct buffer out = buffer_in(arena, text.size < 64 ? 64 : text.size);
    size_t size, characters = 0;
    bool space = false;

    for (size_t at = 0; at < text.size; at += size) {
        uint32_t point = code_point(text, at, &size);

        if (is_space(point)) {
            space = out.size > 0;
            continue;
        }
        if (is_left_out(point))
            continue;
        if (characters + space >= max) {
            buffer_append(&out, ELLIPSIS, sizeof ELLIPSIS - 1);
            break;
        }
        if (space)
            buffer_append(&out, " ", 1);
        buffer_append(&out, text.data + at, size);
        characters += 1 + space;
        space = false;
    }
    return buffer_str(&out);
}

/* Beside lines from left to right, letters from the same side and signs. Later blocks have both. */
static bool goes_along(struct str text)
{
    size_t size;

    for (size_t at = 0; at < text.size; at += size) {
        uint32_t point = code_point(text, at, &size);

        if (point >= 0x590 && !(point >= 0x2010 && point <= 0x2027))
            return false;
    }
    return true;
}

struct str label_apart(struct arena *arena, struct str text, size_t max, bool rtl)
{
    struct str clean = label_clean(arena, text, max);

    if (!rtl && goes_along(clean))
        return clean;
    return arena_printf(arena, "\u2068" STR_FMT "\u2069", STR_ARG(clean));
}

/* Hebrew, Arabic and their neighbours, with their presentation forms. */
static bool is_rtl_letter(uint32_t point)
{
    return (point >= 0x590 && point <= 0x8FF && !(point >= 0x660 && point <= 0x669)) ||
           (point >= 0xFB1D && point <= 0xFDFF) || (point >= 0xFE70 && point <= 0xFEFE) ||
           (point >= 0x10800 && point <= 0x10FFF) || (point >= 0x1E800 && point <= 0x1EFFF);
}

static bool is_ltr_letter(uint32_t point)
{
    return (point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z') ||
           (point >= 0xC0 && point < 0x2000 && point != 0xD7 && point != 0xF7) || point >= 0x3040;
}

bool label_is_rtl(struct str text, bool otherwise)
{
    size_t size;
    bool apart = false;

    for (size_t at = 0; at < text.size; at += size) {
        uint32_t point = code_point(text, at, &size);

        if (point == 0x2068 || point == 0x2069)
            apart = point == 0x2068;
        else if (!apart && is_rtl_letter(point))
            return true;
        else if (!apart && is_ltr_letter(point))
            return false;
    }
    return otherwise;
}

struct str label_word(struct arena *arena, struct str word)
{
    struct buffer out = buffer_in(arena, word.size + 8);

    word = label_clean(arena, word, 60);
    for (size_t i = 0; i < word.size; i++) {
        char c = word.data[i];
        bool large = c >= 'A' && c <= 'Z';
        bool small_before = i > 0 && word.data[i - 1] >= 'a' && word.data[i - 1] <= 'z';

        if (i == 0 && c >= 'a' && c <= 'z') {
            c = (char)(c - 'a' + 'A');
        } else if (c == '_') {
            c = ' ';
        } else if (large && small_before) {
            buffer_append(&out, " ", 1);
            c = (char)(c - 'A' + 'a');
        }
        buffer_append(&out, &c, 1);
    }
    return buffer_str(&out);
}

enum tone label_tone(struct str word)
{
    static const struct {
        const char *word;
        enum tone tone;
    } tones[] = {
        {"completed", TONE_GOOD},    {"adopted", TONE_GOOD},   {"resolved", TONE_GOOD},
        {"closed", TONE_GOOD},       {"improving", TONE_GOOD}, {"on_hold", TONE_NOTICE},
        {"paused", TONE_NOTICE},     {"high", TONE_NOTICE},    {"blocked", TONE_BAD},
        {"critical", TONE_BAD},      {"declining", TONE_BAD},  {"cancelled", TONE_QUIET},
        {"archived", TONE_QUIET},    {"stable", TONE_QUIET},   {"draft", TONE_QUIET},
        {"not_started", TONE_QUIET}, {"low", TONE_QUIET},      {"inactive", TONE_QUIET},
        {"on_track", TONE_GOOD},     {"behind", TONE_NOTICE},  {"at_risk", TONE_BAD},
        {"no_data", TONE_QUIET},
    };

    for (size_t i = 0; i < sizeof tones / sizeof *tones; i++)
        if (str_equal_nocase(word, str_of(tones[i].word)))
            return tones[i].tone;
    return TONE_PLAIN;
}
