/* Formatting of values. Draws nothing. */
#include "format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "labels.h"
#include "percent.h"

#define DASH STR("\u2013")

static void put(struct buffer *out, struct str text)
{
    buffer_append(out, text.data, text.size);
}

struct str format_fill(const struct format *f, struct str pattern, const struct str *values,
                       size_t count)
{
    struct buffer out = buffer_in(f->arena, pattern.size + 64);

    for (size_t i = 0; i < pattern.size; i++) {
        size_t number = i + 2 < pattern.size && pattern.data[i] == '{' && pattern.data[i + 2] == '}'
                            ? (size_t)(pattern.data[i + 1] - '0')
                            : 0;
        if (number >= 1 && number <= count) {
            put(&out, values[number - 1]);
            i += 2;
        } else {
            buffer_append(&out, pattern.data + i, 1);
        }
    }
    return buffer_str(&out);
}

struct str format_word(const struct format *f, struct str word)
{
    struct str known = locale_word(f->locale, word);

    return known.data ? known : label_word(f->arena, word);
}

/* --- Days --- */

static int digits(const char *text, size_t count)
{
    int number = 0;

    for (size_t i = 0; i < count; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static struct str day_text(const struct format *f, struct timestamp day, bool is_long)
{
    const struct locale *l = f->locale;
    const char *pattern = is_long ? l->long_day : l->short_day;
    char text[TIMESTAMP_TEXT_SIZE];

    if (timestamp_is_none(day))
        return DASH;
    timestamp_format(day, text);
    int number = digits(text + 8, 2), month = digits(text + 5, 2) - 1;
    const struct str values[] = {
        is_long && number == 1 && l->first_day ? str_of(l->first_day)
                                               : arena_printf(f->arena, "%d", number),
        str_of(is_long ? l->long_months[month] : l->short_months[month]),
        arena_printf(f->arena, "%d", digits(text, 4)),
    };
    return format_fill(f, str_of(pattern), values, 3);
}

struct str format_day(const struct format *f, struct timestamp day)
{
    return day_text(f, day, false);
}

struct str format_long_day(const struct format *f, struct timestamp day)
{
    return day_text(f, day, true);
}

struct str format_moment(const struct format *f, struct timestamp t)
{
    char text[TIMESTAMP_TEXT_SIZE];

    if (timestamp_is_none(t))
        return DASH;
    timestamp_format(t, text);
    const struct str values[] = {format_long_day(f, t), arena_printf(f->arena, "%.5s", text + 11)};
    return format_fill(f, str_of(f->locale->moment), values, 2);
}

struct str format_month(const struct format *f, struct month month)
{
    char text[8];

    if (month.number == MONTH_NONE.number)
        return DASH;
    month_format(month.number, text);
    return arena_printf(f->arena, "%s %.4s", f->locale->short_months[digits(text + 5, 2) - 1],
                        text);
}

/* --- Numbers --- */

/* A plain decimal number in the locale's signs. */
static struct str localised(const struct format *f, struct str number)
{
    const struct locale *l = f->locale;
    struct buffer out = buffer_in(f->arena, 48);
    size_t sign = number.size > 0 && number.data[0] == '-';
    size_t whole = sign;

    while (whole < number.size && number.data[whole] >= '0' && number.data[whole] <= '9')
        whole++;
    bool grouped = whole - sign >= (size_t)l->group_least;
    if (sign)
        put(&out, str_of(l->minus));
    for (size_t i = sign; i < number.size; i++) {
        if (grouped && i > sign && i < whole && (whole - i) % 3 == 0)
            put(&out, str_of(l->group));
        if (number.data[i] == '.')
            put(&out, str_of(l->decimal));
        else
            buffer_append(&out, number.data + i, 1);
    }
    return buffer_str(&out);
}

/* At most `decimals` decimals, without zeros at the end. */
static struct str trimmed(struct arena *arena, double number, int decimals)
{
    struct str text = arena_printf(arena, "%.*f", decimals, number);

    if (memchr(text.data, '.', text.size) != NULL) {
        while (text.data[text.size - 1] == '0')
            text.size--;
        if (text.data[text.size - 1] == '.')
            text.size--;
    }
    return str_equal(text, STR("-0")) ? STR("0") : text;
}

struct str format_count(const struct format *f, int64_t count)
{
    if (count == INT_NONE)
        return DASH;
    return localised(f, arena_printf(f->arena, "%" PRId64, count));
}

struct str format_number(const struct format *f, double number)
{
    double size = fabs(number);

    if (!isfinite(number))
        return DASH;
    if (size >= 1e15 || (size > 0 && size < 0.005))
        return localised(f, arena_printf(f->arena, "%.4g", number));
    return localised(f, trimmed(f->arena, number, 2));
}

/* By what a number of that size is divided, and what follows it then. */
static double shortening(const struct locale *l, double size, const char **after)
{
    const struct {
        double from, unit;
        const char *after;
    } steps[] = {{1e12, 1e12, l->trillion},
                 {1e9, 1e9, l->billion},
                 {1e6, 1e6, l->million},
                 {1e4, 1e3, l->thousand}};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (size >= steps[i].from) {
            *after = steps[i].after;
            return steps[i].unit;
        }
    *after = "";
    return 1;
}

struct str format_short(const struct format *f, double number)
{
    double size = fabs(number);
    const char *after;

    if (size >= 1e15 && isfinite(number))
        return localised(f, arena_printf(f->arena, "%.3g", number));
    if (!(size >= 1e4 && size < 1e15))
        return format_number(f, number);
    double unit = shortening(f->locale, size, &after);
    struct str text = trimmed(f->arena, number / unit, size / unit < 100 ? 1 : 0);
    return arena_printf(f->arena, STR_FMT "%s", STR_ARG(localised(f, text)), after);
}

struct str format_tick(const struct format *f, double value, double size, double step)
{
    enum { DECIMALS_MAX = 6 };
    const char *after;

    if (size >= 1e15 || size < 1e-4)
        return localised(f, arena_printf(f->arena, "%.3g", value));
    double unit = shortening(f->locale, size, &after);
    if (step < unit / 1000 && size < 1e9) {
        unit = 1;
        after = "";
    }
    double decimals = ceil(-log10(step / unit) - 1e-9);
    int shown = decimals < 0 ? 0 : decimals > DECIMALS_MAX ? DECIMALS_MAX : (int)decimals;
    struct str text = arena_printf(f->arena, "%.*f", shown, value / unit);
    return arena_printf(f->arena, STR_FMT "%s", STR_ARG(localised(f, text)),
                        value > 0 || value < 0 ? after : "");
}

struct str format_score(const struct format *f, double score)
{
    struct str text;

    if (!isfinite(score))
        return DASH;
    text = arena_printf(f->arena, "%.2f", percent_rounded(score));
    text.size -= text.data[text.size - 1] == '0';
    return localised(f, text);
}

static struct str with_percent(const struct format *f, struct str number)
{
    return arena_printf(f->arena, STR_FMT "%s", STR_ARG(number), f->locale->percent);
}

struct str format_percent(const struct format *f, double percent)
{
    if (!isfinite(percent))
        return DASH;
    return with_percent(f, localised(f, trimmed(f->arena, percent_rounded(percent), 2)));
}

struct str format_change(const struct format *f, double percent)
{
    if (!isfinite(percent))
        return DASH;
    struct str number = trimmed(f->arena, percent, fabs(percent) < 1e6 ? 1 : 0);
    bool up = percent > 0 && !str_equal(number, STR("0"));

    if (fabs(percent) >= 1e9)
        number = arena_printf(f->arena, "%.2g", percent);
    return with_percent(f, arena_printf(f->arena, "%s" STR_FMT, up ? f->locale->plus : "",
                                        STR_ARG(localised(f, number))));
}

struct str format_value(const struct format *f, double value, struct str unit)
{
    struct str number = format_number(f, value), clean = label_clean(f->arena, unit, 50);

    if (isnan(value) || clean.size == 0)
        return number;
    if (str_equal(clean, STR("%")))
        return with_percent(f, number);
    if (label_is_rtl(clean, f->locale->rtl) != f->locale->rtl)
        clean = label_apart(f->arena, clean, 50, f->locale->rtl);
    return arena_printf(f->arena, STR_FMT " " STR_FMT, STR_ARG(number), STR_ARG(clean));
}

struct str format_bars(const struct format *f, const struct bars *bars)
{
    struct buffer out = buffer_in(f->arena, 128);

    for (size_t i = 0; i < bars->count; i++)
        put(&out, arena_printf(f->arena, "%s" STR_FMT " " STR_FMT, i > 0 ? f->locale->comma : "",
                               STR_ARG(bars->items[i].label), STR_ARG(bars->items[i].text)));
    return FILL(f, TEXT_KPI_IS, bars->title, buffer_str(&out));
}
