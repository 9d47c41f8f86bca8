import { createContext, useContext } from 'react';
import type { Claims } from './session.js';

export const SessionContext = createContext<Claims>(null!);
/** Who is signed in. */
export const useClaims = () => useContext(SessionContext);
