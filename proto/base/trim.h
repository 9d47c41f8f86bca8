/* Spaces and tabs around a piece of text, which header fields allow nearly everywhere. */
#ifndef TRACTION_TRIM_H
#define TRACTION_TRIM_H

#include "str.h"

static inline struct str trim_left(struct str text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = (struct str){text.data + 1, text.size - 1};
    return text;
}

static inline struct str trim(struct str text)
{
    text = trim_left(text);
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
        text.size--;
    return text;
}

#endif
