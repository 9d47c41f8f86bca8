/* Configuration: checks the whole environment against the table at the start, then only returns
 * values. Never prints the value of a secret, not even an invalid one. */
#include "config.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"

enum config_type { TEXT, INT, SECRET, WORD };

struct config_entry {
    const char *name; /* without PREFIX */
    enum config_type type;
    const char *initial; /* NULL: unset */
    int64_t min, max;
    const char *example;
    const char *sentence;
};

static const struct config_entry entries[CONFIG_COUNT] = {
#define CONFIG(name, type, initial, min, max, example, sentence) \
    {#name, type, initial, min, max, example, sentence},
#include "config.def"
#undef CONFIG
};

static const char prefix[] = "TRACTION_";
static const char file_suffix[] = "_FILE";

enum { PREFIX_SIZE = sizeof prefix - 1, SHOWN_MAX = 80 };

static struct {
    struct str text; /* NUL-terminated */
    int64_t integer;
} values[CONFIG_COUNT];

static struct arena *arena; /* of the values */

extern char **environ;

/* The example of a WORD is the list of its words. */
static struct str example_of(const struct config_entry *entry)
{
    struct str words = str_of(entry->example);

    return entry->type == WORD ? str_cut(&words, '|') : words;
}

static void print_shown(struct str value)
{
    size_t size = value.size < SHOWN_MAX ? value.size : SHOWN_MAX;

    fputc('"', stderr);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)value.data[i];
        fputc(c < ' ' || c >= 0x7F ? '?' : c, stderr);
    }
    fputs(value.size > SHOWN_MAX ? "...\" " : "\" ", stderr);
}

/* Prints the mistake as one line. A value is shortened and printed without control characters, and
 * not at all when it may be a secret. */
__attribute__((format(printf, 4, 5))) static bool mistake(const struct config_entry *entry,
                                                          const char *suffix, struct str value,
                                                          const char *what, ...)
{
    struct str example = example_of(entry);
    va_list arguments;

    fprintf(stderr, "traction: %s%s%s: ", prefix, entry->name, suffix);
    if (value.data)
        print_shown(value);
    va_start(arguments, what);
    vfprintf(stderr, what, arguments);
    va_end(arguments);
    fprintf(stderr, " (example: %s%s=" STR_FMT ")\n", prefix, entry->name, STR_ARG(example));
    return false;
}

static bool is_word_of(struct str words, struct str value)
{
    while (words.data)
        if (str_equal(str_cut(&words, '|'), value))
            return true;
    return false;
}

static bool accept_text(const struct config_entry *entry, struct str value)
{
    struct str shown = entry->type == SECRET ? STR_NONE : value;

    if (!utf8_valid(value) || memchr(value.data, '\0', value.size))
        return mistake(entry, "", shown, "is not text in UTF-8");
    if ((int64_t)value.size < entry->min || (int64_t)value.size > entry->max)
        return mistake(entry, "", shown, "is not %lld to %lld bytes long", (long long)entry->min,
                       (long long)entry->max);
    return true;
}

/* Checks a value and keeps it. */
static bool accept(size_t key, struct str value)
{
    const struct config_entry *entry = &entries[key];
    int64_t number = 0;

    switch (entry->type) {
    case TEXT:
    case SECRET:
        if (!accept_text(entry, value))
            return false;
        break;
    case INT:
        if (!str_to_int64(value, &number) || number < entry->min || number > entry->max)
            return mistake(entry, "", value, "is not a whole number from %lld to %lld",
                           (long long)entry->min, (long long)entry->max);
        break;
    case WORD:
        if (!is_word_of(str_of(entry->example), value))
            return mistake(entry, "", value, "is not one of %s", entry->example);
        break;
    }
    values[key].text = arena_copy(arena, value);
    values[key].integer = number;
    return true;
}

/* Reads at most `size` bytes; -1 when the file cannot be read. */
static ssize_t read_file(const char *path, char *data, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t total = 0;
    ssize_t got = -1;

    if (fd < 0)
        return -1;
    while (total < size && (got = read(fd, data + total, size - total)) != 0) {
        if (got > 0)
            total += (size_t)got;
        else if (errno != EINTR)
            break;
    }
    int error = errno;
    close(fd);
    errno = error;
    return got < 0 ? -1 : (ssize_t)total;
}

