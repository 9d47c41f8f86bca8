/* Calls through the whole gateway: who may what, what the services get, and what callers get back.
 */
#include "gateway_rig.h"

static void setup(void)
{
    rig_start();
}

static void expect(const char *method, const char *path, const char *fields, const char *body,
                   int status, const char *part)
{
    rig_expect(rig_request(method, path, fields, body), status, part);
}

START_TEST(answers_health)
{
    expect("GET", "/health", "", NULL, 200, "\"status\":\"Healthy\"");
    expect("GET", "/traction/api/v1/health/live", "", NULL, 200, "\"status\":\"Alive\"");
    expect("GET", "/health/ready", "", NULL, 200, "\"status\":\"Ready\"");
    expect("GET", "/health/detailed", "", NULL, 200,
           "{\"component\":\"svc-goals database\",\"status\":\"Healthy\"");
    expect("HEAD", "/health", "", NULL, 200, "Content-Length: 1");
    expect("POST", "/health", "", "", 405, "Allow: GET, HEAD, OPTIONS");
    expect("GET", "/nothing", "", NULL, 404, "ROUTE_NOT_FOUND");
}
END_TEST

START_TEST(authenticates)
{
    expect("GET", "/goals", "", NULL, 401, "WWW-Authenticate: Bearer\r\n");
    expect("GET", "/goals", "Authorization: Bearer x.y.z\r\n", NULL, 401, "UNAUTHENTICATED");
    expect("GET", "/goals", "Authorization: Basic abc\r\n", NULL, 401, "UNAUTHENTICATED");
    expect("GET", "/goals", rig_auth("{\"exp\":1}", ""), NULL, 401, "TOKEN_EXPIRED");
    expect("GET", "/goals", rig_auth("{\"user_status\":\"left\"}", ""), NULL, 403,
           "INSUFFICIENT_PERMISSIONS");
    expect("GET", "/goals", rig_auth(NULL, ""), NULL, 200, "\"tenant\":\"tenant-1\"");
    expect("GET", "/goals", rig_auth(NULL, "X-Tenant-Id: tenant-1\r\n"), NULL, 200, NULL);
    expect("GET", "/goals", rig_auth(NULL, "X-Tenant-Id: tenant-2\r\n"), NULL, 403, NULL);
    /* A token in the query is for streams only. */
    char *token = token_make(NULL);
    char path[2000];
    snprintf(path, sizeof path, "/goals?access_token=%s", token);
    expect("GET", path, "", NULL, 401, NULL);
    snprintf(path, sizeof path, "/realtime/tenants/t?access_token=%s&tenant=other", token);
    expect("GET", path, "", NULL, 403, NULL);
    free(token);
}
END_TEST

START_TEST(limits_roles_and_modules)
{
    const char *viewer = "{\"role\":\"viewer\"}";

    expect("GET", "/goals", rig_auth(viewer, ""), NULL, 200, NULL);
    expect("POST", "/goals", rig_auth(viewer, JSON_TYPE), "{}", 403, "may only read");
    expect("DELETE", "/goals/1", rig_auth(viewer, ""), NULL, 403, NULL);
    expect("POST", "/api/operations/actions/goals", rig_auth(viewer, JSON_TYPE), "{}", 200,
           "svc-operations");
    const char *some = "{\"features\":[\"goals\"],\"limits\":{\"goals\":3}}";
    expect("GET", "/goals", rig_auth(some, ""), NULL, 200, "\"goalLimit\":3");
    expect("GET", "/kpis", rig_auth(some, ""), NULL, 403, "subscription");
    expect("GET", "/goals/1/kpis/2:link", rig_auth(some, ""), NULL, 403, "subscription");
    expect("GET", "/goals/stats", rig_auth(some, ""), NULL, 200, "svc-analytics");
}
END_TEST

