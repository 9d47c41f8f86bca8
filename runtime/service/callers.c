/* Whether who asks may ask for it. Without keys, over unix sockets, everybody who reaches the
 * socket may; with them it is the key that counts, whatever a request says of its sender. */
#include "askers.h"
#include "bus_refusals.h"
#include "process.h"

bool caller_may_ask(const struct process *process, const struct bus_request *held,
                    const struct operation *operation)
{
    enum service asker;

    if (!held->role)
        return true;
    asker = service_of_role(held->role);
    if (asker != SERVICE_COUNT && may_ask(asker, operation, process->program->service))
        return true;
    bus_refused(BUS_REFUSED_OPERATION, held->address, held->role, operation->name);
    return false;
}
