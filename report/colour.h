/* The report's colours. Draws nothing. */
#ifndef TRACTION_COLOUR_H
#define TRACTION_COLOUR_H

#include "sink.h"

struct colour {
    double red, green, blue;
};
extern const struct colour ink, muted, rule_colour, panel, shade, navy, teal, green, amber, red,
    white;

const struct colour *tone_text(enum tone tone); /* for words */
const struct colour *tone_fill(enum tone tone); /* for bars */

#endif
