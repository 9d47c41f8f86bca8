/* Whether the caller may call the operation. Without keys, over unix sockets, every process that
 * can open the socket may; with keys the proved key decides, whatever the request says. */
#include "bus_acl.h"
#include "bus_refusals.h"
#include "process.h"

bool caller_is_allowed(const struct process *process, const struct bus_request *pending,
                       const struct operation *operation)
{
    enum service caller;

    if (!pending->role)
        return true;
    caller = service_of_role(pending->role);
    if (caller != SERVICE_COUNT && acl_may_call(caller, operation, process->program->service))
        return true;
    bus_refused(BUS_REFUSED_OPERATION, pending->address, pending->role, operation->name);
    return false;
}
