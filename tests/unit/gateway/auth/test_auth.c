/* Tokens: signatures, algorithms, times and every claim; and that changed keys count at once. */
#include "auth.h"

#include <stdio.h>
#include <unistd.h>

#include "capture.h"
#include "suite.h"
#include "timestamp.h"
#include "token.h"

static struct auth_config config = {
    .secret = {TOKEN_SECRET, sizeof TOKEN_SECRET - 1},
    .previous = {TOKEN_PREVIOUS, sizeof TOKEN_PREVIOUS - 1},
    .limits = {7, -1, -1, -1, -1, -1},
    .cached_max = 100,
};
static struct auth *auth;
static const struct identity *who;
static const char *why;

#define SECOND_US INT64_C(1000000)

static enum status check(char *token)
{
    if (!auth)
        auth = auth_new(&config);
    enum status status = auth_check(auth, str_of(token), &who, &why);
    free(token);
    return status;
}

static enum status check_claims(const char *more)
{
    return check(token_make(more));
}

static void is_refused(const char *more)
{
    ck_assert_msg(check_claims(more) == STATUS_UNAUTHENTICATED, "%s", more);
}

static void is_refused_saying(const char *more, const char *sentence)
{
    is_refused(more);
    ck_assert_ptr_nonnull(why);
    ck_assert_str_eq(why, sentence);
}

START_TEST(says_which_claim_is_wrong)
{
    is_refused_saying("{\"sub\":null}", "The token's claim user_id is missing");
    is_refused_saying("{\"sub\":\"\"}",
                      "The token's claim sub must be a text of 1 to 128 characters "
                      "without control characters");
    is_refused_saying("{\"tenant_id\":5}",
                      "The token's claim tenant_id must be a text of 1 to 128 characters "
                      "without control characters");
    is_refused_saying(
        "{\"tenant_id\":null,\"tenantId\":[]}",
        "The token's claim tenantId must be a text of 1 to 128 characters without control "
        "characters");
    is_refused_saying("{\"tenant_id\":null}", "The token's claim tenant_id is missing");
    is_refused_saying("{\"exp\":\"soon\"}",
                      "The token's claim exp must be a number of seconds since 1970");
    is_refused_saying("{\"iat\":\"soon\"}",
                      "The token's claim iat must be a number of seconds since 1970");
    is_refused_saying("{\"nbf\":\"soon\"}",
                      "The token's claim nbf must be a number of seconds since 1970");
    is_refused_saying("{\"nbf\":99999999999}", "The token's claim nbf is in the future");
    is_refused_saying("{\"role\":5}", "The token's claim role must be a text or a list of texts");
    is_refused_saying("{\"roles\":[5]}",
                      "The token's claim roles must be a text or a list of texts");
    is_refused_saying("{\"features\":\"goals\"}", "The token's claim features must be a list");
    is_refused_saying("{\"limits\":5}", "The token's claim limits must be an object");
    is_refused_saying("{\"limits\":{\"goals\":\"5\"}}",
                      "The token's claim limits must have numbers or null");
    json_t *claims = token_claims(NULL), *key = token_secret(TOKEN_SECRET);
    json_object_del(claims, "exp");
    ck_assert_int_eq(check(token_sign(key, "HS256", NULL, claims)), STATUS_UNAUTHENTICATED);
    ck_assert_str_eq(why, "The token's claim exp is missing");
    json_decref(key);
    char *large = calloc(1, 8194);
    memset(large, 'a', 8193);
    ck_assert_int_eq(check(large), STATUS_UNAUTHENTICATED);
    ck_assert_str_eq(why, "The token is larger than 8,192 bytes");
    /* Who has no good signature learns nothing, and a good token has nothing to be told. */
    ck_assert_int_eq(check(strdup("a.b.c")), STATUS_UNAUTHENTICATED);
    ck_assert_ptr_null(why);
    ck_assert_int_eq(check_claims("{\"exp\":1}"), STATUS_TOKEN_EXPIRED);
    ck_assert_ptr_null(why);
    ck_assert_int_eq(check_claims(NULL), STATUS_OK);
    ck_assert_ptr_null(why);
}
END_TEST

