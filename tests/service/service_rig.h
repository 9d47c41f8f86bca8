/* One service as its callers see it: the real program with a real PostgreSQL, called over the bus.
 * Bodies are written as JSON with ' instead of ", and values of answers are read the same way:
 *
 *   const struct rig_answer *goal = ask("createGoal", NULL, "{'title': 'a', ...}");
 *   ck_answer(goal, 201);
 *   ck_at(goal, "data.status", "'draft'");
 *
 * The program is started once, before the tests fork. Whatever this allocates lives as long as the
 * test. */
#ifndef TRACTION_SERVICE_RIG_H
#define TRACTION_SERVICE_RIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "envelope.h"
#include "suite.h"

/* Starts a PostgreSQL, migrates a new database and runs the program until rig_stop, which answers
 * EXIT_FAILURE when it did not live until then or ended with an error (a sanitizer's, too). */
void rig_start(const char *program, const char *schema);
int rig_stop(void);

/* Who asks; a test starts as user-1 of a tenant of its own, without limits. */
struct rig_caller {
    const char *tenant, *user, *user_name;
    int64_t limits[LIMIT_COUNT];
    int64_t remaining_ms; /* until nobody waits for an answer */
    int64_t if_version;   /* of the next request only; -1 for none */
    const char *command;  /* command id of the next request only; NULL: a new one */
    bool of_gateway;      /* ... and the gateway has made it; else the client */
    bool takes_json;      /* answers may come as JSON */
};
extern struct rig_caller caller;
void rig_new_tenant(void);

struct rig_answer {
    int http;
    const char *text; /* {"code", "message", "errors", "data", "page", "version", "location"} */
    const char *data; /* as the gateway writes it */
    bool is_json;     /* it came as JSON */
    void *json;
};

/* Asks an operation. `path` is the concrete path's parameters ("{'id': '...'}"), `query` the
 * parameters ("{'size': ['5']}"); all three may be NULL. */
const struct rig_answer *ask_all(const char *operation, const char *path, const char *query,
                                 const char *body);
const struct rig_answer *ask(const char *operation, const char *path, const char *body);

/* A value of the answer by its path ("data.strategies[1].order"), as JSON with ' instead of ";
 * "absent" when there is none. */
const char *at(const struct rig_answer *answer, const char *path);
/* A text of the answer, without quotes; fails the test when there is none. */
const char *text_at(const struct rig_answer *answer, const char *path);

/* The same request `count` times at once; the answers in the order they came. */
const struct rig_answer **ask_at_once(size_t count, const char *operation, const char *path,
                                      const char *body);
/* Asks `count` times for the other tenant, then once for the caller, all at once: the caller's
 * answer, and how many of the others came before it. */
const struct rig_answer *ask_behind(size_t count, const char *other_tenant, const char *operation,
                                    size_t *before);
/* Asks, and leaves before the answer as soon as `until` is true: by giving the call up, or like a
 * caller that dies. Fails when the answer is there before. */
enum rig_leave { RIG_GIVES_UP, RIG_DIES };
void ask_and_leave(enum rig_leave how, bool (*until)(void), const char *operation,
                   const char *query);
/* Waits until it is true, while the loop runs; false when it did not become true in time. */
bool wait_until(bool (*is_so)(void), int64_t max_ms);
/* Whether the service has a child process. */
bool service_has_child(void);
/* That member of each item of a list, separated by commas, and the list's total: "b,a 2". */
const char *listed(const char *operation, const char *query, const char *member);
/* How many of the answers have that status. */
size_t count_http(const struct rig_answer **answers, size_t count, int http);

const char *format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));

/* The only column of the only row that the statement answers, as superuser; NULL for none. */
const char *sql_value(const char *statement);
/* Types of the caller's tenant's events so far, in order, separated by spaces. */
const char *event_types(void);
/* The newest event of that type, looked into like an answer ("data...", "changes...", "version",
 * "at" in us). */
const struct rig_answer *event_of_type(const char *type);

#define SERVICE_SUITE_MAIN(name, ...)                                                  \
    int main(void)                                                                     \
    {                                                                                  \
        const TTest *const tests[] = {__VA_ARGS__};                                    \
        rig_start(SERVICE_PROGRAM, SERVICE_SCHEMA);                                    \
        int result = suite_run(name, NULL, NULL, tests, sizeof tests / sizeof *tests); \
        return rig_stop() == 0 ? result : EXIT_FAILURE;                                \
    }

#define ck_answer(answer_, http_)                                                               \
    ck_assert_msg((answer_)->http == (http_), "%d instead of %d: %s", (answer_)->http, (http_), \
                  (answer_)->text)
#define ck_at(answer_, path_, expected_)                                                        \
    ck_assert_msg(strcmp(at((answer_), (path_)), (expected_)) == 0,                             \
                  "%s is %s instead of %s in %s", (path_), at((answer_), (path_)), (expected_), \
                  (answer_)->text)
/* Refused with that status and code. */
#define ck_refused(answer_, http_, code_)              \
    do {                                               \
        const struct rig_answer *refused_ = (answer_); \
        ck_answer(refused_, (http_));                  \
        ck_at(refused_, "code", "'" code_ "'");        \
    } while (0)
/* 422 with an error at that field. */
#define ck_invalid(answer_, field_)                                          \
    do {                                                                     \
        const struct rig_answer *invalid_ = (answer_);                       \
        ck_answer(invalid_, 422);                                            \
        ck_assert_msg(strcmp(at(invalid_, "errors/" field_), "absent") != 0, \
                      "no error at %s in %s", field_, invalid_->text);       \
    } while (0)

#endif
