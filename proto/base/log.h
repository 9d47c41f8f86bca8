/* The log: one JSON object per line on standard error (log_file.h: a file). Lines of one request
 * carry its request id, trace and span (trace.h), tenant, user and operation from the current
 * context. Never log a token, a body, or a query string. Text is cut at 1 KiB per field; invalid
 * UTF-8 is replaced.
 *
 *   log_info("listening", LOG_TEXT("endpoint", endpoint), LOG_INT("port", port));
 */
#ifndef TRACTION_LOG_H
#define TRACTION_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "timing.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

enum log_type { LOG_TYPE_END, LOG_TYPE_TEXT, LOG_TYPE_INT, LOG_TYPE_DOUBLE };

struct log_field {
    const char *name;
    enum log_type type;
    struct str text;
    int64_t integer;
    double real;
};

/* clang-format off */
#define LOG_TEXT(n, s) {.name = (n), .type = LOG_TYPE_TEXT, .text = (s)}
#define LOG_CSTR(n, s) {.name = (n), .type = LOG_TYPE_TEXT, .text = str_of(s)}
#define LOG_INT(n, i) {.name = (n), .type = LOG_TYPE_INT, .integer = (i)}
#define LOG_DOUBLE(n, d) {.name = (n), .type = LOG_TYPE_DOUBLE, .real = (d)}
/* clang-format on */

/* The fields that every line written during one request has. Owned by the request. */
struct log_context {
    struct str request_id;
    struct str traceparent; /* of the span that is this process's part; absent: it is in no trace */
    struct str tenant;
    struct str user;
    struct str operation;
    struct timing *timing; /* in no line: filled while it is worked on; NULL: not measured */
};

/* The level that TRACTION_LOG_LEVEL names ("warning"); LOG_INFO for any other text. */
enum log_level log_level_of(struct str word);

/* `process` is the program's name ("svc-goals"); kept, not copied. */
void log_open(const char *process, enum log_level min);
/* The same with level and file from the configuration. False, with a line on standard error, when
 * the file cannot be opened. */
bool log_configure(const char *process);
/* The context for the lines that follow, or NULL; answers the one before. The fiber scheduler
 * switches it with the fiber. */
const struct log_context *log_use(const struct log_context *context);

/* For code that writes log lines itself (crash.c): the current context and the process's name. */
const struct log_context *log_context(void);
const char *log_process(void);

void log_write(enum log_level level, const char *message, const struct log_field *fields);

/* At least one field is needed (C11 has no empty initialiser). */
#define LOG_AT(level, message, ...) \
    log_write((level), (message), (const struct log_field[]){__VA_ARGS__, {.name = NULL}})
#define log_debug(message, ...) LOG_AT(LOG_DEBUG, message, __VA_ARGS__)
#define log_info(message, ...) LOG_AT(LOG_INFO, message, __VA_ARGS__)
#define log_warning(message, ...) LOG_AT(LOG_WARNING, message, __VA_ARGS__)
#define log_error(message, ...) LOG_AT(LOG_ERROR, message, __VA_ARGS__)

#endif
