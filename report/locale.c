/* The tables of locale.h. */
#include "locale.h"

#include "model.h"

enum { LANGS = 5 };

static const struct locale locales[LANGS] = {
    {.lang = REPORT_EN,
     .tag = "en",
     .tag_full = "en-GB",
     .decimal = ".",
     .group = ",",
     .group_least = 4,
     .percent = "%",
     .minus = "\u2212",
     .plus = "+",
     .comma = ", ",
     .short_day = "{1} {2} {3}",
     .long_day = "{1} {2} {3}",
     .moment = "{1}, {2} UTC",
     .short_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                      "Dec"},
     .long_months = {"January", "February", "March", "April", "May", "June", "July", "August",
                     "September", "October", "November", "December"},
     .thousand = "k",
     .million = "M",
     .billion = "B",
     .trillion = "T"},
    {.lang = REPORT_DE,
     .tag = "de",
     .tag_full = "de-DE",
     .decimal = ",",
     .group = ".",
     .group_least = 4,
     .percent = "\u00A0%",
     .minus = "\u2212",
     .plus = "+",
     .comma = ", ",
     .short_day = "{1}. {2} {3}",
     .long_day = "{1}. {2} {3}",
     .moment = "{1}, {2} UTC",
     .short_months = {"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.",
                      "Okt.", "Nov.", "Dez."},
     .long_months = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
                     "September", "Oktober", "November", "Dezember"},
     .thousand = "\u00A0Tsd.",
     .million = "\u00A0Mio.",
     .billion = "\u00A0Mrd.",
     .trillion = "\u00A0Bio."},
    {.lang = REPORT_FR,
     .tag = "fr",
     .tag_full = "fr-FR",
     .decimal = ",",
     .group = "\u202F",
     .group_least = 4,
     .percent = "\u202F%",
     .minus = "\u2212",
     .plus = "+",
     .comma = ", ",
     .short_day = "{1} {2} {3}",
     .long_day = "{1} {2} {3}",
     .moment = "{1} à {2} UTC",
     .first_day = "1er",
     .short_months = {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.",
                      "oct.", "nov.", "déc."},
     .long_months = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                     "septembre", "octobre", "novembre", "décembre"},
     .thousand = "\u00A0k",
     .million = "\u00A0M",
     .billion = "\u00A0Md",
     .trillion = "\u00A0Bn"},
    {.lang = REPORT_ES,
     .tag = "es",
     .tag_full = "es-ES",
     .decimal = ",",
     .group = ".",
     .group_least = 5,
     .percent = "\u00A0%",
     .minus = "\u2212",
     .plus = "+",
     .comma = ", ",
     .short_day = "{1} {2} {3}",
     .long_day = "{1} de {2} de {3}",
     .moment = "{1}, {2} UTC",
     .short_months = {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov",
                      "dic"},
     .long_months = {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
                     "septiembre", "octubre", "noviembre", "diciembre"},
     .thousand = "\u00A0mil",
     .million = "\u00A0M",
     .billion = "\u00A0mil\u00A0M",
     .trillion = "\u00A0B"},
    /* With European digits, as in trade. A mark keeps signs before their numbers. */
    {.lang = REPORT_AR,
     .tag = "ar",
     .tag_full = "ar-SA",
     .rtl = true,
     .decimal = ".",
     .group = ",",
     .group_least = 4,
     .percent = "%",
     .minus = "\u200E\u2212",
     .plus = "\u200E+",
     .comma = "، ",
     .short_day = "{1} {2} {3}",
     .long_day = "{1} {2} {3}",
     .moment = "{1}، {2} UTC",
     .short_months = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس",
                      "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
     .long_months = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس",
                     "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
     .thousand = "\u00A0ألف",
     .million = "\u00A0مليون",
     .billion = "\u00A0مليار",
     .trillion = "\u00A0تريليون"},
};

static const char *const texts[TEXTS][LANGS] = {
#define TEXT(name, ...) {__VA_ARGS__},
#include "texts.def"
#undef TEXT
};

static const struct word {
    const char *word;
    const char *in[LANGS];
} words[] = {
#define WORD(word, ...) {word, {__VA_ARGS__}},
#include "words.def"
#undef WORD
};

const struct locale *locale_of(enum report_lang lang)
{
    return &locales[lang >= REPORT_EN && lang <= REPORT_AR ? lang - 1 : 0];
}

struct str locale_text(const struct locale *locale, enum text text)
{
    return str_of(texts[text][locale->lang - 1]);
}

struct str locale_word(const struct locale *locale, struct str word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (enum_name_matches(word, words[i].word))
            return str_of(words[i].in[locale->lang - 1]);
    return STR_NONE;
}
