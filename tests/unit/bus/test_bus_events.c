/* Published messages: the endpoint, the receivers, and an end that starts later. */
#include "bus_publisher.h"
#include "bus_rig.h"
#include "bus_subscriber.h"
#include "suite.h"

struct heard {
    size_t count;
    char text[1024]; /* "topic=body;" each */
};

static void on_message(void *argument, struct str topic, struct str body)
{
    struct heard *heard = argument;
    size_t used = strlen(heard->text);

    heard->count++;
    snprintf(heard->text + used, sizeof heard->text - used, STR_FMT "=" STR_FMT ";", STR_ARG(topic),
             STR_ARG(body));
}

static struct bus_publisher *publisher_at(int number)
{
    char text[200];
    struct bus_publisher *publisher = bus_publisher_new(
        loop, bus_events_endpoint(str_of(rig_endpoint(number)), text, sizeof text), NULL);

    ck_assert_ptr_nonnull(publisher);
    return publisher;
}

static void wait_topics(struct bus_publisher *publisher, size_t topics)
{
    for (int i = 0; i < 1500 && bus_publisher_topics(publisher) != topics; i++)
        rig_run_ms(2);
    ck_assert_uint_eq(bus_publisher_topics(publisher), topics);
}

static void ck_endpoint(const char *endpoint, const char *expected)
{
    char text[64];
    const char *found = bus_events_endpoint(str_of(endpoint), text, sizeof text);

    if (expected)
        ck_assert_str_eq(found, expected);
    else
        ck_assert_ptr_null(found);
}

START_TEST(endpoints_follow_from_those_of_requests)
{
    ck_endpoint("ipc:///run/svc-goals.sock", "ipc:///run/svc-goals.events.sock");
    ck_endpoint("ipc://run/other", "ipc://run/other.events.sock");
    ck_endpoint("tcp://0.0.0.0:7101", "tcp://0.0.0.0:7102");
    ck_endpoint("tcp://svc-goals:9", "tcp://svc-goals:10");
    ck_endpoint("tcp://[::1]:7101", "tcp://[::1]:7102");
    ck_endpoint("tcp://host:65535", NULL);
    ck_endpoint("tcp://host:", NULL);
    ck_endpoint("tcp://host", NULL);
    ck_endpoint("inproc://a", NULL);
    ck_endpoint("", NULL);
    ck_endpoint("ipc:///a-path-that-is-too-long-for-the-room-that-there-is-for-it.sock", NULL);
}
END_TEST

START_TEST(a_topic_is_not_the_beginning_of_another)
{
    struct bus_publisher *publisher = publisher_at(0);
    struct heard some = {0}, all = {0};
    struct bus_subscriber *one =
        bus_subscriber_new(loop, "svc-test", rig_endpoint(0), on_message, &some);
    struct bus_subscriber *every =
        bus_subscriber_new(loop, "svc-test", rig_endpoint(0), on_message, &all);

    bus_subscribe(one, STR("acme"));
    bus_subscribe_all(every);
    wait_topics(publisher, 2);
    bus_publish(publisher, STR("acme"), STR("1"));
    bus_publish(publisher, STR("acme2"), STR("2"));
    bus_publish(publisher, STR(""), STR("3"));
    bus_publish(publisher, STR("acme"), STR(""));
    rig_run_until(&all.count, 4, 2000);
    ck_assert_str_eq(all.text, "acme=1;acme2=2;=3;acme=;");
    rig_run_ms(20);
    ck_assert_str_eq(some.text, "acme=1;acme=;");
    bus_unsubscribe(one, STR("acme"));
    wait_topics(publisher, 1);
    bus_publish(publisher, STR("acme"), STR("4"));
    rig_run_until(&all.count, 5, 2000);
    ck_assert_uint_eq(some.count, 2);
    ck_assert_uint_eq(bus_publisher_counts(publisher).messages, 5);
    bus_subscriber_destroy(&one);
    bus_subscriber_destroy(&every);
    bus_publisher_destroy(&publisher);
    ck_assert_ptr_null(publisher);
}
END_TEST

START_TEST(without_subscribers_it_goes_nowhere)
{
    struct bus_publisher *publisher = publisher_at(0);

    bus_publish(publisher, STR("t"), STR("x"));
    rig_run_ms(20);
    ck_assert_uint_eq(bus_publisher_counts(publisher).messages, 0);
    bus_publisher_destroy(&publisher);
}
END_TEST

/* The subscriber comes first, hears both replicas, and again one that was started anew. */
START_TEST(publishers_come_and_go)
{
    char endpoints[300];
    struct heard heard = {0};

    snprintf(endpoints, sizeof endpoints, "%s,%s", rig_endpoint(0), rig_endpoint(1));
    struct bus_subscriber *subscriber =
        bus_subscriber_new(loop, "svc-test", endpoints, on_message, &heard);
    bus_subscribe_all(subscriber);
    rig_run_ms(50);
    struct bus_publisher *a = publisher_at(0), *b = publisher_at(1);
    wait_topics(a, 1);
    wait_topics(b, 1);
    bus_publish(a, STR("t"), STR("a"));
    rig_run_until(&heard.count, 1, 2000);
    bus_publish(b, STR("t"), STR("b"));
    rig_run_until(&heard.count, 2, 2000);
    bus_publisher_destroy(&a);
    rig_run_ms(50);
    a = publisher_at(0);
    wait_topics(a, 1);
    bus_publish(a, STR("t"), STR("c"));
    rig_run_until(&heard.count, 3, 2000);
    ck_assert_str_eq(heard.text, "t=a;t=b;t=c;");
    bus_subscriber_destroy(&subscriber);
    ck_assert_ptr_null(subscriber);
    bus_publisher_destroy(&a);
    bus_publisher_destroy(&b);
}
END_TEST

static void tear_down(void)
{
    char text[200];

    for (int i = 0; i < 2; i++) {
        const char *left = bus_events_endpoint(str_of(rig_endpoint(i)), text, sizeof text);
        unlink(left + strlen("ipc://"));
    }
    rig_tear_down();
}

SUITE_MAIN_WITH("bus_events", rig_set_up, tear_down, endpoints_follow_from_those_of_requests,
                a_topic_is_not_the_beginning_of_another, without_subscribers_it_goes_nowhere,
                publishers_come_and_go)