START_TEST(passes_everything_on)
{
    const char *trace = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
    char fields[200];

    snprintf(fields, sizeof fields, JSON_TYPE "X-Request-Id: my.id-1:2_3\r\n%s", trace);
    expect(
        "PUT", "/operations/actions/a%2Fb?_=9", rig_auth(NULL, fields),
        "{\"n\":1.5,\"s\":[null,true]}", 200,
        "{\"success\":true,\"data\":{\"service\":\"svc-operations\",\"operation\":\"updateAction\","
        "\"requestId\":\"my.id-1:2_3\","
        "\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-");
    expect("PUT", "/operations/actions/a%2Fb?_=9", rig_auth(NULL, fields),
           "{\"n\":1.5,\"s\":[null,true]}", 200,
           "\"tenant\":\"tenant-1\",\"user\":\"user-1\",\"name\":\"Ada Lovelace\","
           "\"path\":\"/api/operations/actions/a%2Fb\",\"command\":\"");
    expect("PUT", "/goals/g?_=9", rig_auth(NULL, JSON_TYPE "If-Match: \"7-ab\"\r\n"),
           "{\"n\":1.5,\"s\":[null,true]}", 200,
           "\"source\":2,\"ifVersion\":7,\"goalLimit\":-1,\"values\":{\"id\":\"g\"},"
           "\"query\":null,\"body\":{\"n\":1.5,\"s\":[null,true]}}}");
    expect("PUT", "/goals/g?x=1", rig_auth(NULL, JSON_TYPE), "{}", 422, "\"errors\":{\"x\":");
    expect("GET", "/goals?x=1&x=%C3%A4+b&_=9", rig_auth(NULL, ""), NULL, 200,
           "\"query\":{\"x\":[\"1\",\"\xC3\xA4 b\"]},\"body\":null}");
    expect("GET", "/goals", rig_auth(NULL, "X-Request-Id: a b\r\ntraceparent: 00-1-2-3\r\n"), NULL,
           200, "-00\",\"tenant\":");
    expect("GET", "/goals", rig_auth(NULL, "X-Request-Id: mine\r\n"), NULL, 200,
           "X-Request-Id: mine\r\n");
    expect("GET", "/goals", rig_auth(NULL, ""), NULL, 200,
           "\"command\":null"); /* reads have no command */
}
END_TEST

