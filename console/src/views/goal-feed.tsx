// What happened to a goal, newest first, and adding to it.
import { useState, type FormEvent } from 'react';
import { useAddNote, useFeed } from '../data/goals.js';
import { useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { Badge, Button, Card, Empty, ErrorNote, TextArea, TextField } from '../ui/parts.js';
import { toastError } from '../ui/toasts.js';

interface Attachment { name: string; url: string }

// Addresses come from other people: only these open.
const isSafe = (url: string) => /^https?:\/\//i.test(url);
const Attached = ({ name, url }: Attachment) => (isSafe(url) ? <a href={url} target="_blank" rel="noreferrer noopener" dir="auto">{name}</a> : <span dir="auto">{name}</span>);

function NoteForm({ goalId }: { goalId: string }) {
  const { goals } = useStrings();
  const [note, setNote] = useState('');
  const [attachment, setAttachment] = useState<Attachment>();
  const add = useAddNote(goalId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ note, ...(attachment ? { attachments: [attachment] } : {}) }, { onSuccess: () => { setNote(''); setAttachment(undefined); }, onError: toastError });
  };
  return (
    <form className="note-form" onSubmit={submit}>
      <TextArea label={goals.note} required dir="auto" value={note} onChange={(event) => setNote(event.target.value)} />
      {attachment && (
        <div className="pair">
          <TextField label={goals.attachmentName} required dir="auto" value={attachment.name} onChange={(event) => setAttachment({ ...attachment, name: event.target.value })} />
          <TextField label={goals.attachmentUrl} required type="url" dir="ltr" value={attachment.url} onChange={(event) => setAttachment({ ...attachment, url: event.target.value })} />
        </div>
      )}
      <div className="buttons">
        <Button type="submit" kind="primary">{goals.addNote}</Button>
        <Button aria-pressed={Boolean(attachment)} onClick={() => setAttachment(attachment ? undefined : { name: '', url: '' })}>{goals.attachment}</Button>
      </div>
    </form>
  );
}

export function Feed({ goalId }: { goalId: string }) {
  const { goals } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const query = useFeed(goalId);
  const entries = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Card title={goals.feed} className="wide">
      {mayWrite && <NoteForm goalId={goalId} />}
      {query.error && !query.data && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && entries.length === 0 && <Empty text={goals.feedEmpty} />}
      <ol className="feed">
        {entries.map((entry) => (
          <li key={entry.id}>
            <p><Badge tone={entry.type === 'system' ? 'quiet' : 'info'}>{goals.feedTypes[entry.type]}</Badge> {entry.title && <strong dir="auto">{entry.title}</strong>}</p>
            <p dir="auto" className="text">{entry.text}</p>
            {entry.url && <p><Attached name={entry.url} url={entry.url} /></p>}
            {((entry.metadata?.attachments as Attachment[] | undefined) ?? []).map((attached, i) => <p key={i}><Attached {...attached} /></p>)}
            <p className="small"><bdi>{entry.userName ?? entry.userId}</bdi> · <time dateTime={entry.createdAt}>{format.moment(entry.createdAt)}</time></p>
          </li>
        ))}
      </ol>
      {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>{goals.loadMore}</Button>}
    </Card>
  );
}