START_TEST(reads_the_usual_token)
{
    ck_assert_int_eq(check_claims(NULL), STATUS_OK);
    ck_assert(str_equal(who->tenant, STR("tenant-1")));
    ck_assert(str_equal(who->user, STR("user-1")));
    ck_assert(str_equal(who->name, STR("Ada Lovelace")));
    ck_assert(who->active && who->may_write);
    ck_assert_uint_eq(who->modules, ~0u);
    ck_assert_int_eq(who->limits[LIMIT_GOALS], 7);
    ck_assert_int_eq(who->limits[LIMIT_KPIS], LIMIT_NONE);
    ck_assert_int_gt(who->issued_s, 1600000000);
}
END_TEST

START_TEST(remembers_tokens)
{
    char *token = token_make(NULL);

    ck_assert_int_eq(check(strdup(token)), STATUS_OK);
    const struct identity *first = who;
    ck_assert_int_eq(check(strdup(token)), STATUS_OK);
    ck_assert_ptr_eq(first, who);
    ck_assert_uint_eq(auth_counts(auth, monotonic_us()).hits, 1);
    ck_assert_uint_eq(who->caller_synced, 0);
    auth_caller_synced(auth, str_of(token), 7);
    ck_assert_int_eq(check(strdup(token)), STATUS_OK);
    ck_assert_uint_eq(who->caller_synced, 7);
    for (int i = 0; i < 150; i++) {
        char claims[40];
        snprintf(claims, sizeof claims, "{\"sub\":\"u%d\"}", i);
        ck_assert_int_eq(check_claims(claims), STATUS_OK);
    }
    ck_assert_uint_eq(auth_counts(auth, monotonic_us()).cached, 100);
    free(token);
}
END_TEST

