/* Fragments that are lists of names, put in name by name. */
#include "list.h"

#include "bytes.h"

struct scan_fragment *fragment_find(const struct scan *scan, const char *name, size_t size)
{
    for (size_t i = 0; i < scan->fragment_count; i++) {
        if (is_named(scan->fragments[i].name, name, size))
            return &scan->fragments[i];
    }
    return NULL;
}

/* A list of names, each put into a template, under way. */
struct listing {
    const char *form; /* "g.*" */
    size_t form_size;
    char *text;
    size_t size, capacity;
};

static void listing_add(struct listing *listing, const char *data, size_t size)
{
    if (listing->size + size > listing->capacity) {
        listing->capacity = 2 * (listing->size + size) + 256;
        listing->text = grow(listing->text, listing->capacity);
    }
    memcpy(listing->text + listing->size, data, size);
    listing->size += size;
}

static void listing_name(struct listing *listing, const char *name, size_t size)
{
    if (listing->size > 0)
        listing_add(listing, ", ", 2);
    for (size_t i = 0; i < listing->form_size; i++) {
        if (listing->form[i] == '*')
            listing_add(listing, name, size);
        else
            listing_add(listing, listing->form + i, 1);
    }
}

/* Blanks and comments from `at` on. */
static size_t list_gap(const struct scan_fragment *fragment, size_t at)
{
    while (at < fragment->size) {
        if (is_space(fragment->text[at]))
            at++;
        else if (fragment->size - at > 1 && !memcmp(fragment->text + at, "--", 2))
            while (at < fragment->size && fragment->text[at] != '\n')
                at++;
        else
            break;
    }
    return at;
}

/* False when the fragment is no list of names and of such lists. */
static bool list_names(const struct scan *scan, struct scan_fragment *fragment,
                       struct listing *listing)
{
    size_t at = list_gap(fragment, 0);
    fragment->used = true;
    for (;;) {
        bool inner = at < fragment->size && fragment->text[at] == ':';
        at += inner;
        const char *name = fragment->text + at;
        size_t size = 0;
        while (at + size < fragment->size && is_word(name[size]))
            size++;
        if (size == 0 || !is_word_start(name[0]))
            return false;
        struct scan_fragment *list = inner ? fragment_find(scan, name, size) : NULL;
        if (inner && !(list && list_names(scan, list, listing)))
            return false;
        if (!inner)
            listing_name(listing, name, size);
        at = list_gap(fragment, at + size);
        if (at == fragment->size)
            return true;
        if (fragment->text[at] != ',')
            return false;
        at = list_gap(fragment, at + 1);
    }
}

size_t list_form_size(const char *text, size_t size)
{
    size_t depth = 0;
    for (size_t end = 0; end < size; end++) {
        if (text[end] == '(')
            depth++;
        else if (text[end] == ')' && --depth == 0)
            return end + 1;
    }
    return 0;
}

bool list_put_in(const struct scan *scan, struct scan_fragment *fragment, const char *form,
                 size_t form_size, struct list_text *text)
{
    struct listing listing = {.form = form, .form_size = form_size};
    bool good = list_names(scan, fragment, &listing);
    *text = (struct list_text){listing.text, listing.size};
    return good;
}