/* A secret from the file that TRACTION_<name>_FILE names, as containers are given them. */
static bool accept_file(size_t key, const char *path)
{
    const struct config_entry *entry = &entries[key];
    size_t room = (size_t)entry->max + 3; /* a line end, and one more to see that it is too long */
    char *data = arena_alloc(arena, room);
    ssize_t size = read_file(path, data, room);

    if (size < 0)
        return mistake(entry, file_suffix, str_of(path), "cannot be read: %s", strerror(errno));
    if (size > 0 && data[size - 1] == '\n')
        size--;
    if (size > 0 && data[size - 1] == '\r')
        size--;
    return accept(key, (struct str){data, (size_t)size});
}

/* The key with the longest common prefix, for the message about an unknown variable. */
static const struct config_entry *nearest(struct str name)
{
    size_t best = 0, best_common = 0;

    for (size_t key = 0; key < CONFIG_COUNT; key++) {
        size_t common = 0;
        while (common < name.size && entries[key].name[common] == name.data[common])
            common++;
        if (common > best_common) {
            best = key;
            best_common = common;
        }
    }
    return &entries[best];
}

static bool is_file_of_secret(const struct config_entry *entry, struct str name)
{
    struct str stem = str_of(entry->name);

    return entry->type == SECRET && str_starts_with(name, stem) &&
           str_equal((struct str){name.data + stem.size, name.size - stem.size},
                     str_of(file_suffix));
}

/* One variable of the environment; values[key].text tells whether the key has been met. */
static bool load_variable(struct str name, const char *value)
{
    for (size_t key = 0; key < CONFIG_COUNT; key++) {
        const struct config_entry *entry = &entries[key];
        bool is_file = is_file_of_secret(entry, name);
        if (!is_file && !str_equal(str_of(entry->name), name))
            continue;
        if (values[key].text.data)
            return mistake(entry, "", STR_NONE, "is given twice, perhaps also as %s%s%s", prefix,
                           entry->name, entry->type == SECRET ? file_suffix : "");
        return is_file ? accept_file(key, value) : accept(key, str_of(value));
    }
    const struct config_entry *entry = nearest(name);
    fprintf(stderr,
            "traction: %s" STR_FMT ": there is no such variable; perhaps %s%s is meant"
            " (example: %s%s=" STR_FMT ")\n",
            prefix, STR_ARG(name), prefix, entry->name, prefix, entry->name,
            STR_ARG(example_of(entry)));
    return false;
}

bool config_load(void)
{
    if (!arena)
        arena = arena_new();
    memset(values, 0, sizeof values);
    for (char **variable = environ; *variable; variable++) {
        struct str value = str_of(*variable);
        struct str name = str_cut(&value, '=');
        if (!value.data || !str_starts_with(name, str_of(prefix)))
            continue;
        name = (struct str){name.data + PREFIX_SIZE, name.size - PREFIX_SIZE};
        if (!load_variable(name, value.data))
            return false;
    }
    for (size_t key = 0; key < CONFIG_COUNT; key++)
        if (!values[key].text.data && entries[key].initial &&
            !accept(key, str_of(entries[key].initial)))
            return false;
    return true;
}

int64_t config_int(enum config_key key)
{
    assert(key < CONFIG_COUNT && entries[key].type == INT);
    return values[key].integer;
}

struct str config_text(enum config_key key)
{
    assert(key < CONFIG_COUNT && entries[key].type != INT);
    return values[key].text;
}

const char *config_cstr(enum config_key key)
{
    return config_text(key).data;
}

static void print_limits(FILE *out, const struct config_entry *entry)
{
    switch (entry->type) {
    case TEXT:
    case SECRET:
        fprintf(out, "text of %lld to %lld bytes", (long long)entry->min, (long long)entry->max);
        break;
    case INT:
        fprintf(out, "whole number from %lld to %lld", (long long)entry->min,
                (long long)entry->max);
        break;
    case WORD:
        fprintf(out, "one of %s", entry->example);
        break;
    }
}

void config_print(FILE *out)
{
    for (size_t key = 0; key < CONFIG_COUNT; key++) {
        const struct config_entry *entry = &entries[key];
        struct str example = example_of(entry);
        fprintf(out, "%s%s: %s\n    ", prefix, entry->name, entry->sentence);
        print_limits(out, entry);
        if (entry->initial)
            fprintf(out, "; default \"%s\"", entry->initial);
        else
            fputs("; no default", out);
        fprintf(out, "; example " STR_FMT "\n", STR_ARG(example));
        if (entry->type == SECRET)
            fprintf(out, "    secret: may come from the file named by %s%s%s instead\n", prefix,
                    entry->name, file_suffix);
    }
}
