// Events of the streams.

/** What the data of every event holds, besides the fields of its type. */
export interface Envelope {
  type: string;
  tenantId: string;
  entityType: string;
  entityId: string;
  goalId: string | null;
  version: number | null;
  userId: string | null;
  at: string;
}

export type EventType = string;
export type EventOf<Type extends EventType> = Envelope & { type: Type } & Record<string, unknown>;
export type TractionEvent = EventOf<EventType>;
