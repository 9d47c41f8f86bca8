/* The list of outcomes as tables. */
#include "status.h"

#include <assert.h>

static const struct {
    struct str code;
    int http;
    const char *sentence;
} statuses[STATUS_COUNT] = {
#define STATUS(code, http, sentence) {{#code, sizeof(#code) - 1}, http, sentence},
#include "status.def"
#undef STATUS
};

static size_t index_of(enum status status)
{
    assert((size_t)status < STATUS_COUNT);
    return (size_t)status;
}

const char *status_code(enum status status)
{
    return statuses[index_of(status)].code.data;
}

int status_http(enum status status)
{
    return statuses[index_of(status)].http;
}

const char *status_sentence(enum status status)
{
    return statuses[index_of(status)].sentence;
}

bool status_is_success(enum status status)
{
    return status_http(status) < 400;
}

bool status_from_code(struct str code, enum status *status)
{
    for (size_t i = 0; i < STATUS_COUNT; i++)
        if (str_equal(statuses[i].code, code)) {
            *status = (enum status)i;
            return true;
        }
    return false;
}
