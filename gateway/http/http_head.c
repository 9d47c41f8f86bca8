/* The fields of a request's head, as libmicrohttpd has them and as they were sent. */
#include "http_lines.h"
#include "http_state.h"

enum {
    HEAD_MAX = 16 * 1024,
    TARGET_MAX = HEAD_MAX / 2 /* from then on it is to blame for a head that is too large */
};

const char http_hidden_field[] = MHD_HTTP_HEADER_COOKIE;

struct fields {
    struct exchange_state *state;
    struct http_lines lines;
};

static enum MHD_Result on_field(void *argument, enum MHD_ValueKind kind, const char *name,
                                size_t name_size, const char *value, size_t value_size)
{
    struct fields *fields = argument;
    struct exchange *exchange = &fields->state->exchange;

    (void)kind;
    if (name == http_hidden_field)
        return MHD_YES;
    http_lines_field(&fields->lines, (struct str){name, name_size},
                     (struct str){value, value_size});
    head_add(&exchange->head, exchange->arena, (struct str){name, name_size},
             (struct str){value ? value : "", value_size});
    return MHD_YES;
}

void exchange_read_fields(struct exchange_state *state, const char *url)
{
    struct head *head = &state->exchange.head;
    struct fields fields = {.state = state};
    size_t size =
        MHD_get_connection_info(state->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
            ->header_size;

    http_lines_begin(&fields.lines, head->method, (struct str){url, head->target.size},
                     head->version);
    MHD_get_connection_values_n(state->connection, MHD_HEADER_KIND, on_field, &fields);
    if (!http_lines_end(&fields.lines, head->method.data + size))
        head_refuse(head, 400, "The request's lines are not valid");
    if (size > HEAD_MAX && head->target.size > TARGET_MAX)
        head_refuse(head, 414, "The address is too long: line and fields may have 16 KiB together");
    if (size > HEAD_MAX)
        head_refuse(head, 431, "The request's line and fields are larger than 16 KiB together");
}
