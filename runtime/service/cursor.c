/* Cursors of lists: where a page begins, other than by a number. A cursor says the place of the
 * last row before it, as the list is sorted, so it stays right when rows come and go. To clients it
 * is opaque. It must not be taken for a list of other filters, another order or another tenant: it
 * has a digest of those and of itself, which whoever knows how can make, too: then the database
 * finds out that its key is not of the type that is sorted by. */
#include <assert.h>
#include <openssl/evp.h>
#include <string.h>

#include "op_state.h"
#include "owner.h"
#include "pack.h"

/* Bytes: a version, a digest of the rest, the last row's id, its key as list_rows() takes it. */
enum { VERSION = 1, DIGEST = 12, ID = sizeof(struct uuid), HEAD = 1 + DIGEST + ID };

#define NOT_OF_THE_LIST "is not a nextCursor of this list with these filters and this sort"
#define DATA_EXCEPTION "22" /* class of SQLSTATE */

/* The first bytes of SHA-256 over what the cursor is good for, and what follows its digest. */
static void put_digest(struct op *op, struct str place, unsigned char digest[DIGEST])
{
    struct str scope = op->state->cursor_scope;
    struct buffer all = buffer_in(op->arena, scope.size + place.size + 16);
    unsigned char whole[EVP_MAX_MD_SIZE];

    pack_bytes(&all, scope);
    pack_bytes(&all, place);
    int done = EVP_Digest(all.data, all.size, whole, NULL, EVP_sha256(), NULL);
    assert(done == 1);
    (void)done;
    memcpy(digest, whole, DIGEST);
}

/* Operation, tenant and query, without its place and its size: a client may go on with larger
 * pages. */
static struct str scope_of(struct op *op, struct bound query, struct paging *paging)
{
    struct paging asked = *paging;
    struct buffer out = buffer_in(op->arena, 256);

    paging->page = paging->size = paging->offset = INT_NONE;
    paging->after = STR_NONE;
    pack_text(&out, op->request->operation);
    pack_bytes(&out, op->request->path_values);
    pack_text(&out, op->request->tenant);
    model_pack(query, &out);
    *paging = asked;
    return buffer_str(&out);
}

/* Base64 for URLs (RFC 4648, section 5), without padding. */
static struct str text_of(struct op *op, struct str bytes)
{
    char *text = arena_alloc(op->arena, bytes.size / 3 * 4 + 5);
    size_t size = (bytes.size * 4 + 2) / 3;

    EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)bytes.data, (int)bytes.size);
    for (size_t i = 0; i < size; i++)
        text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
    return (struct str){text, size};
}

/* Absent where it is no such text. */
static struct str bytes_of(struct op *op, struct str text)
{
    size_t padded = (text.size + 3) / 4 * 4;
    char *standard = arena_alloc(op->arena, padded);
    unsigned char *bytes = arena_alloc(op->arena, padded / 4 * 3);

    memset(standard, '=', padded);
    for (size_t i = 0; i < text.size; i++) {
        char letter = text.data[i];
        if (letter == '+' || letter == '/' || letter == '=')
            return STR_NONE;
        standard[i] = letter == '-' ? '+' : letter == '_' ? '/' : letter;
    }
    int size = EVP_DecodeBlock(bytes, (const unsigned char *)standard, (int)padded);
    if (size < 0 || text.size % 4 == 1)
        return STR_NONE;
    return (struct str){(const char *)bytes, text.size * 3 / 4};
}

static bool place_read(struct op *op, struct paging *paging)
{
    struct str bytes = bytes_of(op, paging->after);
    unsigned char digest[DIGEST];

    if (bytes.size <= HEAD || bytes.data[0] != VERSION)
        return false;
    struct str place = {bytes.data + 1 + DIGEST, bytes.size - 1 - DIGEST};
    put_digest(op, place, digest);
    if (memcmp(digest, bytes.data + 1, DIGEST) != 0)
        return false;
    if (place.data[ID] != 'v' && !(place.data[ID] == 'n' && place.size == ID + 1))
        return false;
    memcpy(paging->after_id.bytes, place.data, ID);
    paging->after_key = (struct str){place.data + ID, place.size - ID};
    return true;
}

const char *cursor_read(struct op *op, struct bound query)
{
    const struct field *field = query.model ? model_column(query.model, STR("after")) : NULL;
    struct paging *paging;

    op->state->cursor_scope = STR_NONE;
    op->state->by_cursor = false;
    if (!field)
        return NULL;
    paging = OWNER_OF((char *)query.data + field->offset, struct paging, after);
    op->state->cursor_scope = scope_of(op, query, paging);
    if (!paging->after.data)
        return NULL;
    if (!value_is_null(value_get(&op->state->query, "page")) ||
        !value_is_null(value_get(&op->state->query, "offset")))
        return "must not be asked together with page or offset";
    if (!place_read(op, paging))
        return NOT_OF_THE_LIST;
    op->state->by_cursor = true;
    return NULL;
}

const char *cursor_fault(const struct op *op, const struct db_fault *fault)
{
    bool refused = op->state->by_cursor && strncmp(fault->sqlstate, DATA_EXCEPTION, 2) == 0;

    return refused ? NOT_OF_THE_LIST : NULL;
}

struct str cursor_after(struct op *op, struct bound row)
{
    struct buffer out = buffer_in(op->arena, 128);
    const char version = VERSION;
    unsigned char digest[DIGEST] = {0};

    if (!op->state->cursor_scope.data || !row.data)
        return STR_NONE;
    const struct field *id = model_column(row.model, STR("id"));
    const struct field *next_key = model_column(row.model, STR("next_key"));
    assert(id && next_key); /* LISTED_FIELDS */
    struct str key = *(const struct str *)(const void *)((char *)row.data + next_key->offset);
    if (!key.data)
        return STR_NONE;
    buffer_append(&out, &version, 1);
    buffer_append(&out, digest, DIGEST); /* its place */
    buffer_append(&out, (char *)row.data + id->offset, ID);
    buffer_append(&out, key.data, key.size);
    put_digest(op, (struct str){out.data + 1 + DIGEST, out.size - 1 - DIGEST}, digest);
    memcpy(out.data + 1, digest, DIGEST);
    return text_of(op, buffer_str(&out));
}
