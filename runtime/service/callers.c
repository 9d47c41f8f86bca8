/* Whether the caller may call the operation. Without keys, over unix sockets, every process that
 * can open the socket may; with keys the proved key decides, whatever the request says. */
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
