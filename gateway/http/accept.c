/* Weights count in thousandths, as many as RFC 9110 has. */
#include "accept.h"

#include "trim.h"

enum { WHOLE = 1000 };

/* How specifically a field names a type, and with which weight. */
struct liking {
    int weight;  /* 0: not wanted */
    int precise; /* 0: not named, 1: by all types, 2: by the whole group, 3: by name */
};

/* "0.8" of "q=0.8"; what cannot be read counts as nothing said. */
static int read_weight(struct str text)
{
    int weight = 0, digit = WHOLE;

    if (text.size == 0 || (text.data[0] != '0' && text.data[0] != '1'))
        return WHOLE;
    for (size_t i = 0; i < text.size && digit > 0; i++) {
        if (text.data[i] == '.')
            continue;
        if (text.data[i] < '0' || text.data[i] > '9')
            return WHOLE;
        weight += (text.data[i] - '0') * digit;
        digit /= 10;
    }
    return weight < WHOLE ? weight : WHOLE;
}

static int weight_of(struct str parameters)
{
    while (parameters.data) {
        struct str value = trim(str_cut(&parameters, ';'));
        struct str name = str_cut(&value, '=');
        if (str_equal_nocase(name, STR("q")))
            return read_weight(value);
    }
    return WHOLE;
}

static int precision(struct str range, struct str type)
{
    struct str group = type, wanted = range;

    if (str_equal_nocase(range, type))
        return 3;
    if (str_equal(range, STR("*/*")))
        return 1;
    struct str name = str_cut(&wanted, '/');
    return str_equal(wanted, STR("*")) && str_equal_nocase(name, str_cut(&group, '/')) ? 2 : 0;
}

static struct liking liking_of(struct str accept, struct str type)
{
    struct liking best = {0, 0};

    while (accept.data) {
        struct str parameters = str_cut(&accept, ',');
        struct str range = trim(str_cut(&parameters, ';'));
        int precise = precision(range, type);
        if (precise > best.precise)
            best = (struct liking){weight_of(parameters), precise};
    }
    return best;
}

bool accept_prefers(struct str accept, struct str type, struct str other)
{
    struct liking liking = liking_of(accept, type), against = liking_of(accept, other);

    if (liking.weight != against.weight)
        return liking.weight > against.weight;
    return liking.weight > 0 && liking.precise > against.precise;
}
