/* The lines of the running second are counted. */
#include "slow_log.h"

#include "config.h"

enum { SECOND_US = 1000000 };

struct slow_log slow_log_new(void)
{
    return (struct slow_log){.least_us = config_int(CONFIG_SLOW_REQUEST_MS) * 1000};
}

bool slow_log_takes(struct slow_log *slow, int64_t us, int64_t now_us, int64_t *unsaid)
{
    if (slow->least_us == 0 || us < slow->least_us)
        return false;
    if (now_us - slow->second_us >= SECOND_US) {
        slow->second_us = now_us;
        slow->lines = 0;
    }
    if (slow->lines >= SLOW_LOG_LINES) {
        slow->unsaid++;
        return false;
    }
    slow->lines++;
    *unsaid = slow->unsaid;
    slow->unsaid = 0;
    return true;
}
