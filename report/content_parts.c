/* What several chapters say in the same way. */
#include "content_parts.h"

#include "labels.h"

enum { BARS_MAX = 10 };

int64_t content_total(const struct list *list, int64_t total)
{
    return total > (int64_t)list->count ? total : (int64_t)list->count;
}

void content_note_cut(const struct content_writer *t, const struct list *list, int64_t total,
                      const char *what, const char *order)
{
    struct str shown = label_count(t->arena, (int64_t)list->count);
    struct str all = label_count(t->arena, total);

    if (content_total(list, total) > (int64_t)list->count)
        t->sink->ops->text(t->sink, ROLE_NOTE,
                           arena_printf(t->arena,
                                        "Shown are the first " STR_FMT " of " STR_FMT " %s, %s.",
                                        STR_ARG(shown), STR_ARG(all), what, order));
}

struct bars content_bars(const struct content_writer *t, const char *title,
                         const struct list *counts)
{
    const struct report_count *items = counts->items;
    struct bars bars = {.title = title};
    int64_t other = 0;

    bars.items = arena_array(t->arena, BARS_MAX, sizeof *bars.items);
    for (size_t i = 0; i < counts->count; i++) {
        struct bar *bar = &bars.items[bars.count];

        if (bars.count == BARS_MAX - 1 && counts->count > BARS_MAX) {
            other += items[i].count;
            *bar =
                (struct bar){STR("Other"), (double)other, label_count(t->arena, other), TONE_QUIET};
            continue;
        }
        *bar = (struct bar){label_word(t->arena, items[i].label), (double)items[i].count,
                            label_count(t->arena, items[i].count), label_tone(items[i].label)};
        bars.count++;
    }
    bars.count += other > 0;
    return bars;
}
