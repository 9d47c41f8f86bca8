/* Keys that an identity provider tells: until when they count, and which tokens wait for them. */
#include "jwt.h"

#include "suite.h"
#include "token.h"

#define SECOND_US INT64_C(1000000)
#define BEGIN_US (1000 * SECOND_US)

static struct jwt *jwt;
static bool unknown, revoked;
static char why[256];

static json_t *key_named(const char *kid)
{
    json_t *key = json_pack("{s:s, s:s}", "alg", "ES256", "kid", kid);

    ck_assert(jose_jwk_gen(NULL, key));
    return key;
}

static bool take(json_t *key, int64_t now_us, int64_t fresh_us)
{
    json_t *set = json_pack("{s:[O]}", "keys", key);
    char *text = json_dumps(set, 0);
    bool taken = jwt_take_keys(jwt, str_of(text), now_us, fresh_us, &revoked, why, sizeof why);

    free(text);
    json_decref(set);
    return taken;
}

static bool verifies(json_t *key, const char *kid)
{
    char *token = token_sign(key, "ES256", kid, token_claims(NULL));
    json_t *claims = jwt_verify(jwt, str_of(token), &unknown);
    bool is = claims != NULL;

    json_decref(claims);
    free(token);
    return is;
}

static void open_told(void)
{
    jwt = jwt_new(STR(TOKEN_SECRET), STR_NONE, NULL);
    jwt_expect_keys(jwt, "https://keys.example.com/", BEGIN_US);
}

START_TEST(a_key_that_is_not_there_is_said_to_be_unknown)
{
    json_t *one = key_named("1"), *two = key_named("2");

    open_told();
    ck_assert(!verifies(one, "1") && unknown && !jwt_has_keys(jwt));
    ck_assert(!verifies(one, NULL) && unknown);
    ck_assert(take(one, BEGIN_US, 60 * SECOND_US) && !revoked);
    ck_assert(verifies(one, "1") && !unknown);
    ck_assert(verifies(one, NULL) && !unknown);
    ck_assert(!verifies(two, "2") && unknown);
    ck_assert(!verifies(two, "1") && !unknown); /* forged */
    ck_assert(!verifies(two, NULL) && !unknown);
    json_t *secret = token_secret(TOKEN_PREVIOUS);
    char *token = token_sign(secret, "HS256", "9", token_claims(NULL));
    ck_assert(!jwt_verify(jwt, str_of(token), &unknown) && !unknown);
    ck_assert(take(two, BEGIN_US, 60 * SECOND_US) && revoked);
    ck_assert(!verifies(one, "1") && unknown && verifies(two, "2"));
    free(token);
    json_decref(secret);
    json_decref(one);
    json_decref(two);
    jwt_destroy(&jwt);
}
END_TEST

START_TEST(keys_count_for_an_hour_after_they_had_to_be_read_again)
{
    json_t *one = key_named("1");
    int64_t due_us = BEGIN_US + 600 * SECOND_US;

    open_told();
    ck_assert(take(one, BEGIN_US, 600 * SECOND_US));
    for (int64_t now_us = BEGIN_US; now_us < due_us; now_us += SECOND_US)
        ck_assert(!jwt_refresh(jwt, now_us));
    ck_assert_int_eq(jwt_unread_us(jwt, due_us), SECOND_US);
    ck_assert(!jwt_lose_keys(jwt, due_us, "down"));
    int64_t end_us = due_us - SECOND_US + 3600 * SECOND_US;
    ck_assert(!jwt_refresh(jwt, end_us - 1));
    ck_assert(verifies(one, "1"));
    ck_assert(jwt_refresh(jwt, end_us));
    ck_assert(!verifies(one, "1") && unknown && !jwt_has_keys(jwt));
    ck_assert(take(one, end_us, 600 * SECOND_US) && !revoked);
    ck_assert(verifies(one, "1"));
    json_decref(one);
    jwt_destroy(&jwt);
}
END_TEST

START_TEST(a_read_that_fails_early_takes_nothing_away)
{
    json_t *one = key_named("1");

    open_told();
    ck_assert(take(one, BEGIN_US, 3600 * SECOND_US));
    ck_assert(
        !jwt_take_keys(jwt, STR("{\"keys\":1}"), BEGIN_US, SECOND_US, &revoked, why, sizeof why));
    ck_assert_str_eq(why, "its \"keys\" are no array");
    ck_assert(!jwt_lose_keys(jwt, BEGIN_US + 3599 * SECOND_US, why));
    ck_assert_int_eq(jwt_unread_us(jwt, BEGIN_US + 3599 * SECOND_US), 0);
    ck_assert(verifies(one, "1"));
    json_decref(one);
    jwt_destroy(&jwt);
}
END_TEST

SUITE_MAIN("jwt", a_key_that_is_not_there_is_said_to_be_unknown,
           keys_count_for_an_hour_after_they_had_to_be_read_again,
           a_read_that_fails_early_takes_nothing_away)
