/* Changes that the rig makes, over the bus and directly in the database. */
#include <stdio.h>

#include "event.h"
#include "event_programs.h"
#include "event_rig_state.h"
#include "events.h"
#include "timestamp.h"

enum { TENANTS = 3, ITEMS = 7, AT_ONCE = 16 };

struct sent_change {
    struct request request;
    bool in_flight, done;
};

static void answered(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    struct sent_change *sent = argument;

    sent->in_flight = false;
    sent->done = outcome == BUS_REPLIED && reply->http < 300;
}

static struct uuid item_id(size_t number)
{
    struct uuid id = {{0x01, 0x9a}};

    id.bytes[6] = 0x70;
    id.bytes[8] = 0x80;
    id.bytes[15] = (unsigned char)(1 + number);
    return id;
}

static struct str tenant_of(size_t number)
{
    return arena_printf(rig.arena, "tenant-%zu", number % TENANTS);
}

static struct str pack_change(size_t number)
{
    struct change change = {.id = item_id(number % ITEMS), .amount = (int64_t)number % 13 - 4};
    struct buffer out = buffer_in(rig.arena, 64);

    model_pack(AS(change, &change), &out);
    return buffer_str(&out);
}

static void prepare(struct sent_change *sent, size_t number)
{
    sent->request = request_for(STR("createGoal"));
    sent->request.request_id = STR("r");
    sent->request.tenant = tenant_of(number);
    sent->request.user = STR("user");
    sent->request.command = arena_printf(rig.arena, "change-%zu", number);
    sent->request.command_source = COMMAND_GATEWAY;
    sent->request.path = STR("/items");
    sent->request.body = pack_change(number);
}

void rig_write(size_t count)
{
    struct sent_change *all = arena_array(rig.arena, count, sizeof *all);
    size_t done = 0;
    int64_t end_us = monotonic_us() + 120 * INT64_C(1000000);

    for (size_t i = 0; i < count; i++)
        prepare(&all[i], rig.written + i);
    while (done < count) {
        size_t in_flight = 0;
        done = 0;
        for (size_t i = 0; i < count; i++) {
            done += all[i].done;
            if (!all[i].done && !all[i].in_flight && in_flight < AT_ONCE) {
                all[i].in_flight = true;
                all[i].request.remaining_ms = 5000;
                bus_call(rig.client, &all[i].request, answered, &all[i]);
            }
            in_flight += all[i].in_flight;
        }
        rig_sleep_ms(1);
        ck_assert_msg(monotonic_us() < end_us, "%zu of %zu changes:\n%s", done, count,
                      rig_log(PUBLISHER_A));
    }
    rig.written += count;
}

/* --- What a consumer tells --- */

static void told(void *argument, enum bus_outcome outcome, const struct reply *reply)
{
    *(int *)argument = outcome == BUS_REPLIED ? reply->http : -1;
    loop_stop(rig.loop);
}

int rig_tell(const char *program, long sequence, const char *tenant)
{
    struct consumed_told place = {str_of(program), sequence};
    struct request request = request_for(STR("tellConsumed"));
    struct buffer body = buffer_in(rig.arena, 64);
    int http = 0;

    model_pack(AS(consumed_told, &place), &body);
    request.tenant = str_of(tenant);
    request.remaining_ms = 10000;
    request.body = buffer_str(&body);
    bus_call(rig.client, &request, told, &http);
    while (http == 0)
        loop_run(rig.loop);
    return http;
}

/* --- Some that are made past the service --- */

static void past(PGconn *database, const char *sql, const char *const *values, int count)
{
    PGresult *result = PQexecParams(database, sql, count, NULL, values, NULL, NULL, 0);

    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s", sql,
                  PQerrorMessage(database));
    PQclear(result);
}

enum { HELD = 0xff, OTHER = 0xfe }; /* items that the writes above leave alone */

static struct uuid own_item(unsigned char number)
{
    return (struct uuid){{0x01, 0x9a, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, number}};
}

static void change_item(PGconn *database, unsigned char number)
{
    char text[UUID_TEXT_SIZE + 1] = "";

    uuid_format(own_item(number), text);
    past(database,
         "INSERT INTO goals.items AS i VALUES ('tenant-0', $1, 5, 1) ON CONFLICT (tenant_id, id)"
         " DO UPDATE SET value = i.value + 5, version = i.version + 1",
         (const char *[]){text}, 1);
}

static void tell_item(PGconn *database, unsigned char number, int64_t version)
{
    struct change change = {.id = own_item(number), .amount = 5};
    struct buffer data = buffer_in(rig.arena, 64), packed = buffer_in(rig.arena, 256);
    char text[UUID_TEXT_SIZE + 1] = "", hex[2048] = "\\x";

    model_pack(AS(change, &change), &data);
    event_pack(&packed, &(struct event){.id = uuid_v7(),
                                        .type = STR("item.changed"),
                                        .tenant = STR("tenant-0"),
                                        .entity = change.id,
                                        .version = version,
                                        .at = timestamp_now(),
                                        .user_id = STR("user"),
                                        .data = buffer_str(&data)});
    for (size_t i = 0; i < packed.size; i++)
        snprintf(hex + 2 + 2 * i, 3, "%02x", (unsigned char)packed.data[i]);
    uuid_format(change.id, text);
    past(database,
         "INSERT INTO goals.outbox (tenant_id, type, entity_id, version, payload, created_at)"
         " VALUES ('tenant-0', 'item.changed', $1, 1, $2, now())",
         (const char *[]){text, hex}, 2);
}

void rig_hold_change(void)
{
    past(rig.held, "BEGIN", NULL, 0);
    change_item(rig.held, HELD);
    tell_item(rig.held, HELD, 1);
}

void rig_hold_change_between(void)
{
    past(rig.database, "BEGIN", NULL, 0);
    change_item(rig.database, OTHER);
    rig_hold_change();
    tell_item(rig.database, OTHER, 1);
    past(rig.database, "COMMIT", NULL, 0);
    rig.written++;
}

void rig_commit_held(void)
{
    past(rig.held, "COMMIT", NULL, 0);
    rig.written++;
}

void rig_change_held_again(void)
{
    past(rig.held, "BEGIN", NULL, 0);
    change_item(rig.held, HELD);
    tell_item(rig.held, HELD, 2);
    rig_commit_held();
}
