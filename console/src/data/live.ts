// Other people's changes: follows the tenant's stream, and marks as old what an event touches.
import type { QueryKey } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { watchTenant, type StreamState } from '@traction/client';
import { traction } from '../traction.js';
import { queryClient } from './client.js';
import { keys, keysOf } from './keys.js';

/** `off`: this person's subscription has no live changes. */
let state: StreamState | 'off' = 'connecting';
let wasLost = false;
const listeners = new Set<() => void>();

function setState(to: StreamState | 'off'): void {
  wasLost ||= to === 'lost';
  if (to === 'open' || to === 'off') wasLost = false;
  state = to;
  listeners.forEach((listener) => listener());
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** `lost` as well while it is being taken up again. */
export const useConnection = () => useSyncExternalStore(subscribe, () => (wasLost ? 'lost' : state));

// Many events come together; each thing is loaded again once. Figures follow what they are of within a second.
const due = new Map<string, QueryKey>();
let timer: ReturnType<typeof setTimeout> | undefined;

function markOld(key: QueryKey): void {
  if (key === keys.overview) {
    setTimeout(() => void queryClient.invalidateQueries({ queryKey: key }), 1000);
    return;
  }
  due.set(JSON.stringify(key), key);
  timer ??= setTimeout(() => {
    timer = undefined;
    const now = [...due.values()];
    due.clear();
    now.forEach((queryKey) => void queryClient.invalidateQueries({ queryKey }));
  }, 50);
}

export function useLive(tenantId: string): void {
  useEffect(() => {
    const stop = new AbortController();
    const follow = async () => {
      for await (const item of watchTenant(traction, tenantId, { signal: stop.signal, onState: setState })) {
        if (item.type === 'reset') void queryClient.invalidateQueries();
        else keysOf(item.event).forEach(markOld);
      }
    };
    follow().catch(() => setState('off'));
    return () => stop.abort();
  }, [tenantId]);
}
