/* Claims: a claim that is there but cannot be understood makes the token unacceptable, because
 * guessing would grant or refuse by accident. */
#include "claims.h"

#include <math.h>
#include <string.h>

#include "timestamp.h"
#include "trim.h"

enum { ID_MOST = 128, NAME_MOST = 200 };

static struct str text_of(const json_t *value)
{
    if (!json_is_string(value))
        return STR_NONE;
    return (struct str){json_string_value(value), json_string_length(value)};
}

static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == 0x7F)
            return true;
        /* U+0080 to U+009F */
        if (c == 0xC2 && i + 1 < text.size && (unsigned char)text.data[i + 1] < 0xA0)
            return true;
    }
    return false;
}

/* The first of two claims that is there; absent when it is no usable id. */
static struct str id_of(const json_t *claims, const char *name, const char *other)
{
    const json_t *value = json_object_get(claims, name);

    if (!value || json_is_null(value))
        value = json_object_get(claims, other);
    struct str text = text_of(value);
    if (text.size == 0 || utf8_length(text) > ID_MOST || has_control(text))
        return STR_NONE;
    return text;
}

static bool is_name(struct str text)
{
    bool visible = false;

    for (size_t i = 0; i < text.size; i++)
        visible |= text.data[i] != ' ';
    return visible && !has_control(text);
}

static struct str cut_name(struct str name)
{
    name = trim(name);
    while (utf8_length(name) > NAME_MOST)
        do
            name.size--;
        while (((unsigned char)name.data[name.size] & 0xC0) == 0x80);
    return name;
}

/* The e-mail's part before the last '@'. */
static struct str local_part(const json_t *email)
{
    struct str text = text_of(json_is_array(email) ? json_array_get(email, 0) : email);
    size_t at = text.size;

    while (at > 0 && text.data[at - 1] != '@')
        at--;
    return at > 1 ? (struct str){text.data, at - 1} : STR_NONE;
}

static struct str name_of(const json_t *claims, struct arena *arena)
{
    struct str name = text_of(json_object_get(claims, "name"));

    if (!is_name(name)) {
        struct str given = text_of(json_object_get(claims, "given_name"));
        struct str family = text_of(json_object_get(claims, "family_name"));
        if (is_name(given) && is_name(family))
            name = arena_printf(arena, STR_FMT " " STR_FMT, STR_ARG(given), STR_ARG(family));
        else
            name = is_name(given) ? given : family;
    }
    if (!is_name(name))
        name = local_part(json_object_get(claims, "email"));
    return is_name(name) ? arena_copy(arena, cut_name(name)) : STR_NONE;
}

static bool may_write_as(struct str role)
{
    return !str_equal_nocase(role, STR("viewer")) && !str_equal_nocase(role, STR("guest")) &&
           !str_equal_nocase(role, STR("readonly"));
}

/* Adds what one claim (a text, or an array of them) says; false when it is anything else. */
static bool read_roles(const json_t *claim, size_t *roles, bool *may_write)
{
    json_t *item;
    size_t i;

    if (!claim || json_is_null(claim))
        return true;
    if (json_is_string(claim)) {
        if (json_string_length(claim) > 0) {
            (*roles)++;
            *may_write |= may_write_as(text_of(claim));
        }
        return true;
    }
    if (!json_is_array(claim))
        return false;
    json_array_foreach(claim, i, item)
    {
        if (!json_is_string(item) || !read_roles(item, roles, may_write))
            return false;
    }
    return true;
}

static bool read_features(const json_t *claim, unsigned *modules)
{
    json_t *item;
    size_t i;

    *modules = ~0u;
    if (!claim || json_is_null(claim))
        return true;
    if (!json_is_array(claim))
        return false;
    *modules = 1u << MODULE_NONE;
    json_array_foreach(claim, i, item)
    {
        for (unsigned module = MODULE_NONE + 1; module < MODULE_COUNT; module++)
            if (str_equal(text_of(item), str_of(module_names[module])))
                *modules |= 1u << module;
    }
    return true;
}

static bool read_limits(const json_t *claim, const struct auth_config *config, int64_t *limits)
{
    memcpy(limits, config->limits, sizeof config->limits);
    if (!claim || json_is_null(claim))
        return true;
    if (!json_is_object(claim))
        return false;
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        const json_t *limit = json_object_get(claim, limit_names[i]);
        if (!limit)
            continue;
        if (json_is_null(limit)) {
            limits[i] = LIMIT_NONE;
            continue;
        }
        if (!json_is_number(limit))
            return false;
        double number = floor(json_number_value(limit));
        /* Below zero nothing is allowed either; LIMIT_NONE is not for tokens to say. */
        limits[i] = number < 0 ? 0 : number >= 1e15 ? LIMIT_NONE : (int64_t)number;
    }
    return true;
}

static bool has_audience(const json_t *claim, struct str audience)
{
    json_t *item;
    size_t i;

    if (json_is_string(claim))
        return str_equal(text_of(claim), audience);
    json_array_foreach(claim, i, item)
    {
        if (str_equal(text_of(item), audience))
            return true;
    }
    return false;
}

/* Seconds since 1970; false when the claim is no reasonable number. */
static bool read_seconds(const json_t *claim, int64_t *seconds)
{
    double number = json_is_number(claim) ? json_number_value(claim) : -1;

    if (!(number >= 0 && number < 1e12))
        return false;
    *seconds = (int64_t)number;
    return true;
}

bool claims_begun(const json_t *claims, int64_t now_s)
{
    const json_t *claim = json_object_get(claims, "nbf");
    int64_t begins_s;

    return !claim || (read_seconds(claim, &begins_s) && begins_s <= now_s + CLAIMS_LEEWAY_S);
}

static bool is_active(const json_t *claim)
{
    return !claim || json_is_null(claim) || str_equal_nocase(text_of(claim), STR("active"));
}

bool claims_read(const json_t *claims, const struct auth_config *config, struct arena *arena,
                 struct identity *identity)
{
    int64_t now_s = timestamp_now().us / 1000000;
    size_t roles = 0;

    *identity = (struct identity){0};
    identity->tenant = arena_copy(arena, id_of(claims, "tenant_id", "tenantId"));
    identity->user = arena_copy(arena, id_of(claims, "user_id", "sub"));
    identity->name = name_of(claims, arena);
    identity->active = is_active(json_object_get(claims, "user_status"));
    if (!identity->tenant.data || !identity->user.data ||
        !read_seconds(json_object_get(claims, "exp"), &identity->expires_s) ||
        !read_roles(json_object_get(claims, "role"), &roles, &identity->may_write) ||
        !read_roles(json_object_get(claims, "roles"), &roles, &identity->may_write) ||
        !read_features(json_object_get(claims, "features"), &identity->modules) ||
        !read_limits(json_object_get(claims, "limits"), config, identity->limits))
        return false;
    if (roles == 0)
        identity->may_write = true;
    const json_t *issued = json_object_get(claims, "iat");
    if (issued && !read_seconds(issued, &identity->issued_s))
        return false;
    if (identity->issued_s > now_s)
        identity->issued_s = now_s; /* or a wrong clock would keep a name for ever */
    if (config->issuer.data && !str_equal(text_of(json_object_get(claims, "iss")), config->issuer))
        return false;
    return !config->audience.data || has_audience(json_object_get(claims, "aud"), config->audience);
}
