/* Request validation: refuses requests that two HTTP implementations could read in different ways
 * (request smuggling) or that contain bytes no field may have. Knows no routes. */
#include <string.h>

#include "head.h"
#include "trim.h"

enum { REPEAT_REFUSED, REPEAT_JOINED, REPEAT_IGNORED, REPEAT_EQUAL };

/* STR makes no constant initialiser. */
#define NAME(literal)                  \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

static const struct {
    struct str name; /* in lower case */
    int repeat;
} known[HEAD_FIELD_COUNT] = {
    [HEAD_ACCEPT] = {NAME("accept"), REPEAT_JOINED},
    [HEAD_ACCEPT_ENCODING] = {NAME("accept-encoding"), REPEAT_JOINED},
    [HEAD_AUTHORIZATION] = {NAME("authorization"), REPEAT_REFUSED},
    [HEAD_CONTENT_LENGTH] = {NAME("content-length"), REPEAT_EQUAL},
    [HEAD_CONTENT_TYPE] = {NAME("content-type"), REPEAT_EQUAL},
    [HEAD_EXPECT] = {NAME("expect"), REPEAT_EQUAL},
    [HEAD_HOST] = {NAME("host"), REPEAT_REFUSED},
    [HEAD_IDEMPOTENCY_KEY] = {NAME("idempotency-key"), REPEAT_REFUSED},
    [HEAD_IF_MATCH] = {NAME("if-match"), REPEAT_JOINED},
    [HEAD_IF_NONE_MATCH] = {NAME("if-none-match"), REPEAT_JOINED},
    [HEAD_LAST_EVENT_ID] = {NAME("last-event-id"), REPEAT_EQUAL},
    [HEAD_ORIGIN] = {NAME("origin"), REPEAT_EQUAL},
    [HEAD_PREFLIGHT_METHOD] = {NAME("access-control-request-method"), REPEAT_EQUAL},
    [HEAD_TENANT] = {NAME("x-tenant-id"), REPEAT_EQUAL},
    [HEAD_REQUEST_ID] = {NAME("x-request-id"), REPEAT_IGNORED},
    [HEAD_TRACEPARENT] = {NAME("traceparent"), REPEAT_IGNORED},
    [HEAD_TRANSFER_ENCODING] = {NAME("transfer-encoding"), REPEAT_REFUSED},
};

void head_refuse(struct head *head, int http, const char *why)
{
    if (head->fault)
        return;
    head->fault = why;
    head->fault_http = http;
}

/* RFC 9110 "tchar". */
static bool is_token(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return text.size > 0;
}

static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

static enum head_field find(struct str name)
{
    for (size_t i = 0; i < HEAD_FIELD_COUNT; i++)
        if (known[i].name.size == name.size && str_equal_nocase(known[i].name, name))
            return (enum head_field)i;
    return HEAD_FIELD_COUNT;
}

void head_add(struct head *head, struct arena *arena, struct str name, struct str value)
{
    if (!is_token(name)) {
        head_refuse(head, 400, "A header field has an invalid name");
        return;
    }
    if (has_control(value)) {
        head_refuse(head, 400, "A header field has control characters");
        return;
    }
    enum head_field field = find(name);
    if (field == HEAD_FIELD_COUNT)
        return;
    if (field != HEAD_TRANSFER_ENCODING) /* libmicrohttpd takes blanks for a part of its value */
        value = trim(value);
    struct str *slot = &head->fields[field];
    if (!slot->data) {
        *slot = value.data ? value : STR("");
        return;
    }
    switch (known[field].repeat) {
    case REPEAT_JOINED:
        *slot = arena_printf(arena, STR_FMT ", " STR_FMT, STR_ARG(*slot), STR_ARG(value));
        break;
    case REPEAT_EQUAL:
        if (!str_equal(*slot, value))
            head_refuse(head, 400, "A header field is repeated with another value");
        break;
    case REPEAT_REFUSED:
        head_refuse(head, 400, "A header field is repeated");
        break;
    default:
        break;
    }
}

/* Only an origin-form target: a path, with no bytes that must be percent-encoded. */
static void check_request_line(struct head *head)
{
    struct str target = head->target;

    if (!is_token(head->method))
        head_refuse(head, 400, "The method is not valid");
    if (!str_equal(head->version, STR("HTTP/1.1")) && !str_equal(head->version, STR("HTTP/1.0")))
        head_refuse(head, 400, "The HTTP version is not supported");
    if (target.size == 0 || target.data[0] != '/')
        head_refuse(head, 400, "The request target must be a path");
    for (size_t i = 0; i < target.size; i++) {
        unsigned char c = (unsigned char)target.data[i];
        if (c <= 0x20 || c >= 0x7F || c == '#')
            head_refuse(head, 400, "The request target has invalid characters");
    }
}

static void check_host(struct head *head)
{
    struct str host = head->fields[HEAD_HOST];

    if (!host.data) {
        if (str_equal(head->version, STR("HTTP/1.1")))
            head_refuse(head, 400, "The Host header field is missing");
        return;
    }
    for (size_t i = 0; i < host.size; i++) {
        unsigned char c = (unsigned char)host.data[i];
        if (c <= 0x20 || c >= 0x7F || strchr("/\\@?#\"<>,", c))
            head_refuse(head, 400, "The Host header field is not valid");
    }
}

static void check_framing(struct head *head)
{
    struct str length = head->fields[HEAD_CONTENT_LENGTH];
    struct str encoding = head->fields[HEAD_TRANSFER_ENCODING];

    head->length = -1;
    if (encoding.data) {
        if (length.data)
            head_refuse(head, 400, "Content-Length and Transfer-Encoding exclude each other");
        if (!str_equal_nocase(encoding, STR("chunked")))
            head_refuse(head, 400, "The only Transfer-Encoding understood is chunked");
        if (str_equal(head->version, STR("HTTP/1.0")))
            head_refuse(head, 400, "HTTP/1.0 has no Transfer-Encoding");
        head->chunked = true;
    }
    if (length.data) {
        bool digits = length.size > 0 && length.data[0] >= '0' && length.data[0] <= '9';
        if (!digits || !str_to_int64(length, &head->length))
            head_refuse(head, 400, "The Content-Length is not valid");
    }
}

void head_finish(struct head *head)
{
    struct str expect = head->fields[HEAD_EXPECT];

    check_request_line(head);
    check_host(head);
    check_framing(head);
    if (expect.data && !str_equal_nocase(expect, STR("100-continue")))
        head_refuse(head, 417, "The only expectation understood is 100-continue");
}

struct str head_path(const struct head *head)
{
    struct str rest = head->target;

    return str_cut(&rest, '?');
}

struct str head_query(const struct head *head)
{
    struct str rest = head->target;

    str_cut(&rest, '?');
    return rest;
}
