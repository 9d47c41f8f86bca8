// One goal: what it is, what can be done with it, its strategies, KPIs and feed.
import { useState } from 'react';
import { Link } from 'wouter';
import { isTractionError } from '@traction/client';
import { useChangeGoal, useGoal, useMoveGoal, type Goal as GoalData, type Verb } from '../data/goals.js';
import { useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { ConflictDialog, useEdit, type Versioned } from '../ui/conflict.js';
import { Dialog } from '../ui/dialog.js';
import { Badge, Bar, Button, Empty, Loaded, TextArea } from '../ui/parts.js';
import { goalTone } from '../ui/tones.js';
import { toast, toastError } from '../ui/toasts.js';
import { Feed } from './goal-feed.js';
import { GoalFields, toForm, toInput, type GoalForm } from './goal-form.js';
import { GoalKpis } from './goal-kpis.js';
import { Strategies } from './goal-strategies.js';

function MoveDialog({ goal, verb, onClose }: { goal: GoalData; verb: Verb; onClose: () => void }) {
  const { goals } = useStrings();
  const [reason, setReason] = useState('');
  const move = useMoveGoal(goal.id);
  const submit = () => move.mutate({ verb, reason: reason.trim() || null }, { onSuccess: ({ data }) => { toast(`${goals.moved}: ${goals.statuses[data.status]}`); onClose(); } });
  return (
    <Dialog title={goals.verbs[verb]} submit={goals.verbs[verb]} danger={verb === 'cancel'} onClose={onClose} onSubmit={submit} busy={move.isPending} error={move.error}>
      <TextArea label={goals.why(goals.verbs[verb])} dir="auto" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={2000} />
    </Dialog>
  );
}

function EditDialog({ goal, etag, reload, onClose }: { goal: GoalData; etag: string | null; reload: () => Promise<Versioned<GoalForm>>; onClose: () => void }) {
  const { goals, common } = useStrings();
  const format = useFormats();
  const change = useChangeGoal(goal.id);
  const edit = useEdit<GoalForm>({
    read: { form: toForm(goal), etag }, reload, onDone: onClose,
    save: (form, as) => change.mutateAsync({ body: toInput(form), etag: as }),
  });
  if (edit.theirs) {
    const fields = [
      { label: common.title, show: (form: GoalForm) => form.title }, { label: goals.intent, show: (form: GoalForm) => form.intent },
      { label: common.owner, show: (form: GoalForm) => form.ownerId }, { label: goals.horizon, show: (form: GoalForm) => goals.horizons[form.horizon] },
      { label: common.start, show: (form: GoalForm) => format.day(form.startDate) }, { label: common.due, show: (form: GoalForm) => format.day(form.dueDate) },
    ];
    return <ConflictDialog mine={edit.form} theirs={edit.theirs.form} fields={fields} onKeepMine={edit.keepMine} onTakeTheirs={edit.takeTheirs} onBack={edit.back} />;
  }
  return (
    <Dialog title={goals.edit} onClose={onClose} onSubmit={edit.submit} busy={edit.busy} error={edit.error}>
      <GoalFields form={edit.form} onChange={edit.setForm} />
    </Dialog>
  );
}

function Head({ goal, etag, reload }: { goal: GoalData; etag: string | null; reload: () => Promise<Versioned<GoalForm>> }) {
  const { goals, common } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const [verb, setVerb] = useState<Verb>();
  const [editing, setEditing] = useState(false);
  const move = useMoveGoal(goal.id);
  // Going on needs no reason; stopping does.
  const start = (wanted: Verb) => (wanted === 'activate' ? move.mutate({ verb: wanted, reason: null }, { onError: toastError }) : setVerb(wanted));
  return (
    <header className="goal-head">
      <p className="crumbs"><Link href="/goals">{goals.title}</Link></p>
      <h1 dir="auto">{goal.title}</h1>
      {goal.intent && <p className="intent" dir="auto">{goal.intent}</p>}
      <p className="facts">
        <Badge tone={goalTone[goal.status]}>{goals.statuses[goal.status]}</Badge> {goals.horizons[goal.horizon]} · {common.owner}: <bdi>{goal.ownerName ?? goal.ownerId}</bdi> · {common.due} {format.day(goal.dueDate)}
      </p>
      <div className="measure big-bar"><span>{common.progress}</span><Bar value={goal.progress} label={common.progress} /><span className="figure">{format.percent(goal.progress)}</span></div>
      {mayWrite && (
        <div className="buttons">
          {(goal.allowedTransitions as Verb[]).map((allowed) => (
            <Button key={allowed} kind={allowed === 'cancel' ? 'danger' : 'primary'} onClick={() => start(allowed)}>{goals.verbs[allowed]}</Button>
          ))}
          <Button onClick={() => setEditing(true)}>{common.edit}</Button>
        </div>
      )}
      {verb && <MoveDialog goal={goal} verb={verb} onClose={() => setVerb(undefined)} />}
      {editing && <EditDialog goal={goal} etag={etag} reload={reload} onClose={() => setEditing(false)} />}
    </header>
  );
}

export default function Goal({ id }: { id: string }) {
  const { goals, common } = useStrings();
  const query = useGoal(id);
  if (isTractionError(query.error, 'GOAL_NOT_FOUND')) return <Empty text={goals.deleted}><Link href="/goals" className="button">{common.back}</Link></Empty>;
  const reload = async () => {
    const { data } = await query.refetch({ throwOnError: true });
    return { form: toForm(data!.data), etag: data!.etag };
  };
  return (
    <Loaded query={query} room={8}>{({ data, etag }) => (
      <>
        <Head goal={data} etag={etag} reload={reload} />
        <div className="grid two">
          <Strategies goal={data} />
          <GoalKpis goal={data} />
          <Feed goalId={id} />
        </div>
      </>
    )}</Loaded>
  );
}
