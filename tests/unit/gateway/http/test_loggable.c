/* What of a request is written into the log: never a token, wherever a caller has put it. */
#include "loggable.h"

#include "suite.h"
#include "token.h"

static struct arena *arena;

static const char *logged(const char *method, const char *target)
{
    struct head head = {
        .method = str_of(method), .target = str_of(target), .version = STR("HTTP/1.1")};

    if (!arena)
        arena = arena_new();
    return arena_copy(arena, loggable_path(arena, &head)).data;
}

static void is_logged(const char *target, const char *path)
{
    ck_assert_str_eq(logged("GET", target), path);
}

START_TEST(keeps_what_people_look_for)
{
    is_logged("/", "/");
    is_logged("/goals", "/goals");
    is_logged("/goals/", "/goals/");
    is_logged("/goals?search=x", "/goals");
    is_logged("/traction/api/v1/goals/0190163d-8694-739b-aea5-966c26f8ad91%3Aactivate",
              "/traction/api/v1/goals/0190163d-8694-739b-aea5-966c26f8ad91:activate");
    is_logged("/goals/0190163D-8694-739B-AEA5-966C26F8AD91/kpis/a.b_c~d:setThreshold",
              "/goals/0190163D-8694-739B-AEA5-966C26F8AD91/kpis/a.b_c~d:setThreshold");
    is_logged("//x", "//x");
    is_logged("/1/2/3/4/5/6/7/8/9/10/11/12", "/1/2/3/4/5/6/7/8/9/10/*");
}
END_TEST

START_TEST(hides_tokens)
{
    static const struct {
        const char *before, *after;
    } places[] = {
        {"/goals?access_token=", ""},
        {"/goals%3Faccess_token=", ""},
        {"/goals%3faccess_token%3d", ""},
        {"/goals%253Faccess_token%253D", ""},
        {"/goals%25253Faccess_token=", ""},
        {"/goals;access_token=", ""},
        {"/goals&ACCESS_TOKEN=", ""},
        {"/goals%23access_token=", ""},
        {"/realtime/goals/x/activity/", ""},
        {"/", ""},
        {"/a/", ":activate"},
        {"/Bearer%20", "/x"},
        {"/%", ""},
        {"//", ""},
        {"/a/b/c/d/e/f/g/h/i/j/", ""},
    };
    static const char *const smallest =
        "{\"iat\":null,\"name\":null,\"sub\":\"a\",\"tenant_id\":\"b\"}";
    char *tokens[] = {token_make(NULL), token_make(smallest), token_make(NULL)};
    /* The third has its dots encoded, as no client should. */
    char *encoded = calloc(1, strlen(tokens[2]) * 3 + 1);

    for (const char *c = tokens[2]; *c; c++)
        strcat(encoded, *c == '.' ? "%2E" : (char[]){*c, '\0'});
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *const given[] = {tokens[0], tokens[1], encoded};
        for (size_t j = 0; j < 3; j++) {
            char target[2000];
            snprintf(target, sizeof target, "%s%s%s", places[i].before, given[j], places[i].after);
            const char *path = logged("GET", target);
            ck_assert_msg(!strstr(path, "eyJ") && !strchr(path, '=') && !strchr(path, '?') &&
                              !strchr(path, '%'),
                          "%s from %s", path, target);
            ck_assert_ptr_null(strstr(path, strrchr(tokens[j], '.') + 1));
        }
    }
    for (size_t i = 0; i < 3; i++) {
        ck_assert(loggable_is_token(str_of(tokens[i])));
        free(tokens[i]);
    }
    free(encoded);
    ck_assert(!loggable_is_token(STR("a.b.c")));
    ck_assert(!loggable_is_token(STR("eyJhbGciOiJIUzI1NiJ9")));
}
END_TEST

START_TEST(knows_methods)
{
    struct head head = {.method = STR("PATCH")};

    ck_assert(str_equal(loggable_method(&head), STR("PATCH")));
    head.method = STR("eyJhbGciOiJIUzI1NiJ9.e30.x");
    ck_assert(str_equal(loggable_method(&head), STR("*")));
    head.fault = "The method is not valid";
    head.target = STR("/x");
    ck_assert_ptr_null(loggable_path(arena, &head).data);
}
END_TEST

SUITE_MAIN("loggable", keeps_what_people_look_for, hides_tokens, knows_methods)
