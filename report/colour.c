/* The report's colours and what they mean. */
#include "colour.h"

const struct colour ink = {0.11, 0.15, 0.20}, muted = {0.40, 0.45, 0.51},
                    rule_colour = {0.84, 0.86, 0.89}, panel = {0.955, 0.962, 0.97},
                    shade = {0.93, 0.95, 0.975}, navy = {0.11, 0.22, 0.37},
                    teal = {0.22, 0.45, 0.58}, green = {0.22, 0.49, 0.35},
                    amber = {0.70, 0.45, 0.10}, red = {0.66, 0.20, 0.20}, white = {1, 1, 1};
static const struct colour pale = {0.66, 0.71, 0.77};

const struct colour *tone_text(enum tone tone)
{
    switch (tone) {
    case TONE_QUIET:
        return &muted;
    case TONE_GOOD:
        return &green;
    case TONE_NOTICE:
        return &amber;
    case TONE_BAD:
        return &red;
    case TONE_PLAIN:
        break;
    }
    return &ink;
}

const struct colour *tone_fill(enum tone tone)
{
    switch (tone) {
    case TONE_PLAIN:
        return &teal;
    case TONE_QUIET:
        return &pale;
    case TONE_GOOD:
    case TONE_NOTICE:
    case TONE_BAD:
        break;
    }
    return tone_text(tone);
}