START_TEST(refuses_forgeries)
{
    char *token = token_make(NULL);

    token[strlen(token) - 3] ^= 1;
    ck_assert_int_eq(check(token), STATUS_UNAUTHENTICATED);
    token = token_make(NULL);
    *strchr(token, '.') = 'x';
    ck_assert_int_eq(check(token), STATUS_UNAUTHENTICATED);
    token = token_make(NULL);
    *strrchr(token, '.') = '\0';
    ck_assert_int_eq(check(token), STATUS_UNAUTHENTICATED);
    /* {"alg":"none"} */
    token = token_make(NULL);
    char *none = malloc(strlen(token) + 30);
    sprintf(none, "eyJhbGciOiJub25lIn0%s", strchr(token, '.'));
    ck_assert_int_eq(check(strdup(none)), STATUS_UNAUTHENTICATED);
    strrchr(none, '.')[1] = '\0';
    ck_assert_int_eq(check(none), STATUS_UNAUTHENTICATED);
    free(token);
    json_t *other = token_secret("another secret of 32 characters!");
    ck_assert_int_eq(check(token_sign(other, "HS256", NULL, token_claims(NULL))),
                     STATUS_UNAUTHENTICATED);
    json_decref(other);
    const char *const bad[] = {"", ".", "..", "...", "a.b.c", "{}.{}.x", "Bearer"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(check(strdup(bad[i])), STATUS_UNAUTHENTICATED);
    char *huge = calloc(1, (9 << 20) + 1); /* no listener would let it through */
    memset(huge, '.', 9 << 20);
    ck_assert_int_eq(check(huge), STATUS_UNAUTHENTICATED);
}
END_TEST

START_TEST(accepts_the_previous_secret)
{
    json_t *key = token_secret(TOKEN_PREVIOUS);

    ck_assert_int_eq(check(token_sign(key, "HS256", NULL, token_claims(NULL))), STATUS_OK);
    json_decref(key);
}
END_TEST

static enum status check_time(const char *claim, json_int_t offset_s)
{
    json_t *claims = token_claims(NULL);
    json_t *key = token_secret(TOKEN_SECRET);

    json_object_set_new(claims, claim, json_integer((json_int_t)time(NULL) + offset_s));
    enum status status = check(token_sign(key, "HS256", NULL, claims));
    json_decref(key);
    return status;
}

START_TEST(checks_times)
{
    ck_assert_int_eq(check_time("exp", -20), STATUS_OK);
    ck_assert_int_eq(check_time("exp", -40), STATUS_TOKEN_EXPIRED);
    ck_assert_int_eq(check_time("nbf", 20), STATUS_OK);
    ck_assert_int_eq(check_time("nbf", 40), STATUS_UNAUTHENTICATED);
    ck_assert_int_eq(check_time("iat", 5000), STATUS_OK);
    ck_assert_int_le(who->issued_s, (int64_t)time(NULL));
    is_refused("{\"exp\":null}");
    is_refused("{\"exp\":\"tomorrow\"}");
    is_refused("{\"nbf\":\"today\"}");
    is_refused("{\"iat\":\"today\"}");
    is_refused("{\"iat\":null}");
    ck_assert_int_eq(check_claims("{\"exp\":99999999999.5}"), STATUS_OK);
    ck_assert_int_eq(check_claims("{\"exp\":1}"), STATUS_TOKEN_EXPIRED);
}
END_TEST

START_TEST(forgets_tokens_that_expire)
{
    char *token = token_make(NULL);

    ck_assert_int_eq(check(strdup(token)), STATUS_OK);
    timestamp_set_clock_offset(700);
    ck_assert_int_eq(check(strdup(token)), STATUS_TOKEN_EXPIRED);
    ck_assert_uint_eq(auth_counts(auth, monotonic_us()).cached, 0);
    ck_assert_int_eq(check(token), STATUS_TOKEN_EXPIRED);
    timestamp_set_clock_offset(0);
}
END_TEST

START_TEST(needs_user_and_tenant)
{
    ck_assert_int_eq(check_claims("{\"user_id\":\"u2\",\"tenantId\":\"other\"}"), STATUS_OK);
    ck_assert(str_equal(who->user, STR("u2")));
    ck_assert(str_equal(who->tenant, STR("tenant-1")));
    ck_assert_int_eq(check_claims("{\"tenant_id\":null,\"tenantId\":\"t2\"}"), STATUS_OK);
    ck_assert(str_equal(who->tenant, STR("t2")));
    is_refused("{\"sub\":null}");
    is_refused("{\"sub\":\"\"}");
    is_refused("{\"sub\":5}");
    is_refused("{\"tenant_id\":null}");
    is_refused("{\"tenant_id\":\"a\\u0007\"}");
    is_refused("{\"tenant_id\":\"a\\u0085\"}");
    is_refused("{\"tenant_id\":\"a\\u007f\"}");
    char claims[400];
    snprintf(claims, sizeof claims, "{\"sub\":\"%0128d\"}", 1);
    ck_assert_int_eq(check_claims(claims), STATUS_OK);
    snprintf(claims, sizeof claims, "{\"sub\":\"%0129d\"}", 1);
    is_refused(claims);
}
END_TEST

static void is_called(const char *more, const char *name)
{
    ck_assert_int_eq(check_claims(more), STATUS_OK);
    ck_assert_msg(str_equal(who->name, str_of(name)), "%s: " STR_FMT, more, STR_ARG(who->name));
}

START_TEST(finds_names)
{
    is_called("{\"name\":\" Grace Hopper \"}", "Grace Hopper");
    is_called("{\"name\":null,\"given_name\":\"G\",\"family_name\":\"H\"}", "G H");
    is_called("{\"name\":\"\",\"family_name\":\"H\"}", "H");
    is_called("{\"name\":\"  \",\"email\":\"grace@navy.mil\"}", "grace");
    is_called("{\"name\":null,\"email\":[\"a@b@c\",\"d@e\"]}", "a@b");
    is_called("{\"name\":null,\"email\":\"nobody\"}", NULL);
    is_called("{\"name\":null}", NULL);
    is_called("{\"name\":null,\"email\":[7,\"@x\",\"nobody\",\"ada@x.org\"]}", "ada");
    is_called("{\"name\":null,\"unique_name\":\"ada.l\",\"username\":\"al\"}", "ada.l");
    is_called("{\"name\":null,\"unique_name\":\" \",\"username\":\"al\"}", "al");
    is_called("{\"name\":null,\"email\":\"ada@x.org\",\"unique_name\":\"al\"}", "ada");
    is_called("{\"name\":\"a\\u0001b\",\"email\":[]}", NULL);
}
END_TEST

START_TEST(reads_roles)
{
    static const struct {
        const char *claims;
        bool may_write;
    } cases[] = {
        {"{\"role\":\"viewer\"}", false},
        {"{\"role\":\"Guest\"}", false},
        {"{\"roles\":[\"READONLY\"]}", false},
        {"{\"role\":\"viewer\",\"roles\":[\"guest\",\"readonly\"]}", false},
        {"{\"role\":\"viewer \"}", false},
        {"{\"role\":\" ViEwEr\\n\"}", false},
        {"{\"roles\":[\"\\tguest\",\"READONLY \",\"  \",\"\"]}", false},
        {"{\"role\":\"  \"}", true},
        {"{\"role\":\"view er\"}", true},
        {"{\"role\":\"viewer\",\"roles\":[\"member\"]}", true},
        {"{\"role\":\"admin\",\"roles\":[\"viewer\"]}", true},
        {"{\"role\":\"\",\"roles\":[]}", true},
        {"{\"role\":null,\"roles\":null}", true},
        {"{\"role\":\"anything\"}", true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(check_claims(cases[i].claims), STATUS_OK);
        ck_assert_msg(who->may_write == cases[i].may_write, "%s", cases[i].claims);
    }
    is_refused("{\"role\":5}");
    is_refused("{\"roles\":[5]}");
    is_refused("{\"roles\":{}}");
}
END_TEST

START_TEST(admins_and_owners_manage)
{
    static const char *const may[] = {"{\"role\":\"admin\",\"roles\":[\"viewer\"]}",
                                      "{\"roles\":[\"member\",\" OWNER\"]}"};
    static const char *const may_not[] = {"{}", "{\"role\":\"administrator\"}",
                                          "{\"role\":\"viewer\",\"roles\":[\"editor\"]}"};

    for (size_t i = 0; i < sizeof may / sizeof *may; i++) {
        ck_assert_int_eq(check_claims(may[i]), STATUS_OK);
        ck_assert_msg(who->may_manage, "%s", may[i]);
    }
    for (size_t i = 0; i < sizeof may_not / sizeof *may_not; i++) {
        ck_assert_int_eq(check_claims(may_not[i]), STATUS_OK);
        ck_assert_msg(!who->may_manage, "%s", may_not[i]);
    }
}
END_TEST

static void is_person(const char *claims, const char *id)
{
    ck_assert_int_eq(check_claims(claims), STATUS_OK);
    ck_assert_msg(str_equal(who->person, id ? str_of(id) : STR_NONE), "%s", claims);
}

/* It is not needed, so what is no id is passed over. */
START_TEST(reads_who_the_person_is)
{
    is_person("{}", NULL);
    is_person("{\"person_id\":\"p\"}", "p");
    is_person("{\"personId\":\"q\"}", "q");
    is_person("{\"person_id\":5,\"personId\":\"q\"}", "q");
    is_person("{\"person_id\":\"\"}", NULL);
    is_person("{\"person_id\":\"a\\u0001\",\"personId\":[]}", NULL);
}
END_TEST

static void is_tenant_called(const char *claims, const char *name)
{
    ck_assert_int_eq(check_claims(claims), STATUS_OK);
    ck_assert_msg(str_equal(who->tenant_name, name ? str_of(name) : STR_NONE), "%s", claims);
}

START_TEST(reads_what_the_tenant_is_called)
{
    is_tenant_called("{}", NULL);
    is_tenant_called("{\"tenant_name\":\" Acme Ltd \"}", "Acme Ltd");
    is_tenant_called("{\"tenantName\":\"株式会社\"}", "株式会社");
    is_tenant_called("{\"tenant_name\":\" \",\"tenantName\":\"Acme\"}", "Acme");
    is_tenant_called("{\"tenant_name\":7,\"tenantName\":\"a\\u0001\"}", NULL);
}
END_TEST

START_TEST(reads_subscriptions)
{
    ck_assert_int_eq(check_claims("{\"features\":[\"goals\",\"realtime\",\"unknown\"]}"),
                     STATUS_OK);
    ck_assert_uint_eq(who->modules, 1u << MODULE_NONE | 1u << MODULE_GOALS | 1u << MODULE_REALTIME);
    ck_assert_int_eq(check_claims("{\"limits\":{\"goals\":null,\"kpis\":3,\"actions\":2.9,"
                                  "\"strategies\":-5,\"attachments\":1e30}}"),
                     STATUS_OK);
    ck_assert_int_eq(who->limits[LIMIT_GOALS], LIMIT_NONE);
    ck_assert_int_eq(who->limits[LIMIT_KPIS], 3);
    ck_assert_int_eq(who->limits[LIMIT_ACTIONS], 2);
    ck_assert_int_eq(who->limits[LIMIT_STRATEGIES], 0);
    ck_assert_int_eq(who->limits[LIMIT_ATTACHMENTS], LIMIT_NONE);
    ck_assert_int_eq(check_claims("{\"limits\":{\"kpis\":0}}"), STATUS_OK);
    ck_assert_int_eq(who->limits[LIMIT_GOALS], 7); /* the deployment's */
    ck_assert_int_eq(who->limits[LIMIT_KPIS], 0);
    ck_assert_int_eq(check_claims("{\"features\":[\"measures\"],\"limits\":{\"measures\":4}}"),
                     STATUS_OK);
    ck_assert_uint_eq(who->modules, 1u << MODULE_NONE | 1u << MODULE_KPIS);
    ck_assert_int_eq(who->limits[LIMIT_KPIS], 4);
    ck_assert_int_eq(check_claims("{\"limits\":{\"measures\":4,\"kpis\":5}}"), STATUS_OK);
    ck_assert_int_eq(who->limits[LIMIT_KPIS], 5);
    is_refused("{\"features\":\"goals\"}");
    is_refused("{\"limits\":5}");
    is_refused("{\"limits\":{\"goals\":\"5\"}}");
}
END_TEST

START_TEST(knows_inactive_people)
{
    ck_assert_int_eq(check_claims("{\"user_status\":\"ACTIVE\"}"), STATUS_OK);
    ck_assert(who->active);
    ck_assert_int_eq(check_claims("{\"user_status\":\"suspended\"}"), STATUS_OK);
    ck_assert(!who->active);
    ck_assert_int_eq(check_claims("{\"user_status\":7}"), STATUS_OK);
    ck_assert(!who->active);
}
END_TEST

START_TEST(checks_issuer_and_audience)
{
    config.issuer = STR("https://issuer/");
    config.audience = STR("traction");
    is_refused(NULL);
    is_refused("{\"iss\":\"https://issuer/\"}");
    is_refused("{\"iss\":\"https://other/\",\"aud\":\"traction\"}");
    ck_assert_int_eq(check_claims("{\"iss\":\"https://issuer/\",\"aud\":\"traction\"}"), STATUS_OK);
    ck_assert_int_eq(check_claims("{\"iss\":\"https://issuer/\",\"aud\":[\"x\",\"traction\"]}"),
                     STATUS_OK);
    is_refused("{\"iss\":\"https://issuer/\",\"aud\":[\"x\"]}");
    is_refused_saying("{\"iss\":\"https://other/\",\"aud\":\"traction\"}",
                      "The token's claim iss is not the issuer that is trusted here");
    is_refused_saying("{\"iss\":\"https://issuer/\"}",
                      "The token's claim aud does not name this service");
}
END_TEST

static json_t *generated(const char *alg, const char *kid)
{
    json_t *key = json_pack("{s:s, s:s}", "alg", alg, "kid", kid);

    ck_assert(jose_jwk_gen(NULL, key));
    return key;
}

/* The file changes by replacement, as deployments do it. Keys may be NULL. */
static void write_keys(const char *path, json_t *first, json_t *second)
{
    char temporary[100];
    json_t *set = json_pack("{s:[O*, O*]}", "keys", first, second);

    snprintf(temporary, sizeof temporary, "%s.new", path);
    ck_assert_int_eq(json_dump_file(set, temporary, 0), 0);
    ck_assert_int_eq(rename(temporary, path), 0);
    json_decref(set);
}

START_TEST(verifies_with_public_keys)
{
    char path[] = "/tmp/traction-jwks-XXXXXX";
    json_t *rsa = generated("RS256", "r1"), *ec = generated("ES256", "e1");
    json_t *newer = generated("ES256", "e2");

    close(mkstemp(path));
    write_keys(path, rsa, ec);
    config.jwks_path = path;
    ck_assert_int_eq(check(token_sign(rsa, "RS256", "r1", token_claims(NULL))), STATUS_OK);
    ck_assert_int_eq(check(token_sign(rsa, "RS256", NULL, token_claims(NULL))), STATUS_OK);
    ck_assert_int_eq(check(token_sign(rsa, "RS256", "e1", token_claims(NULL))),
                     STATUS_UNAUTHENTICATED);
    char *kept = token_sign(ec, "ES256", "e1", token_claims(NULL));
    ck_assert_int_eq(check(strdup(kept)), STATUS_OK);
    ck_assert_int_eq(check(token_sign(newer, "ES256", "e2", token_claims(NULL))),
                     STATUS_UNAUTHENTICATED);

    /* The public key as an HMAC secret: the classic confusion. */
    json_t *confused =
        json_pack("{s:s, s:s, s:O}", "kty", "oct", "alg", "HS256", "k", json_object_get(rsa, "n"));
    ck_assert_int_eq(check(token_sign(confused, "HS256", "r1", token_claims(NULL))),
                     STATUS_UNAUTHENTICATED);

    write_keys(path, rsa, newer);
    auth_refresh(auth, monotonic_us());
    ck_assert_int_eq(check(strdup(kept)), STATUS_UNAUTHENTICATED);
    ck_assert_int_eq(check(token_sign(newer, "ES256", "e2", token_claims(NULL))), STATUS_OK);

    unlink(path);
    free(kept);
    json_decref(confused);
    json_decref(rsa);
    json_decref(ec);
    json_decref(newer);
}
END_TEST

START_TEST(revokes_keys_that_are_not_listed_any_more)
{
    char path[] = "/tmp/traction-jwks-XXXXXX";
    json_t *ec = generated("ES256", "e1"), *strange = json_pack("{s:s}", "kty", "OKP");
    int64_t now_us = monotonic_us();

    close(mkstemp(path));
    write_keys(path, ec, NULL);
    config.jwks_path = path;
    char *token = token_sign(ec, "ES256", "e1", token_claims(NULL));
    ck_assert_int_eq(check(strdup(token)), STATUS_OK);
    ck_assert(!auth_refresh(auth, now_us += SECOND_US));
    write_keys(path, ec, strange); /* says the same */
    ck_assert(!auth_refresh(auth, now_us += SECOND_US));
    ck_assert_uint_eq(auth_counts(auth, now_us).cached, 1);
    write_keys(path, NULL, NULL);
    ck_assert(auth_refresh(auth, now_us += SECOND_US));
    ck_assert_int_eq(check(strdup(token)), STATUS_UNAUTHENTICATED);
    ck_assert_int_eq(check_claims(NULL), STATUS_OK); /* HS256 is another matter */
    write_keys(path, ec, NULL);
    ck_assert(!auth_refresh(auth, now_us += SECOND_US));
    ck_assert_int_eq(check(strdup(token)), STATUS_OK);
    write_keys(path, strange, NULL); /* none that could be used */
    auth_refresh(auth, now_us += SECOND_US);
    ck_assert_int_eq(check(strdup(token)), STATUS_UNAUTHENTICATED);
    /* A gateway that starts afterwards refuses those tokens, too. */
    struct auth *other = auth_new(&config);
    ck_assert_ptr_nonnull(other);
    auth_destroy(&other);
    unlink(path);
    free(token);
    json_decref(ec);
    json_decref(strange);
}
END_TEST

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    ck_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

START_TEST(keeps_keys_for_an_hour_when_the_file_cannot_be_read)
{
    char path[] = "/tmp/traction-jwks-XXXXXX";
    json_t *ec = generated("ES256", "e1");
    static const char *const broken[] = {"", "{\"keys\":[", "[]", "{}", "{\"keys\":{}}", NULL};
    int64_t now_us = monotonic_us();

    close(mkstemp(path));
    config.jwks_path = path;
    write_keys(path, ec, NULL);
    char *token = token_sign(ec, "ES256", "e1", token_claims(NULL));
    ck_assert_int_eq(check(strdup(token)), STATUS_OK);
    auth_refresh(auth, now_us += SECOND_US);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        ck_assert_int_eq(check(strdup(token)), STATUS_OK);
        if (broken[i])
            write_text(path, broken[i]);
        else
            unlink(path);
        int64_t good_us = now_us;
        auth_refresh(auth, now_us += SECOND_US);
        ck_assert_int_eq(check(strdup(token)), STATUS_OK);
        auth_refresh(auth, now_us = good_us + 3599 * SECOND_US);
        ck_assert_int_eq(check(strdup(token)), STATUS_OK);
        ck_assert_int_eq(auth_counts(auth, now_us).keys_unread_us / SECOND_US, 3599);
        auth_refresh(auth, now_us += SECOND_US);
        ck_assert_msg(check(strdup(token)) == STATUS_UNAUTHENTICATED, "%s", broken[i]);
        ck_assert_int_eq(check_claims(NULL), STATUS_OK);
        write_keys(path, ec, NULL);
        auth_refresh(auth, now_us += SECOND_US);
    }
    ck_assert_int_eq(check(token), STATUS_OK);
    unlink(path);
    json_decref(ec);
}
END_TEST

START_TEST(says_so_every_minute)
{
    char path[] = "/tmp/traction-jwks-XXXXXX";
    json_t *ec = generated("ES256", "e1");
    int64_t now_us = monotonic_us();

    close(mkstemp(path));
    config.jwks_path = path;
    write_keys(path, ec, NULL);
    ck_assert_int_eq(check(token_sign(ec, "ES256", "e1", token_claims(NULL))), STATUS_OK);
    unlink(path);
    capture_start();
    for (int i = 0; i < 150; i++)
        auth_refresh(auth, now_us += SECOND_US);
    char *text = capture_stop(NULL);
    int lines = 0;
    for (const char *at = text; (at = strstr(at, "cannot use the key set")); at++)
        lines++;
    ck_assert_int_eq(lines, 3);
    ck_assert_ptr_nonnull(strstr(text, "\"level\":\"error\""));
    ck_assert_ptr_nonnull(strstr(text, "No such file"));
    free(text);
    json_decref(ec);
}
END_TEST

START_TEST(only_takes_configured_algorithms)
{
    char path[] = "/tmp/traction-jwks-XXXXXX";
    json_t *rsa = generated("RS256", "r1"), *ec = generated("ES256", "e1");

    close(mkstemp(path));
    write_keys(path, rsa, ec);
    config.jwks_path = path;
    config.secret = config.previous = STR_NONE;
    ck_assert_int_eq(check_claims(NULL), STATUS_UNAUTHENTICATED); /* HS256 */
    ck_assert_int_eq(check(token_sign(ec, "ES256", NULL, token_claims(NULL))), STATUS_OK);
    unlink(path);
    config.jwks_path = "/tmp/traction-there-is-no-such-file";
    ck_assert_ptr_null(auth_new(&config));
    json_decref(rsa);
    json_decref(ec);
}
END_TEST

SUITE_MAIN("auth", reads_the_usual_token, remembers_tokens, refuses_forgeries,
           accepts_the_previous_secret, checks_times, forgets_tokens_that_expire,
           needs_user_and_tenant, finds_names, reads_roles, admins_and_owners_manage,
           reads_who_the_person_is, reads_what_the_tenant_is_called, reads_subscriptions,
           knows_inactive_people, checks_issuer_and_audience, verifies_with_public_keys,
           says_which_claim_is_wrong, revokes_keys_that_are_not_listed_any_more,
           keeps_keys_for_an_hour_when_the_file_cannot_be_read, says_so_every_minute,
           only_takes_configured_algorithms)
