// One issue: reporting, editing, turning it into actions, closing it.
import { useState } from 'react';
import { isTractionError, type Model } from '@traction/client';
import { useChangeIssue, useCloseIssue, useConvertIssue, useCreateIssue, useEligibility, useIssue, useTypes, type Issue } from '../data/operations.js';
import { dayOf, useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { ConflictDialog, useEdit } from '../ui/conflict.js';
import { Dialog } from '../ui/dialog.js';
import { Badge, Button, ErrorNote, Loaded, Select, TextArea, TextField } from '../ui/parts.js';
import { PersonSelect } from '../ui/person.js';
import { toast } from '../ui/toasts.js';

interface IssueForm {
  title: string;
  description: string;
  typeConfigId: string;
  priority: string;
  assignedPersonId: string;
  dueDate: string;
}
const empty: IssueForm = { title: '', description: '', typeConfigId: '', priority: '', assignedPersonId: '', dueDate: '' };

const toForm = (issue: Issue): IssueForm => ({
  title: issue.title, description: issue.description ?? '', typeConfigId: issue.typeConfigId, priority: issue.priority ?? '', assignedPersonId: issue.assignedPersonId ?? '', dueDate: dayOf(issue.dueDate),
});
const toInput = ({ typeConfigId, ...form }: IssueForm): Model<'IssueInput'> => ({
  title: form.title, description: form.description || null, ...(typeConfigId ? { typeConfigId } : {}), priority: (form.priority || null) as NonNullable<Issue['priority']> | null,
  assignedPersonId: form.assignedPersonId || null, dueDate: form.dueDate || null,
});

function IssueFields({ form, onChange }: { form: IssueForm; onChange: (part: Partial<IssueForm>) => void }) {
  const { common, operations } = useStrings();
  const types = useTypes().data?.data ?? [];
  const type = form.typeConfigId || (types.find(({ isDefault }) => isDefault)?.id ?? '');
  return (
    <>
      <TextField label={common.title} required maxLength={200} dir="auto" value={form.title} onChange={(event) => onChange({ title: event.target.value })} />
      <TextArea label={common.description} maxLength={5000} dir="auto" value={form.description} onChange={(event) => onChange({ description: event.target.value })} />
      <div className="pair">
        <Select label={common.type} value={type} onChange={(event) => onChange({ typeConfigId: event.target.value })} options={types.map(({ id, name }) => [id, name])} />
        <Select label={common.priority} value={form.priority} onChange={(event) => onChange({ priority: event.target.value })} options={[['', common.none], ...Object.entries(operations.priorities)]} />
        <PersonSelect label={common.assignee} value={form.assignedPersonId} onChange={(assignedPersonId) => onChange({ assignedPersonId })} />
        <TextField type="date" label={common.due} value={form.dueDate} onChange={(event) => onChange({ dueDate: event.target.value })} />
      </div>
    </>
  );
}

export function NewIssue({ onClose }: { onClose: () => void }) {
  const { operations } = useStrings();
  const [form, setForm] = useState(empty);
  const create = useCreateIssue();
  return (
    <Dialog title={operations.newIssue} onClose={onClose} busy={create.isPending} error={create.error} onSubmit={() => create.mutate(toInput(form), { onSuccess: onClose })}>
      <IssueFields form={form} onChange={(part) => setForm({ ...form, ...part })} />
    </Dialog>
  );
}

function ConvertDialog({ issue, onClose }: { issue: Issue; onClose: () => void }) {
  const { operations } = useStrings();
  const [text, setText] = useState('');
  const convert = useConvertIssue(issue.id);
  const titles = text.split('\n').map((line) => line.trim()).filter(Boolean);
  return (
    <Dialog title={operations.convert} submit={operations.convert} onClose={onClose} busy={convert.isPending} error={convert.error}
      onSubmit={() => convert.mutate(titles, { onSuccess: ({ data }) => { toast(operations.converted(data.actionIds.length)); onClose(); } })}>
      <TextArea label={operations.actions} hint={operations.convertText} required rows={5} dir="auto" value={text} onChange={(event) => setText(event.target.value)} />
    </Dialog>
  );
}

function CloseDialog({ issue, onClose }: { issue: Issue; onClose: () => void }) {
  const { operations, common } = useStrings();
  const [reason, setReason] = useState('');
  const query = useEligibility(issue.id);
  const close = useCloseIssue(issue.id);
  const blocked = query.data?.data.canClose === false || isTractionError(close.error, 'DEPENDENCY_EXISTS');
  return (
    <Dialog title={operations.closeIssue} submit={blocked ? operations.closeAnyway : operations.closeIssue} danger={blocked} onClose={onClose} busy={close.isPending} error={close.error}
      onSubmit={() => close.mutate({ reason: reason || null, ...(blocked ? { force: true } : {}) }, { onSuccess: onClose })}>
      <Loaded query={query} room={2}>{({ data }) => (
        data.canClose ? null : (
          <div className="note bad" role="status">
            <p><strong>{operations.closeBlocked}.</strong></p>
            {data.reasons.map((text) => <p key={text}>{text}</p>)}
            <p>{operations.openActions}:</p>
            <ul className="bullets">{data.openActions.map((action) => <li key={action.id}><bdi>{action.title}</bdi> ({operations.actionStatuses[action.status]})</li>)}</ul>
          </div>
        )
      )}</Loaded>
      <TextArea label={common.reason} maxLength={2000} dir="auto" value={reason} onChange={(event) => setReason(event.target.value)} />
    </Dialog>
  );
}

function EditIssue({ issue, etag, reload, onClose }: { issue: Issue; etag: string | null; reload: () => Promise<{ form: IssueForm; etag: string | null }>; onClose: () => void }) {
  const { operations, common } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const [step, setStep] = useState<'convert' | 'close'>();
  const change = useChangeIssue(issue.id);
  const edit = useEdit<IssueForm>({ read: { form: toForm(issue), etag }, reload, onDone: onClose, save: (form, as) => change.mutateAsync({ body: toInput(form), etag: as }) });
  if (step === 'convert') return <ConvertDialog issue={issue} onClose={() => setStep(undefined)} />;
  if (step === 'close') return <CloseDialog issue={issue} onClose={onClose} />;
  if (edit.theirs) {
    const priorities: Record<string, string> = operations.priorities;
    const fields = [
      { label: common.title, show: (form: IssueForm) => form.title }, { label: common.description, show: (form: IssueForm) => form.description }, { label: common.priority, show: (form: IssueForm) => priorities[form.priority] ?? common.none },
      { label: common.assignee, show: (form: IssueForm) => form.assignedPersonId || common.nobody }, { label: common.due, show: (form: IssueForm) => format.day(form.dueDate) },
    ];
    return <ConflictDialog mine={edit.form} theirs={edit.theirs.form} fields={fields} onKeepMine={edit.keepMine} onTakeTheirs={edit.takeTheirs} onBack={edit.back} />;
  }
  const more = mayWrite && (
    <>
      <Button onClick={() => setStep('convert')}>{operations.convert}</Button>
      {issue.status.category !== 'closed' && <Button onClick={() => setStep('close')}>{operations.closeIssue}</Button>}
    </>
  );
  return (
    <Dialog title={operations.edit} onClose={onClose} {...(mayWrite ? { onSubmit: edit.submit } : {})} busy={edit.busy} error={edit.error} more={more}>
      <p className="small"><Badge>{issue.status.name}</Badge> {operations.reporter}: <bdi>{issue.reporterName ?? issue.reporterId}</bdi> · {format.day(issue.dateReported)}{issue.statusReason && <> · <bdi>{issue.statusReason}</bdi></>}</p>
      <fieldset disabled={!mayWrite}><IssueFields form={edit.form} onChange={edit.setForm} /></fieldset>
    </Dialog>
  );
}

export function IssueDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { operations } = useStrings();
  const query = useIssue(id);
  const reload = async () => {
    const { data } = await query.refetch({ throwOnError: true });
    return { form: toForm(data!.data), etag: data!.etag };
  };
  if (query.data) return <EditIssue issue={query.data.data} etag={query.data.etag} reload={reload} onClose={onClose} />;
  return query.error ? <Dialog title={operations.edit} onClose={onClose}><ErrorNote error={query.error} /></Dialog> : null;
}
