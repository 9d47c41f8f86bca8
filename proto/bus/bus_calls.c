/* Doubly linked lists of calls. */
#include "bus_calls.h"

#include <stddef.h>

static void unlink_call(struct client_call *call)
{
    struct call_list *list = call->list;

    *(call->previous ? &call->previous->next : &list->first) = call->next;
    *(call->next ? &call->next->previous : &list->last) = call->previous;
    call->list = NULL;
}

void call_move(struct client_call *call, struct call_list *to)
{
    if (call->list)
        unlink_call(call);
    call->list = to;
    call->next = NULL;
    call->previous = to->last;
    *(to->last ? &to->last->next : &to->first) = call;
    to->last = call;
}

void call_move_all(struct call_list *from, struct call_list *to)
{
    while (from->first)
        call_move(from->first, to);
}
