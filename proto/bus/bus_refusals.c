/* The counts and the log of refusals, one of each for the process. */
#include "bus_refusals.h"

#include <string.h>

#include "log.h"
#include "timestamp.h"

enum { PAUSE_US = 1000 * 1000 };

const char *const bus_refusal_names[BUS_REFUSAL_COUNT] = {"handshake", "key", "role", "operation"};

static const char mapped[] = "::ffff:"; /* before an address of IPv4 */

static struct {
    uint64_t count, unsaid;
    int64_t again_us;
} refusals[BUS_REFUSAL_COUNT];

void bus_refused(enum bus_refusal reason, const char *address, const char *role, const char *detail)
{
    int64_t now_us = monotonic_us();

    refusals[reason].count++;
    if (now_us < refusals[reason].again_us) {
        refusals[reason].unsaid++;
        return;
    }
    if (!strncmp(address, mapped, sizeof mapped - 1))
        address += sizeof mapped - 1;
    log_warning("a peer of the bus was refused", LOG_CSTR("reason", bus_refusal_names[reason]),
                LOG_CSTR("address", address), LOG_CSTR("role", role), LOG_CSTR("detail", detail),
                LOG_INT("unsaid", (int64_t)refusals[reason].unsaid));
    refusals[reason].unsaid = 0;
    refusals[reason].again_us = now_us + PAUSE_US;
}

uint64_t bus_refusals(enum bus_refusal reason)
{
    return refusals[reason].count;
}
