/* The report's languages: fixed texts (texts.def), words of the data (words.def), and how each
 * language writes numbers and days. Tables only; format.h puts values in. */
#ifndef TRACTION_LOCALE_H
#define TRACTION_LOCALE_H

#include "analytics.h"
#include "str.h"

enum text {
#define TEXT(name, ...) TEXT_##name,
#include "texts.def"
#undef TEXT
    TEXTS,
};

struct locale {
    enum report_lang lang;
    const char *tag;      /* BCP 47: "de" */
    const char *tag_full; /* with a country, as Word wants it: "de-DE" */
    bool rtl;             /* written from right to left */
    const char *decimal, *group;
    int group_least;          /* digits before the decimal sign from which they are grouped */
    const char *percent;      /* what follows the number */
    const char *minus, *plus; /* before the number */
    const char *comma;        /* between the items of a list, with its blank */
    const char *short_day, *long_day, *moment; /* {1} day, {2} month, {3} year; {1} day, {2} time */
    const char *first_day;                     /* of a month, in long days; NULL: as the others */
    const char *short_months[12], *long_months[12];
    const char *thousand, *million, *billion, *trillion; /* after shortened numbers */
};

/* English for 0. */
const struct locale *locale_of(enum report_lang lang);

struct str locale_text(const struct locale *locale, enum text text);
/* A word of the data in the locale's language; absent when words.def does not have it. */
struct str locale_word(const struct locale *locale, struct str word);

#endif
