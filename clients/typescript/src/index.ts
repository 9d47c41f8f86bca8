// The public face of the client: everything a page or program may import.
export { connect, type Traction, type TractionOptions } from './connect.js';
export { type Token } from './send.js';
export { TractionError, isTractionError, type ErrorCode } from './errors.js';
export { unwrap, ifMatch, type Answer } from './unwrap.js';
export { watchGoal, watchTenant, type StreamItem, type StreamState, type WatchOptions } from './watch.js';
export type { EventOf, EventType, TractionEvent } from './events.js';
export type { components, operations, paths } from './generated/openapi.js';
export type { Model } from './model.js';
