// A dialog: the browser's own, which keeps the focus inside and closes by Escape.
import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react';
import { useStrings } from '../preferences.js';
import { Button, ErrorNote } from './parts.js';

interface DialogProps {
  title: string;
  onClose: () => void;
  /** With it the dialog is a form whose first button is `submit`. */
  onSubmit?: () => void;
  submit?: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  more?: ReactNode;
  children: ReactNode;
}

export function Dialog({ title, onClose, onSubmit, submit, danger = false, busy = false, error, more, children }: DialogProps) {
  const strings = useStrings();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const send = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!busy) onSubmit?.();
  };
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <form onSubmit={send}>
        <h2 id={id}>{title}</h2>
        <div className="dialog-body">
          {children}
          {Boolean(error) && <ErrorNote error={error} />}
        </div>
        <div className="dialog-foot">
          {onSubmit && <Button type="submit" kind={danger ? 'danger' : 'primary'} aria-disabled={busy}>{submit ?? strings.common.save}</Button>}
          {more}
          <Button onClick={onClose}>{onSubmit ? strings.common.cancel : strings.common.close}</Button>
        </div>
      </form>
    </dialog>
  );
}
