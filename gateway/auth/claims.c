/* Claims: a claim that is present but cannot be understood makes the token invalid, because
 * guessing might grant access by accident. */
#include "claims.h"

#include <math.h>
#include <string.h>

#include "timestamp.h"
#include "trim.h"

enum { ID_MAX = 128, NAME_LENGTH_MAX = 200 };

/* The claims of one token, and what is wrong with the first that cannot be used. */
struct claims_reading {
    const json_t *claims;
    const struct auth_config *config;
    struct arena *arena;
    const char *why;
};

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

/* Says what is wrong with a claim; always false. */
static bool refuse(struct claims_reading *reading, const char *claim, const char *what)
{
    reading->why = arena_printf(reading->arena, "The token's claim %s %s", claim, what).data;
    return false;
}

static const json_t *claim_of(const struct claims_reading *reading, const char *name)
{
    const json_t *value = json_object_get(reading->claims, name);

    return value && !json_is_null(value) ? value : NULL;
}

static bool is_id(struct str text)
{
    return text.size > 0 && utf8_length(text) <= ID_MAX && !has_control(text);
}

/* The first of two claims that is there. */
static bool read_id(struct claims_reading *reading, const char *name, const char *other,
                    struct str *id)
{
    const json_t *value = claim_of(reading, name);

    if (!value && claim_of(reading, other)) {
        name = other;
        value = claim_of(reading, name);
    }
    if (!value)
        return refuse(reading, name, "is missing");
    struct str text = text_of(value);
    if (!is_id(text))
        return refuse(reading, name,
                      "must be a text of 1 to 128 characters without control characters");
    *id = arena_copy(reading->arena, text);
    return true;
}

/* A claim that is no id counts as none: it is not needed. */
static struct str person_of(const struct claims_reading *reading)
{
    struct str text = text_of(claim_of(reading, "person_id"));

    if (!is_id(text))
        text = text_of(claim_of(reading, "personId"));
    return is_id(text) ? arena_copy(reading->arena, text) : STR_NONE;
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
    while (utf8_length(name) > NAME_LENGTH_MAX)
        do
            name.size--;
        while (((unsigned char)name.data[name.size] & 0xC0) == 0x80);
    return name;
}

/* An e-mail's part before the last '@'. */
static struct str local_part(const json_t *email)
{
    struct str text = text_of(email);
    size_t at = text.size;

    while (at > 0 && text.data[at - 1] != '@')
        at--;
    return at > 1 ? (struct str){text.data, at - 1} : STR_NONE;
}

/* Of one e-mail, or of the first that has one. */
static struct str email_name(const json_t *email)
{
    struct str name = local_part(email);
    json_t *item;
    size_t i;

    json_array_foreach(email, i, item)
    {
        if (!is_name(name))
            name = local_part(item);
    }
    return name;
}

/* The user's name, from the most specific claim that has one. */
static struct str name_of(const json_t *claims, struct arena *arena)
{
    struct str given = text_of(json_object_get(claims, "given_name"));
    struct str family = text_of(json_object_get(claims, "family_name"));
    struct str both = is_name(given) ? given : family;

    if (is_name(given) && is_name(family))
        both = arena_printf(arena, STR_FMT " " STR_FMT, STR_ARG(given), STR_ARG(family));
    const struct str names[] = {
        text_of(json_object_get(claims, "name")),
        both,
        email_name(json_object_get(claims, "email")),
        text_of(json_object_get(claims, "unique_name")),
        text_of(json_object_get(claims, "username")),
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_name(names[i]))
            return arena_copy(arena, cut_name(names[i]));
    return STR_NONE;
}

/* A claim that is no name counts as none: it is not needed. */
static struct str tenant_name_of(const json_t *claims, struct arena *arena)
{
    struct str name = text_of(json_object_get(claims, "tenant_name"));

    if (!is_name(name))
        name = text_of(json_object_get(claims, "tenantName"));
    return is_name(name) ? arena_copy(arena, cut_name(name)) : STR_NONE;
}

static struct str trim_blanks(struct str text)
{
    while (text.size > 0 && strchr(" \t\r\n\v\f", text.data[0]) && text.data[0] != '\0')
        text = (struct str){text.data + 1, text.size - 1};
    while (text.size > 0 && strchr(" \t\r\n\v\f", text.data[text.size - 1]) &&
           text.data[text.size - 1] != '\0')
        text.size--;
    return text;
}

static bool may_write_as(struct str role)
{
    return !str_equal_nocase(role, STR("viewer")) && !str_equal_nocase(role, STR("guest")) &&
           !str_equal_nocase(role, STR("readonly"));
}

static bool may_manage_as(struct str role)
{
    return str_equal_nocase(role, STR("admin")) || str_equal_nocase(role, STR("owner"));
}

/* Adds one role; one without a visible character is none. */
static bool read_role(const json_t *claim, size_t *roles, struct identity *identity)
{
    struct str role = trim_blanks(text_of(claim));

    if (role.size > 0) {
        (*roles)++;
        identity->may_write |= may_write_as(role);
        identity->may_manage |= may_manage_as(role);
    }
    return json_is_string(claim);
}

