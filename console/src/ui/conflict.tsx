// Editing something that somebody else may change meanwhile: the change carries the ETag of what was read; when it is
// refused, both versions are shown and the person chooses.
import { useState } from 'react';
import { isTractionError } from '@traction/client';
import { useStrings } from '../preferences.js';
import { Button } from './parts.js';
import { Dialog } from './dialog.js';

export interface Versioned<Form> {
  form: Form;
  etag: string | null;
}

interface EditOptions<Form> {
  read: Versioned<Form>;
  save: (form: Form, etag: string | null) => Promise<unknown>;
  /** The newest version, after a refusal. */
  reload: () => Promise<Versioned<Form>>;
  onDone: () => void;
}

export function useEdit<Form>({ read, save, reload, onDone }: EditOptions<Form>) {
  const [form, setForm] = useState(read.form);
  const [started] = useState(read); // what others change meanwhile must not slip in unseen
  const [etag, setEtag] = useState(started.etag);
  const [theirs, setTheirs] = useState<Versioned<Form> | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function submit(as = etag) {
    setBusy(true);
    setError(null);
    try {
      await save(form, as);
      onDone();
    } catch (caught) {
      if (!isTractionError(caught, 'PRECONDITION_FAILED')) setError(caught);
      else setTheirs(await reload().catch(() => (setError(caught), null)));
    } finally {
      setBusy(false);
    }
  }

  return {
    form, setForm: (part: Partial<Form>) => setForm((now) => ({ ...now, ...part })), error, busy, submit: () => void submit(), theirs,
    keepMine: () => {
      if (!theirs) return;
      setEtag(theirs.etag);
      setTheirs(null);
      void submit(theirs.etag);
    },
    takeTheirs: () => {
      if (!theirs) return;
      setForm(theirs.form);
      setEtag(theirs.etag);
      setTheirs(null);
    },
    back: () => setTheirs(null),
  };
}

interface ConflictProps<Form> {
  mine: Form;
  theirs: Form;
  /** Only fields that differ are shown. */
  fields: { label: string; show: (form: Form) => string }[];
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onBack: () => void;
}

export function ConflictDialog<Form>({ mine, theirs, fields, onKeepMine, onTakeTheirs, onBack }: ConflictProps<Form>) {
  const { conflict } = useStrings();
  const differing = fields.filter(({ show }) => show(mine) !== show(theirs));
  return (
    <Dialog title={conflict.title} onClose={onBack} onSubmit={onKeepMine} submit={conflict.keepMine} more={<Button onClick={onTakeTheirs}>{conflict.takeTheirs}</Button>}>
      <p>{conflict.text}</p>
      <table className="versions">
        <thead><tr><th scope="col">{conflict.field}</th><th scope="col">{conflict.mine}</th><th scope="col">{conflict.theirs}</th></tr></thead>
        <tbody>
          {differing.map(({ label, show }) => (
            <tr key={label}><th scope="row">{label}</th><td dir="auto">{show(mine)}</td><td dir="auto">{show(theirs)}</td></tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
