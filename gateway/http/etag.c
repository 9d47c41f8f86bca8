/* Entity tags: making, comparing, and reading the version out of them. */
#include "etag.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "pack.h"

struct str etag_make(struct arena *arena, int64_t version, struct str body)
{
    return arena_printf(arena, "\"%lld-%016llx\"", (long long)version,
                        (unsigned long long)XXH3_64bits(body.data, body.size));
}

/* The next tag of a list, with its quotes but without "W/"; moves `rest` behind it. False at the
 * end and where the list is malformed. */
static bool next_tag(struct str *rest, struct str *tag)
{
    size_t at = 0;

    while (at < rest->size && strchr(" \t,", rest->data[at]) && rest->data[at] != '\0')
        at++;
    if (rest->size - at > 2 && rest->data[at] == 'W' && rest->data[at + 1] == '/')
        at += 2;
    if (rest->size - at < 2 || rest->data[at] != '"')
        return false;
    const char *end = memchr(rest->data + at + 1, '"', rest->size - at - 1);
    if (!end)
        return false;
    size_t behind = (size_t)(end - rest->data) + 1;
    *tag = (struct str){rest->data + at, behind - at};
    *rest = (struct str){rest->data + behind, rest->size - behind};
    return true;
}

bool etag_matches(struct str list, struct str etag)
{
    struct str tag;

    if (str_equal(list, STR("*")))
        return true;
    while (next_tag(&list, &tag))
        if (str_equal(tag, etag))
            return true;
    return false;
}

/* The next version of the list, over tags that are none of ours. */
static bool next_version(struct str *rest, int64_t *version)
{
    struct str tag;

    while (next_tag(rest, &tag)) {
        struct str inside = {tag.data + 1, tag.size - 2};
        if (str_to_int64(str_cut(&inside, '-'), version) && *version >= 0)
            return true;
    }
    return false;
}

bool etag_versions(struct str list, int64_t *first, struct buffer *others)
{
    int64_t version;
    uint32_t count = 0;

    *first = -1;
    if (str_equal(list, STR("*")))
        return true;
    if (!next_version(&list, first))
        return false;
    for (struct str rest = list; next_version(&rest, &version);)
        count++;
    if (count == 0)
        return true;
    pack_array(others, count);
    while (next_version(&list, &version))
        pack_int(others, version);
    return true;
}
