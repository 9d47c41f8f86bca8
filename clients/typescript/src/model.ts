import type { components } from './generated/openapi.js';

/** The type of a named schema of the API: `Model<'Goal'>`, `Model<'Issue'>`. */
export type Model<Name extends keyof components['schemas']> = components['schemas'][Name];
