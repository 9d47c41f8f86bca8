// Short messages at the edge of the page: what was done, and what did not work.
import { useSyncExternalStore } from 'react';
import { useStrings } from '../preferences.js';
import { sayError } from './errors.js';

interface Toast {
  id: number;
  text?: string;
  error?: unknown;
}

let toasts: Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(to: Toast[]): void {
  toasts = to;
  listeners.forEach((listener) => listener());
}

function show(toast: Omit<Toast, 'id'>, ms: number): void {
  const id = (lastId += 1);
  change([...toasts.slice(-3), { id, ...toast }]);
  setTimeout(() => change(toasts.filter((one) => one.id !== id)), ms);
}

export const toast = (text: string) => show({ text }, 5000);
export const toastError = (error: unknown) => show({ error }, 12000);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const strings = useStrings();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, error }) => {
        const said = error === undefined ? null : sayError(error, strings);
        return (
          <div key={id} className={`toast ${said ? 'bad' : ''}`}>
            <p>{said ? `${strings.error.title}. ${said.sentence}` : text}</p>
            {said?.details.map((detail) => <p key={detail}>{detail}</p>)}
            {said?.requestId && <p className="small">{strings.error.request(said.requestId)}</p>}
          </div>
        );
      })}
    </div>
  );
}
