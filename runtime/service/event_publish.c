/* What leaves a service for others: a word to the sequencer after a commit, and news. */
#include "bus_publisher.h"
#include "event_path.h"
#include "sequencer.h"

void events_notify(struct process *process)
{
    if (process->events && process->events->sequencer)
        sequencer_notify(process->events->sequencer);
}

void service_publish(struct process *process, struct str topic, struct str body)
{
    if (process->events && process->events->publisher)
        bus_publish(process->events->publisher, topic, body);
}
