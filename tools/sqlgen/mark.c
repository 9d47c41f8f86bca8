/* Marks of statements: comments that say which struct a statement fills or stores. */
#include "mark.h"

#include "bytes.h"

/* The next word of a mark; its size is 0 at the end. */
static const char *mark_word(const char **line, size_t *left, size_t *size)
{
    while (*left > 0 && (is_space(**line) || **line == ',')) {
        ++*line;
        --*left;
    }
    const char *word = *line;
    *size = 0;
    while (*left > 0 && !is_space(**line) && **line != ',') {
        ++*line;
        --*left;
        ++*size;
    }
    return word;
}

static bool is_lower(const char *name, size_t size)
{
    bool good = size > 0 && size <= SCAN_NAME_MAX && name[0] >= 'a' && name[0] <= 'z';
    for (size_t i = 0; good && i < size; i++)
        good = (name[i] >= 'a' && name[i] <= 'z') || is_digit(name[i]) || name[i] == '_';
    return good;
}

const char *mark_read(struct scan_mark *mark, const char *line, size_t left)
{
    size_t size;
    const char *word = mark_word(&line, &left, &size);
    if (mark->model)
        return "said twice of one statement";
    if (!is_lower(word, size))
        return "name a struct, like goal, and 'except' some of its columns";
    mark->model = copy(word, size);
    word = mark_word(&line, &left, &size);
    if (size == 0)
        return NULL;
    if (!is_named("except", word, size))
        return "'except' and columns may follow the struct's name";
    for (word = mark_word(&line, &left, &size); size > 0; word = mark_word(&line, &left, &size)) {
        if (!is_lower(word, size))
            return "a column's name is small letters, digits and '_'";
        mark->exceptions =
            grow(mark->exceptions, (mark->exception_count + 1) * sizeof *mark->exceptions);
        mark->exceptions[mark->exception_count++] = copy(word, size);
    }
    return mark->exception_count > 0 ? NULL : "except which columns?";
}

void mark_free(struct scan_mark *mark)
{
    for (size_t i = 0; i < mark->exception_count; i++)
        free(mark->exceptions[i]);
    free(mark->exceptions);
    free(mark->model);
}
