/* The log: builds one line in a buffer of its own and writes it with one write(2), so that lines of
 * several processes on one pipe do not mix. Never fails and never waits for memory of a request. */
#include "log.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "json.h"
#include "log_file.h"
#include "timestamp.h"
#include "trace.h"

enum {
    FIELD_MAX = 1024,
    LINE_FIRST = 2048,
};

static struct {
    const char *process;
    enum log_level min;
    const struct log_context *context;
    struct arena *arena; /* of one line */
    struct json *json;
} logger = {.process = "traction", .min = LOG_INFO};

static const char *const level_names[] = {"debug", "info", "warning", "error"};

enum log_level log_level_of(struct str word)
{
    for (int level = LOG_DEBUG; level <= LOG_ERROR; level++)
        if (str_equal(word, str_of(level_names[level])))
            return (enum log_level)level;
    return LOG_INFO;
}

void log_open(const char *process, enum log_level min)
{
    logger.process = process;
    logger.min = min;
}

bool log_configure(const char *process)
{
    const char *path = config_cstr(CONFIG_LOG_FILE);

    log_open(process, log_level_of(config_text(CONFIG_LOG_LEVEL)));
    if (!path || log_file_open(path))
        return true;
    log_error("cannot open the log file", LOG_CSTR("path", path),
              LOG_CSTR("reason", strerror(errno)));
    return false;
}

const struct log_context *log_use(const struct log_context *context)
{
    const struct log_context *before = logger.context;

    logger.context = context;
    return before;
}

const struct log_context *log_context(void)
{
    return logger.context;
}

const char *log_process(void)
{
    return logger.process;
}

/* At most FIELD_MAX bytes, without a partial character at the end. */
static struct str cut(struct str text)
{
    if (text.size <= FIELD_MAX)
        return text;
    text.size = FIELD_MAX;
    size_t end = text.size;
    for (int i = 0; i < 3 && ((unsigned char)text.data[end] & 0xC0) == 0x80; i++)
        end--;
    /* Bytes that are no UTF-8 anyhow are cut anywhere. */
    if (((unsigned char)text.data[end] & 0xC0) != 0x80)
        text.size = end;
    return text;
}

/* Each byte that belongs to no character becomes U+FFFD. */
static struct str repaired(struct str text)
{
    struct buffer out = buffer_in(logger.arena, text.size * 3);

    for (size_t at = 0; at < text.size;) {
        size_t size = 1;
        while (size <= 4 && size <= text.size - at &&
               !utf8_valid((struct str){text.data + at, size}))
            size++;
        if (size <= 4 && size <= text.size - at) {
            buffer_append(&out, text.data + at, size);
            at += size;
        } else {
            buffer_append(&out, "\xEF\xBF\xBD", 3);
            at++;
        }
    }
    return buffer_str(&out);
}

static void put_text(const char *name, struct str text)
{
    json_key(logger.json, str_of(name));
    text = cut(text);
    json_text(logger.json, utf8_valid(text) ? text : repaired(text));
}

static void put_present(const char *name, struct str text)
{
    if (text.data)
        put_text(name, text);
}

static void put_context(const struct log_context *context)
{
    put_present("requestId", context->request_id);
    put_present("trace_id", trace_id_of(context->traceparent));
    put_present("span_id", span_id_of(context->traceparent));
    put_present("tenant", context->tenant);
    put_present("user", context->user);
    put_present("operation", context->operation);
}

static void put_field(const struct log_field *field)
{
    switch (field->type) {
    case LOG_TYPE_TEXT:
        put_text(field->name, field->text);
        break;
    case LOG_TYPE_INT:
        json_key(logger.json, str_of(field->name));
        json_int(logger.json, field->integer);
        break;
    case LOG_TYPE_DOUBLE:
        json_key(logger.json, str_of(field->name));
        json_double(logger.json, field->real);
        break;
    case LOG_TYPE_END:
        break;
    }
}

static void write_line(struct str line)
{
    log_file_make_room(line.size);
    while (line.size > 0) {
        ssize_t written = write(STDERR_FILENO, line.data, line.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return; /* there is no other place to complain */
        line = (struct str){line.data + written, line.size - (size_t)written};
    }
}

void log_write(enum log_level level, const char *message, const struct log_field *fields)
{
    char now[TIMESTAMP_TEXT_SIZE];

    if (level < logger.min)
        return;
    if (!logger.arena) {
        logger.arena = arena_new();
        logger.json = json_new();
    }
    int error = errno; /* callers log first and look at errno afterwards */
    struct buffer line = buffer_in(logger.arena, LINE_FIRST);
    json_start(logger.json, &line);
    json_object_begin(logger.json);
    timestamp_format(timestamp_now(), now);
    put_text("time", (struct str){now, sizeof now});
    put_text("level", str_of(level_names[level]));
    put_text("process", str_of(logger.process));
    json_key(logger.json, STR("pid"));
    json_int(logger.json, getpid());
    put_text("message", str_of(message));
    if (logger.context)
        put_context(logger.context);
    for (const struct log_field *field = fields; field && field->name; field++)
        put_field(field);
    json_object_end(logger.json);
    buffer_append(&line, "\n", 1);
    write_line(buffer_str(&line));
    arena_reset(logger.arena);
    errno = error;
}
