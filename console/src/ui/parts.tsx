// The small parts that every view is made of.
import { useId, type ButtonHTMLAttributes, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useStrings } from '../preferences.js';
import { sayError } from './errors.js';

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { kind?: 'primary' | 'plain' | 'danger' };
export const Button = ({ kind = 'plain', ...rest }: ButtonProps) => <button type="button" {...rest} className={`button ${kind}`} />;

export function Field({ label, hint, error, children }: { label: string; hint?: string; error?: string | undefined; children: (id: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ReactNode }) {
  const id = useId();
  const said = error ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, ...(said ? { 'aria-describedby': `${id}-said` } : {}), ...(error ? { 'aria-invalid': true } : {}) })}
      {said && <p id={`${id}-said`} className={error ? 'said bad' : 'said'}>{said}</p>}
    </div>
  );
}

type Common = { label: string; hint?: string; error?: string | undefined };
export const TextField = ({ label, hint, error, ...rest }: Common & InputHTMLAttributes<HTMLInputElement>) => (
  <Field label={label} hint={hint} error={error}>{(id) => <input {...rest} {...id} />}</Field>
);
export const TextArea = ({ label, hint, error, ...rest }: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) => (
  <Field label={label} hint={hint} error={error}>{(id) => <textarea rows={3} {...rest} {...id} />}</Field>
);
export const Select = ({ label, hint, error, options, ...rest }: Common & { options: [value: string, text: string][] } & SelectHTMLAttributes<HTMLSelectElement>) => (
  <Field label={label} hint={hint} error={error}>
    {(id) => (
      <select {...rest} {...id}>
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    )}
  </Field>
);

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';
export const Badge = ({ tone = 'quiet', children }: { tone?: Tone; children: ReactNode }) => <span className={`badge ${tone}`}>{children}</span>;

export const Bar = ({ value, label }: { value: number | null; label: string }) => (
  <progress className="bar" max={100} value={Math.max(0, Math.min(100, value ?? 0))} aria-label={label} />
);

export const Empty = ({ title, text, children }: { title?: string; text: string; children?: ReactNode }) => (
  <div className="empty">
    {title && <h3>{title}</h3>}
    <p>{text}</p>
    {children}
  </div>
);

export const Card = ({ title, actions, children, className = '' }: { title?: string; actions?: ReactNode; children: ReactNode; className?: string }) => {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={title ? id : undefined}>
      {title && <header className="card-head"><h2 id={id}>{title}</h2>{actions}</header>}
      {children}
    </section>
  );
};

export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const strings = useStrings();
  const { sentence, details, requestId } = sayError(error, strings);
  return (
    <div className="note bad" role="alert">
      <p><strong>{strings.error.title}.</strong> {sentence}</p>
      {details.map((detail) => <p key={detail}>{detail}</p>)}
      {requestId && <p className="small">{strings.error.request(requestId)}</p>}
      {onRetry && <Button onClick={onRetry}>{strings.common.retry}</Button>}
    </div>
  );
}

export function Skeleton({ room }: { room: number }) {
  const { common } = useStrings();
  return (
    <div className="skeleton" role="status">
      <span className="unseen">{common.loading}</span>
      {Array.from({ length: room }, (_, i) => <div key={i} className="bone" />)}
    </div>
  );
}

/** What a query brought; until then room of about the same size, so that nothing jumps. */
export function Loaded<Data>({ query, room = 6, children }: { query: UseQueryResult<Data>; room?: number; children: (data: Data) => ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton room={room} />;
}
