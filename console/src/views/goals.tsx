// All goals: search, filters, pages, and a new one.
import { useDeferredValue, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { GOALS_PER_PAGE, useCreateGoal, useGoals, type Goal, type GoalFilter } from '../data/goals.js';
import { useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { Dialog } from '../ui/dialog.js';
import { Badge, Bar, Button, Empty, Loaded, Select, TextField } from '../ui/parts.js';
import { goalTone } from '../ui/tones.js';
import { emptyGoal, GoalFields, toInput } from './goal-form.js';

const all: GoalFilter = { search: '', status: '', horizon: '', page: 1 };

function GoalRow({ goal }: { goal: Goal }) {
  const { goals, common } = useStrings();
  const format = useFormats();
  return (
    <li className="row">
      <div className="row-main">
        <Link href={`/goals/${goal.id}`} className="row-title"><bdi>{goal.title}</bdi></Link>
        <p className="small">
          <Badge tone={goalTone[goal.status]}>{goals.statuses[goal.status]}</Badge> {goals.horizons[goal.horizon]} · <bdi>{goal.ownerName ?? goal.ownerId}</bdi> · {common.due} {format.day(goal.dueDate)}
        </p>
      </div>
      <div className="row-side"><Bar value={goal.progress} label={`${common.progress}: ${goal.title}`} /><span className="figure">{format.percent(goal.progress)}</span></div>
    </li>
  );
}

function NewGoal({ onClose }: { onClose: () => void }) {
  const { goals } = useStrings();
  const claims = useClaims();
  const [form, setForm] = useState({ ...emptyGoal, ownerId: claims.userId });
  const create = useCreateGoal();
  const [, go] = useLocation();
  return (
    <Dialog title={goals.new} onClose={onClose} busy={create.isPending} error={create.error}
      onSubmit={() => create.mutate(toInput(form), { onSuccess: ({ data }) => { onClose(); go(`/goals/${data.id}`); } })}>
      <GoalFields form={form} onChange={(part) => setForm({ ...form, ...part })} />
    </Dialog>
  );
}

export default function Goals() {
  const { goals, common } = useStrings();
  const { mayWrite } = useClaims();
  const [filter, setFilter] = useState(all);
  const [creating, setCreating] = useState(false);
  const query = useGoals(useDeferredValue(filter));
  const change = (part: Partial<GoalFilter>) => setFilter({ ...filter, page: 1, ...part });
  const filtered = filter.search || filter.status || filter.horizon;
  return (
    <>
      <div className="title-row">
        <h1>{goals.title}</h1>
        {mayWrite && <Button kind="primary" onClick={() => setCreating(true)}>{goals.new}</Button>}
      </div>
      <div className="filters">
        <TextField type="search" label={common.search} value={filter.search} onChange={(event) => change({ search: event.target.value })} />
        <Select label={common.status} value={filter.status} onChange={(event) => change({ status: event.target.value as GoalFilter['status'] })} options={[['', common.all], ...Object.entries(goals.statuses)]} />
        <Select label={goals.horizon} value={filter.horizon} onChange={(event) => change({ horizon: event.target.value as GoalFilter['horizon'] })} options={[['', common.all], ...Object.entries(goals.horizons)]} />
      </div>
      <Loaded query={query} room={10}>{({ data, pagination }) => (
        data.length === 0
          ? filtered
            ? <Empty text={goals.noMatch}><Button onClick={() => setFilter(all)}>{goals.clear}</Button></Empty>
            : <Empty title={goals.empty} text={goals.emptyText}>{mayWrite && <Button kind="primary" onClick={() => setCreating(true)}>{goals.new}</Button>}</Empty>
          : <>
              <p className="small" role="status">{goals.total(pagination.total)}</p>
              <ul className="rows">{data.map((goal) => <GoalRow key={goal.id} goal={goal} />)}</ul>
              {pagination.total > GOALS_PER_PAGE && (
                <nav className="pages" aria-label={common.page(filter.page, pagination.totalPages)}>
                  <Button disabled={filter.page <= 1} onClick={() => setFilter({ ...filter, page: filter.page - 1 })}>{common.previous}</Button>
                  <span>{common.page(filter.page, pagination.totalPages)}</span>
                  <Button disabled={!pagination.hasNextPage} onClick={() => setFilter({ ...filter, page: filter.page + 1 })}>{common.next}</Button>
                </nav>
              )}
            </>
      )}</Loaded>
      {creating && <NewGoal onClose={() => setCreating(false)} />}
    </>
  );
}
