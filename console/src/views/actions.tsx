// Actions as a list, and as the week they are due in.
import { useDeferredValue, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { ACTIONS_PER_PAGE, useAction, useActions, useChangeAction, useCreateAction, useSetActionStatus, type Action, type ActionFilter } from '../data/operations.js';
import { dayOf, today, useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import type { Model } from '@traction/client';
import { ConflictDialog, useEdit } from '../ui/conflict.js';
import { Dialog } from '../ui/dialog.js';
import { Badge, Button, Empty, ErrorNote, Loaded, Select, TextArea, TextField } from '../ui/parts.js';
import { PersonSelect } from '../ui/person.js';
import { actionTone, priorityTone } from '../ui/tones.js';
import { toastError } from '../ui/toasts.js';

const isOpen = ({ status }: Action) => status !== 'completed' && status !== 'cancelled';
const isLate = (action: Action) => isOpen(action) && action.dueDate !== null && dayOf(action.dueDate) < today();

interface ActionForm { title: string; description: string; status: Action['status']; priority: Action['priority']; assignedPersonId: string; startDate: string; dueDate: string }
const empty: ActionForm = { title: '', description: '', status: 'not_started', priority: 'medium', assignedPersonId: '', startDate: '', dueDate: '' };
const toForm = (action: Action): ActionForm => ({
  title: action.title, description: action.description ?? '', status: action.status, priority: action.priority, assignedPersonId: action.assignedPersonId ?? '', startDate: dayOf(action.startDate), dueDate: dayOf(action.dueDate),
});
const toInput = (form: ActionForm): Model<'ActionInput'> => ({
  ...form, description: form.description || null, assignedPersonId: form.assignedPersonId || null, startDate: form.startDate || null, dueDate: form.dueDate || null,
});

function ActionFields({ form, onChange }: { form: ActionForm; onChange: (part: Partial<ActionForm>) => void }) {
  const { common, operations } = useStrings();
  return (
    <>
      <TextField label={common.title} required maxLength={200} dir="auto" value={form.title} onChange={(event) => onChange({ title: event.target.value })} />
      <TextArea label={common.description} maxLength={5000} dir="auto" value={form.description} onChange={(event) => onChange({ description: event.target.value })} />
      <div className="pair">
        <Select label={common.status} value={form.status} onChange={(event) => onChange({ status: event.target.value as Action['status'] })} options={Object.entries(operations.actionStatuses)} />
        <Select label={common.priority} value={form.priority} onChange={(event) => onChange({ priority: event.target.value as Action['priority'] })} options={Object.entries(operations.priorities)} />
        <TextField type="date" label={common.start} value={form.startDate} onChange={(event) => onChange({ startDate: event.target.value })} />
        <TextField type="date" label={common.due} value={form.dueDate} onChange={(event) => onChange({ dueDate: event.target.value })} />
      </div>
      <PersonSelect label={common.assignee} value={form.assignedPersonId} onChange={(assignedPersonId) => onChange({ assignedPersonId })} />
    </>
  );
}

function NewAction({ onClose }: { onClose: () => void }) {
  const { operations } = useStrings();
  const [form, setForm] = useState(empty);
  const create = useCreateAction();
  return (
    <Dialog title={operations.newAction} onClose={onClose} busy={create.isPending} error={create.error} onSubmit={() => create.mutate(toInput(form), { onSuccess: onClose })}>
      <ActionFields form={form} onChange={(part) => setForm({ ...form, ...part })} />
    </Dialog>
  );
}

function EditAction({ action, etag, reload, onClose }: { action: Action; etag: string | null; reload: () => Promise<{ form: ActionForm; etag: string | null }>; onClose: () => void }) {
  const { operations, common } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const change = useChangeAction(action.id);
  const edit = useEdit<ActionForm>({ read: { form: toForm(action), etag }, reload, onDone: onClose, save: (form, as) => change.mutateAsync({ body: toInput(form), etag: as }) });
  if (edit.theirs) {
    const fields = [
      { label: common.title, show: (form: ActionForm) => form.title }, { label: common.description, show: (form: ActionForm) => form.description }, { label: common.status, show: (form: ActionForm) => operations.actionStatuses[form.status] },
      { label: common.priority, show: (form: ActionForm) => operations.priorities[form.priority] }, { label: common.assignee, show: (form: ActionForm) => form.assignedPersonId || common.nobody },
      { label: common.start, show: (form: ActionForm) => format.day(form.startDate) }, { label: common.due, show: (form: ActionForm) => format.day(form.dueDate) },
    ];
    return <ConflictDialog mine={edit.form} theirs={edit.theirs.form} fields={fields} onKeepMine={edit.keepMine} onTakeTheirs={edit.takeTheirs} onBack={edit.back} />;
  }
  return (
    <Dialog title={operations.editAction} onClose={onClose} {...(mayWrite ? { onSubmit: edit.submit } : {})} busy={edit.busy} error={edit.error}>
      <fieldset disabled={!mayWrite}><ActionFields form={edit.form} onChange={edit.setForm} /></fieldset>
    </Dialog>
  );
}

function ActionDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { operations } = useStrings();
  const query = useAction(id);
  const reload = async () => {
    const { data } = await query.refetch({ throwOnError: true });
    return { form: toForm(data!.data), etag: data!.etag };
  };
  if (query.data) return <EditAction action={query.data.data} etag={query.data.etag} reload={reload} onClose={onClose} />;
  return query.error ? <Dialog title={operations.editAction} onClose={onClose}><ErrorNote error={query.error} /></Dialog> : null;
}

function ActionRow({ action }: { action: Action }) {
  const { operations, common } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const set = useSetActionStatus();
  return (
    <li className="row">
      <div className="row-main">
        <Link href={`/actions/${action.id}`} className="row-title"><bdi>{action.title}</bdi></Link>
        <p className="small">
          <Badge tone={priorityTone[action.priority]}>{operations.priorities[action.priority]}</Badge> <bdi>{action.assignedPersonName ?? action.assignedPersonId ?? common.nobody}</bdi> · {common.due} {format.day(action.dueDate)} {isLate(action) && <Badge tone="bad">{common.overdue}</Badge>}
        </p>
      </div>
      {mayWrite
        ? <select aria-label={`${common.status}: ${action.title}`} value={action.status} onChange={(event) => set.mutate({ actionId: action.id, status: event.target.value as Action['status'] }, { onError: toastError })}>
            {Object.entries(operations.actionStatuses).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
          </select>
        : <Badge tone={actionTone[action.status]}>{operations.actionStatuses[action.status]}</Badge>}
    </li>
  );
}

// Monday of the week that is `weeks` from this one, in UTC.
function weekDays(weeks: number): Date[] {
  const now = new Date(`${today()}T00:00:00Z`);
  const monday = now.getTime() - ((now.getUTCDay() + 6) % 7) * 86400000 + weeks * 7 * 86400000;
  return Array.from({ length: 7 }, (_, i) => new Date(monday + i * 86400000));
}

function Week({ filter }: { filter: Omit<ActionFilter, 'page'> }) {
  const { operations, common } = useStrings();
  const format = useFormats();
  const [weeks, setWeeks] = useState(0);
  const days = weekDays(weeks).map((date) => ({ date, day: date.toISOString().slice(0, 10) }));
  const [first, last] = [days[0]!.day, days[6]!.day];
  const query = useActions({ ...filter, from: first, to: last, page: 1 });
  // On the day it is due, or else on the day it starts.
  const dayFor = (action: Action) => (action.dueDate && dayOf(action.dueDate) <= last ? dayOf(action.dueDate) : dayOf(action.startDate));
  return (
    <>
      <nav className="pages" aria-label={operations.week}>
        <Button onClick={() => setWeeks(weeks - 1)}>{common.previous}</Button>
        <span>{operations.weekOf(format.day(first), format.day(last))}</span>
        <Button onClick={() => setWeeks(weeks + 1)}>{common.next}</Button>
      </nav>
      <Loaded query={query} room={6}>{({ data }) => (
        <div className="week">
          {days.map(({ date, day }) => (
            <section key={day} className={`day ${day === today() ? 'now' : ''}`} aria-label={format.weekday(date)}>
              <h2>{format.weekday(date)}</h2>
              <ul>
                {data.filter((action) => dayFor(action) === day).map((action) => (
                  <li key={action.id}><Link href={`/actions/${action.id}`}><bdi>{action.title}</bdi></Link><br /><Badge tone={isLate(action) ? 'bad' : actionTone[action.status]}>{isLate(action) ? common.overdue : operations.actionStatuses[action.status]}</Badge></li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}</Loaded>
    </>
  );
}

function List({ filter }: { filter: Omit<ActionFilter, 'page'> }) {
  const { operations, goals, common } = useStrings();
  const [page, setPage] = useState(1);
  const query = useActions({ ...filter, page });
  return (
    <Loaded query={query} room={10}>{({ data, pagination }) => (
      data.length === 0
        ? <Empty {...(filter.search || filter.status ? { text: goals.noMatch } : { title: operations.emptyActions, text: operations.emptyActionsText })} />
        : <>
            <ul className="rows">{data.map((action) => <ActionRow key={action.id} action={action} />)}</ul>
            {pagination.total > ACTIONS_PER_PAGE && (
              <nav className="pages" aria-label={common.page(page, pagination.totalPages)}>
                <Button disabled={page <= 1} onClick={() => setPage(page - 1)}>{common.previous}</Button>
                <span>{common.page(page, pagination.totalPages)}</span>
                <Button disabled={!pagination.hasNextPage} onClick={() => setPage(page + 1)}>{common.next}</Button>
              </nav>
            )}
          </>
    )}</Loaded>
  );
}

export default function Actions({ id }: { id?: string }) {
  const { operations, common } = useStrings();
  const { mayWrite } = useClaims();
  const [shown, setShown] = useState<'list' | 'week'>('list');
  const [filter, setFilter] = useState<Omit<ActionFilter, 'page'>>({ search: '', status: '' });
  const [creating, setCreating] = useState(false);
  const [, go] = useLocation();
  const wanted = useDeferredValue(filter);
  return (
    <>
      <div className="title-row">
        <h1>{operations.actions}</h1>
        <div className="buttons">
          {(['list', 'week'] as const).map((one) => <Button key={one} aria-pressed={shown === one} onClick={() => setShown(one)}>{operations[one]}</Button>)}
          {mayWrite && <Button kind="primary" onClick={() => setCreating(true)}>{operations.newAction}</Button>}
        </div>
      </div>
      <div className="filters">
        <TextField type="search" label={common.search} value={filter.search} onChange={(event) => setFilter({ ...filter, search: event.target.value })} />
        <Select label={common.status} value={filter.status} onChange={(event) => setFilter({ ...filter, status: event.target.value as ActionFilter['status'] })} options={[['', common.all], ...Object.entries(operations.actionStatuses)]} />
      </div>
      {shown === 'list' ? <List key={JSON.stringify(wanted)} filter={wanted} /> : <Week filter={wanted} />}
      {creating && <NewAction onClose={() => setCreating(false)} />}
      {id && <ActionDialog key={id} id={id} onClose={() => go('/actions')} />}
    </>
  );
}