/* Adds what one claim (a text, or an array of them) says. */
static bool read_roles(struct claims_reading *reading, const char *name, size_t *roles,
                       struct identity *identity)
{
    const json_t *claim = claim_of(reading, name);
    bool good = !claim || json_is_array(claim) || read_role(claim, roles, identity);
    json_t *item;
    size_t i;

    json_array_foreach(claim, i, item)
    {
        good = read_role(item, roles, identity) && good;
    }
    return good || refuse(reading, name, "must be a text or a list of texts");
}

/* Companion products call KPIs measures. */
static bool names_module(struct str text, const char *module)
{
    return str_equal(text, str_of(module)) ||
           (strcmp(module, "kpis") == 0 && str_equal(text, STR("measures")));
}

static bool read_features(struct claims_reading *reading, unsigned *modules)
{
    const json_t *claim = claim_of(reading, "features");
    json_t *item;
    size_t i;

    *modules = ~0u;
    if (!claim)
        return true;
    if (!json_is_array(claim))
        return refuse(reading, "features", "must be a list");
    *modules = 1u << MODULE_NONE;
    json_array_foreach(claim, i, item)
    {
        for (unsigned module = MODULE_NONE + 1; module < MODULE_COUNT; module++)
            if (names_module(text_of(item), module_names[module]))
                *modules |= 1u << module;
    }
    return true;
}

static bool read_limits(struct claims_reading *reading, int64_t *limits)
{
    const json_t *claim = claim_of(reading, "limits");

    memcpy(limits, reading->config->limits, sizeof reading->config->limits);
    if (!claim)
        return true;
    if (!json_is_object(claim))
        return refuse(reading, "limits", "must be an object");
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        const json_t *limit = json_object_get(claim, limit_rows[i].claim);
        if (!limit && limit_rows[i].alias)
            limit = json_object_get(claim, limit_rows[i].alias);
        if (!limit)
            continue;
        if (json_is_null(limit)) {
            limits[i] = LIMIT_NONE;
            continue;
        }
        if (!json_is_number(limit))
            return refuse(reading, "limits", "must have numbers or null");
        double number = floor(json_number_value(limit));
        /* A negative number counts as 0: a token cannot set LIMIT_NONE. */
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

/* Seconds since 1970; a claim that is null counts as one that is no number. */
static bool read_seconds(struct claims_reading *reading, const char *name, int64_t *seconds)
{
    const json_t *claim = json_object_get(reading->claims, name);
    double number = json_is_number(claim) ? json_number_value(claim) : -1;

    if (!(number >= 0 && number < 1e12))
        return refuse(reading, name, "must be a number of seconds since 1970");
    *seconds = (int64_t)number;
    return true;
}

static bool read_times(struct claims_reading *reading, struct identity *identity)
{
    int64_t now_s = timestamp_now().us / 1000000;

    if (!json_object_get(reading->claims, "exp"))
        return refuse(reading, "exp", "is missing");
    if (!read_seconds(reading, "exp", &identity->expires_s) ||
        (json_object_get(reading->claims, "nbf") &&
         !read_seconds(reading, "nbf", &identity->begins_s)) ||
        (json_object_get(reading->claims, "iat") &&
         !read_seconds(reading, "iat", &identity->issued_s)))
        return false;
    if (identity->issued_s > now_s)
        identity->issued_s = now_s; /* or a wrong clock would keep a name for ever */
    return true;
}

/* Issuer and audience, where the configuration requires them. */
static bool read_purpose(struct claims_reading *reading)
{
    const struct auth_config *config = reading->config;
    const json_t *issuer = json_object_get(reading->claims, "iss");

    if (config->issuer.data && !str_equal(text_of(issuer), config->issuer))
        return refuse(reading, "iss", "is not the issuer that is trusted here");
    if (config->audience.data &&
        !has_audience(json_object_get(reading->claims, "aud"), config->audience))
        return refuse(reading, "aud", "does not name this service");
    return true;
}

static bool is_active(const json_t *claim)
{
    return !claim || json_is_null(claim) || str_equal_nocase(text_of(claim), STR("active"));
}

const char *claims_read(const json_t *claims, const struct auth_config *config, struct arena *arena,
                        struct identity *identity)
{
    struct claims_reading reading = {claims, config, arena, NULL};
    size_t roles = 0;

    *identity = (struct identity){0};
    if (!read_id(&reading, "tenant_id", "tenantId", &identity->tenant) ||
        !read_id(&reading, "user_id", "sub", &identity->user) || !read_times(&reading, identity) ||
        !read_roles(&reading, "role", &roles, identity) ||
        !read_roles(&reading, "roles", &roles, identity) ||
        !read_features(&reading, &identity->modules) || !read_limits(&reading, identity->limits) ||
        !read_purpose(&reading))
        return reading.why;
    identity->name = name_of(claims, arena);
    identity->person = person_of(&reading);
    identity->tenant_name = tenant_name_of(claims, arena);
    identity->active = is_active(json_object_get(claims, "user_status"));
    identity->may_write |= roles == 0;
    return NULL;
}
