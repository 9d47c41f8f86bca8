// Events of the streams, by type, as /asyncapi.json describes them.
import type { Events } from './generated/events.js';

export type EventType = keyof Events;
/** The data of one type of event. */
export type EventOf<Type extends EventType> = Omit<Events[Type], 'type'> & { type: Type };
/** Any event: `switch (event.type)` tells them apart. */
export type TractionEvent = { [Type in EventType]: EventOf<Type> }[EventType];