/* The service is told of a span of the gateway's own, in the caller's trace, if that is valid. */
START_TEST(passes_traces_on)
{
    static const char given[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    static const char key[] = "\"traceparent\":\"";
    char fields[200], told[2][56];

    for (size_t i = 0; i < 2; i++) {
        snprintf(fields, sizeof fields, "traceparent: %s%s\r\n", given, i == 0 ? "" : "-x");
        struct http_reply reply = rig_get("/goals", rig_auth(NULL, fields));
        const char *at = strstr(reply.body, key);
        ck_assert_ptr_nonnull(at);
        snprintf(told[i], sizeof told[i], "%s", at + sizeof key - 1);
        free(reply.head);
    }
    ck_assert_mem_eq(told[0], given, 36);
    ck_assert(memcmp(told[0] + 36, given + 36, 16) != 0);
    ck_assert_str_eq(told[0] + 52, "-01");
    ck_assert(memcmp(told[1], given, 35) != 0);
    ck_assert_str_eq(told[1] + 52, "-00");
}
END_TEST

START_TEST(takes_long_queries)
{
    char path[8000] = "/goals?";
    size_t size = strlen(path);

    for (int i = 0; i < 100; i++)
        size += (size_t)snprintf(path + size, sizeof path - size,
                                 "goalIds=0190a5b4-0000-7000-8000-%012d&", i);
    expect("GET", path, rig_auth(NULL, ""), NULL, 200, "0190a5b4-0000-7000-8000-000000000099\"]");
    snprintf(path + size, sizeof path - size, "one=more");
    expect("GET", path, rig_auth(NULL, ""), NULL, 400, "too many parameters");
}
END_TEST

START_TEST(gives_writes_a_command)
{
    expect("POST", "/goals", rig_auth(NULL, JSON_TYPE "Idempotency-Key: key-1\r\n"), "{}", 201,
           "\"command\":\"key-1\"");
    expect("POST", "/goals", rig_auth(NULL, JSON_TYPE "Idempotency-Key: a b\r\n"), "{}", 400,
           "INVALID_REQUEST");
    expect("POST", "/goals", rig_auth(NULL, JSON_TYPE "Idempotency-Key:\r\n"), "{}", 400, NULL);
    expect("PUT", "/goals/1", rig_auth(NULL, JSON_TYPE "Idempotency-Key: key-1\r\n"), "{}", 200,
           "\"source\":2");
    expect("DELETE", "/goals/1", rig_auth(NULL, "If-Match: *\r\n"), NULL, 200, "\"ifVersion\":-1");
    expect("DELETE", "/goals/1", rig_auth(NULL, "If-Match: nonsense\r\n"), NULL, 412,
           "PRECONDITION_FAILED");
}
END_TEST

START_TEST(checks_bodies)
{
    expect("POST", "/goals", rig_auth(NULL, JSON_TYPE), "{\"a\":}", 400, "INVALID_JSON");
    expect("POST", "/goals", rig_auth(NULL, JSON_TYPE), "[]", 400, "INVALID_JSON");
    expect("POST", "/goals", rig_auth(NULL, JSON_TYPE), "", 400, "INVALID_JSON");
    expect("POST", "/goals", rig_auth(NULL, ""), NULL, 400, "INVALID_JSON");
    expect("POST", "/goals", rig_auth(NULL, ""), "{}", 415, "UNSUPPORTED_MEDIA_TYPE");
    expect("POST", "/goals", rig_auth(NULL, "Content-Type: text/plain\r\n"), "{}", 415, NULL);
    expect("POST", "/goals", rig_auth(NULL, "Content-Type: application/json; charset=latin1\r\n"),
           "{}", 415, NULL);
    expect("POST", "/goals", rig_auth(NULL, "Content-Type: Application/JSON; charset=UTF-8\r\n"),
           "{}", 201, NULL);
    expect("POST", "/goals/1:activate", rig_auth(NULL, ""), NULL, 200, "\"body\":{}");
    expect("POST", "/goals/1:activate", rig_auth(NULL, JSON_TYPE), "{\"reason\":\"x\"}", 200,
           "\"body\":{\"reason\":\"x\"}");
    expect("DELETE", "/goals/1", rig_auth(NULL, "Content-Type: text/plain\r\n"), "ignored", 200,
           "\"body\":null");
    expect("GET", "/goals/%00", rig_auth(NULL, ""), NULL, 400, "INVALID_REQUEST");
    expect("GET", "/goals?a=%ff", rig_auth(NULL, ""), NULL, 400, "INVALID_REQUEST");
}
END_TEST

START_TEST(shapes_answers)
{
    expect("GET", "/goals", rig_auth(NULL, ""), NULL, 200, "\"pagination\":{\"page\":\"1\"}}");
    expect("GET", "/goals/missing", rig_auth(NULL, "X-Request-Id: r1\r\n"), NULL, 404,
           "{\"success\":false,\"error\":\"Goal not "
           "found\",\"code\":\"GOAL_NOT_FOUND\",\"requestId\":\"r1\"}");
    expect("PUT", "/goals/invalid", rig_auth(NULL, JSON_TYPE), "{}", 422,
           "\"errors\":{\"connections.goalIds[2]\":\"does not exist\"}}");
    expect("GET", "/goals/newer", rig_auth(NULL, ""), NULL, 409, "CODE_OF_TOMORROW");
    expect("GET", "/goals/older", rig_auth(NULL, ""), NULL, 503, "SERVICE_UNAVAILABLE");
    expect("DELETE", "/operations/issues/extra", rig_auth(NULL, ""), NULL, 200,
           "{\"success\":true,\"deletedIssueId\":\"i1\"}");
    expect("GET", "/goals/written", rig_auth(NULL, ""), NULL, 200,
           "\r\n\r\n{\"success\":true,\"data\":{\"n\":[1,\"\xC3\xA4\"]},"
           "\"pagination\":{\"page\":\"1\"}}");
    expect("GET", "/goals/file", rig_auth(NULL, ""), NULL, 200,
           "Content-Disposition: attachment; filename=\"a__report_.pdf\"\r\n");
    expect("GET", "/goals/file", rig_auth(NULL, ""), NULL, 200,
           "Content-Type: application/pdf\r\n");
    expect("POST", "/goals", rig_auth(NULL, JSON_TYPE), "{}", 201, "Location: /goals/new\r\n");
    expect("POST", "/traction/api/v1/goals", rig_auth(NULL, JSON_TYPE), "{}", 201,
           "Location: /traction/api/v1/goals/new\r\n");
    expect("GET", "/goals/big", rig_auth(NULL, "Accept-Encoding: gzip\r\n"), NULL, 200,
           "Content-Encoding: gzip\r\n");
    struct http_reply plain = rig_get("/goals/big", rig_auth(NULL, ""));
    ck_assert_ptr_null(strstr(plain.head, "Content-Encoding"));
    ck_assert_uint_gt(plain.body_size, 5000);
    rig_free(&plain);
}
END_TEST

static int ask_for_many(const char *fields)
{
    char text[4200];
    int fd = rig_dial();

    snprintf(text, sizeof text, "GET /goals/many HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
             rig_auth(NULL, fields));
    rig_send(fd, text, strlen(text));
    return fd;
}

static bool is_readable(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    return poll(&ready, 1, 0) > 0;
}

START_TEST(writes_large_answers_piece_by_piece)
{
    static const char begin[] = "{\"success\":true,\"data\":[{\"n\":\"000";
    static const char end[] = "99999\"}],\"pagination\":{\"page\":\"1\"}}";
    int meanwhile = 0, fd = ask_for_many("");

    for (; !is_readable(fd); meanwhile++)
        expect("GET", "/goals/versioned", rig_auth(NULL, ""), NULL, 200, "\"id\":\"one\"");
    ck_assert_int_ge(meanwhile, 10);
    struct http_reply reply = rig_read(fd, false);
    close(fd);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_uint_eq(reply.body_size, strlen("{\"success\":true,\"data\":[") +
                                           (size_t)MANY * (MANY_SIZE + strlen("{\"n\":\"\"},")) -
                                           1 + strlen("],\"pagination\":{\"page\":\"1\"}}"));
    ck_assert_int_eq(strncmp(reply.body, begin, strlen(begin)), 0);
    ck_assert_str_eq(reply.body + reply.body_size - strlen(end), end);
    rig_expect(reply, 200, "X-Degraded: svc-kpis\r\n");
}
END_TEST

START_TEST(compresses_large_answers_piece_by_piece)
{
    int meanwhile = 0, fd = ask_for_many("Accept-Encoding: gzip\r\n");

    for (; !is_readable(fd); meanwhile++)
        expect("GET", "/goals/versioned", rig_auth(NULL, ""), NULL, 200, "\"id\":\"one\"");
    ck_assert_int_ge(meanwhile, 10);
    struct http_reply reply = rig_read(fd, false);
    close(fd);
    ck_assert_uint_lt(reply.body_size, (size_t)MANY * MANY_SIZE / 2);
    ck_assert_uint_gt(reply.body_size, 1000);
    rig_expect(reply, 200, "Content-Encoding: gzip\r\n");
}
END_TEST

START_TEST(stops_writing_when_the_client_leaves)
{
    for (int i = 0; i < 5; i++) {
        int fd = ask_for_many(i % 2 ? "" : "Accept-Encoding: gzip\r\n");
        expect("GET", "/goals/versioned", rig_auth(NULL, ""), NULL, 200, NULL);
        close(fd);
    }
    expect("GET", "/goals/versioned", rig_auth(NULL, ""), NULL, 200, "\"id\":\"one\"");
}
END_TEST

START_TEST(tags_versions)
{
    char etag[60], fields[100];
    struct http_reply reply = rig_get("/goals/versioned", rig_auth(NULL, ""));

    ck_assert_ptr_nonnull(rig_field(&reply, "ETag", etag, sizeof etag));
    ck_assert_int_eq(strncmp(etag, "\"5-", 3), 0);
    rig_free(&reply);
    snprintf(fields, sizeof fields, "If-None-Match: \"1-a\", W/%s\r\n", etag);
    reply = rig_get("/goals/versioned", rig_auth(NULL, fields));
    ck_assert_int_eq(reply.status, 304);
    ck_assert_uint_eq(reply.body_size, 0);
    rig_expect(reply, 304, etag);
    expect("GET", "/goals/versioned", rig_auth(NULL, "If-None-Match: \"5-0\"\r\n"), NULL, 200,
           NULL);
    reply = rig_get("/goals/degraded", rig_auth(NULL, "If-None-Match: *\r\n"));
    ck_assert_ptr_null(rig_field(&reply, "ETag", etag, sizeof etag));
    rig_expect(reply, 200, "X-Degraded: svc-kpis\r\n");
}
END_TEST

START_TEST(answers_browsers)
{
    const char *ask = "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: PUT\r\n";

    expect("OPTIONS", "/goals/1", ask, NULL, 204,
           "Access-Control-Allow-Methods: GET, HEAD, PUT, DELETE, OPTIONS\r\n");
    expect("OPTIONS", "/goals/1", ask, NULL, 204, "Access-Control-Max-Age: 600\r\n");
    expect("OPTIONS", "/goals/1", "", NULL, 204, "Allow: GET, HEAD, PUT, DELETE, OPTIONS\r\n");
    expect("OPTIONS", "/nothing", ask, NULL, 404,
           "Access-Control-Allow-Origin: http://localhost:3000\r\n");
    expect("GET", "/goals", ask, NULL, 401,
           "Access-Control-Allow-Origin: http://localhost:3000\r\n");
    expect("GET", "/goals", ask, NULL, 401, "Access-Control-Expose-Headers: ETag, ");
    expect("GET", "/goals", ask, NULL, 401, "Vary: Origin\r\n");
    struct http_reply reply = rig_get("/health", "Origin: https://evil.example\r\n");
    ck_assert_ptr_null(strstr(reply.head, "Access-Control"));
    rig_expect(reply, 200, "Vary: Origin\r\n");
}
END_TEST

START_TEST(stops_in_the_end)
{
    rig_stop();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gateway_calls");
    const TTest *const tests[] = {answers_health,
                                  authenticates,
                                  limits_roles_and_modules,
                                  passes_everything_on,
                                  passes_traces_on,
                                  takes_long_queries,
                                  gives_writes_a_command,
                                  checks_bodies,
                                  shapes_answers,
                                  tags_versions,
                                  answers_browsers,
                                  stops_in_the_end,
                                  writes_large_answers_piece_by_piece,
                                  compresses_large_answers_piece_by_piece,
                                  stops_writing_when_the_client_leaves};

    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        TCase *one = tcase_create(tests[i]->name);
        tcase_set_timeout(one, 60);
        tcase_add_checked_fixture(one, setup, tests[i] == stops_in_the_end ? NULL : rig_stop);
        tcase_add_test(one, tests[i]);
        suite_add_tcase(suite, one);
    }
    return suite_finish(suite);
}
