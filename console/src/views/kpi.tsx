// One KPI: its chart, milestones, measurements, and adjusting its plan.
import { lazy, Suspense, useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import type { Model } from '@traction/client';
import { useAddMilestone, useAdjust, useChangeKpi, useKpi, useRecord, useRemoveMilestone, useSeries, type AdjustStrategy, type Series } from '../data/kpis.js';
import { today, useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { ConflictDialog, useEdit, type Versioned } from '../ui/conflict.js';
import { Dialog } from '../ui/dialog.js';
import { Badge, Button, Card, Empty, Loaded, Select, TextArea, TextField, type Tone } from '../ui/parts.js';
import { kpiTone } from '../ui/tones.js';
import { toast, toastError } from '../ui/toasts.js';
import { KpiFields, toForm, toInput, type KpiForm } from './kpi-form.js';

const PlanChart = lazy(() => import('../ui/plan-chart.js'));
type Detail = Model<'KPIDetail'>;

function RecordForm({ id }: { id: string }) {
  const { kpis, common } = useStrings();
  const [value, setValue] = useState('');
  const [day, setDay] = useState(today());
  const record = useRecord(id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate({ actualValue: Number(value), measurementDate: day }, { onSuccess: () => { setValue(''); toast(kpis.recorded); }, onError: toastError });
  };
  return (
    <form className="add" onSubmit={submit} aria-label={kpis.record}>
      <TextField type="number" step="any" required label={common.value} value={value} onChange={(event) => setValue(event.target.value)} />
      <TextField type="date" required max={today()} label={common.date} value={day} onChange={(event) => setDay(event.target.value)} />
      <Button type="submit" kind="primary">{kpis.record}</Button>
    </form>
  );
}

function Measurements({ id, series }: { id: string; series: Series }) {
  const { kpis, common } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const newest = [...series.actuals].sort((a, b) => b.measurementDate.localeCompare(a.measurementDate));
  return (
    <Card title={kpis.measurements}>
      {mayWrite && <RecordForm id={id} />}
      {newest.length === 0 ? <Empty text={kpis.measurementsEmpty} /> : (
        <div className="scroll" tabIndex={0} role="group" aria-label={kpis.measurements}>
          <table>
            <thead><tr><th scope="col">{common.date}</th><th scope="col">{common.value}</th><th scope="col">{kpis.expected}</th><th scope="col">{kpis.variance}</th><th scope="col">{common.status}</th></tr></thead>
            <tbody>{newest.map((actual) => (
              <tr key={actual.id}>
                <th scope="row">{format.day(actual.measurementDate)}</th><td>{format.amount(actual.actualValue, series.kpi.unit)}</td><td>{format.amount(actual.expectedValue, series.kpi.unit)}</td><td>{format.percent(actual.variancePercentage)}</td>
                <td>{actual.performanceStatus ? <Badge tone={kpiTone[actual.performanceStatus]}>{kpis.performance[actual.performanceStatus]}</Badge> : kpis[actual.actualSubtype === 'Estimate' ? 'estimate' : 'measured']}</td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

const milestoneTone: Record<string, Tone> = { not_started: 'quiet', in_progress: 'info', achieved: 'good', missed: 'bad' };

function Milestones({ id, series }: { id: string; series: Series }) {
  const { kpis, common } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const [day, setDay] = useState('');
  const [value, setValue] = useState('');
  const add = useAddMilestone(id);
  const remove = useRemoveMilestone(id);
  const [adjusting, setAdjusting] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ milestoneDate: day, targetValue: Number(value) }, { onSuccess: () => { setDay(''); setValue(''); }, onError: toastError });
  };
  return (
    <Card title={kpis.milestones} actions={mayWrite && series.targets.length > 0 && <Button onClick={() => setAdjusting(true)}>{kpis.adjust}</Button>}>
      {series.targets.length === 0 ? <Empty text={kpis.milestonesEmpty} /> : (
        <table>
          <thead><tr><th scope="col">{common.date}</th><th scope="col">{common.value}</th><th scope="col">{common.status}</th>{mayWrite && <th scope="col"><span className="unseen">{common.remove}</span></th>}</tr></thead>
          <tbody>{series.targets.map((target) => (
            <tr key={target.id}>
              <th scope="row">{format.day(target.milestoneDate)}{target.label && <span className="small"> <bdi>{target.label}</bdi></span>}</th><td>{format.amount(target.targetValue, series.kpi.unit)}</td>
              <td><Badge tone={milestoneTone[target.status]}>{kpis.milestoneStatuses[target.status]}</Badge></td>
              {mayWrite && <td><button type="button" className="icon" aria-label={`${common.remove}: ${format.day(target.milestoneDate)}`} onClick={() => remove.mutate(target.id, { onError: toastError })}><span aria-hidden="true">×</span></button></td>}
            </tr>
          ))}</tbody>
        </table>
      )}
      {mayWrite && (
        <form className="add" onSubmit={submit} aria-label={kpis.newMilestone}>
          <TextField type="date" required label={common.date} value={day} onChange={(event) => setDay(event.target.value)} />
          <TextField type="number" step="any" required label={common.value} value={value} onChange={(event) => setValue(event.target.value)} />
          <Button type="submit">{kpis.newMilestone}</Button>
        </form>
      )}
      {adjusting && <AdjustDialog id={id} series={series} onClose={() => setAdjusting(false)} />}
    </Card>
  );
}

function AdjustDialog({ id, series, onClose }: { id: string; series: Series; onClose: () => void }) {
  const { kpis, common } = useStrings();
  const format = useFormats();
  const [strategy, setStrategy] = useState<AdjustStrategy>('maintain_final_goal');
  const [rationale, setRationale] = useState('');
  const adjust = useAdjust(id);
  const preview = useAdjust(id);
  const shown = preview.data?.data.adjustment;
  const after = new Map(shown?.newMilestones.map((one) => [one.milestoneDate, one.targetValue]));
  return (
    <Dialog title={kpis.adjust} submit={kpis.apply} onClose={onClose} busy={adjust.isPending} error={adjust.error ?? preview.error}
      onSubmit={() => adjust.mutate({ strategy, rationale, preview: false }, { onSuccess: onClose })}
      more={<Button aria-disabled={!rationale} onClick={() => rationale && preview.mutate({ strategy, rationale, preview: true })}>{kpis.preview}</Button>}>
      <p>{kpis.adjustText}</p>
      <Select label={kpis.strategy} value={strategy} options={Object.entries(kpis.strategies)} onChange={(event) => { setStrategy(event.target.value as AdjustStrategy); preview.reset(); }} />
      <TextArea label={kpis.rationale} required maxLength={1000} dir="auto" value={rationale} onChange={(event) => setRationale(event.target.value)} />
      {shown && (
        <table aria-label={kpis.preview}>
          <thead><tr><th scope="col">{common.date}</th><th scope="col">{kpis.before}</th><th scope="col">{kpis.after}</th></tr></thead>
          <tbody>{series.targets.map((target) => (
            <tr key={target.id}><th scope="row">{format.day(target.milestoneDate)}</th><td>{format.amount(target.targetValue, series.kpi.unit)}</td><td>{format.amount(after.get(target.milestoneDate) ?? target.targetValue, series.kpi.unit)}</td></tr>
          ))}</tbody>
        </table>
      )}
    </Dialog>
  );
}

function EditDialog({ kpi, etag, reload, onClose }: { kpi: Detail; etag: string | null; reload: () => Promise<Versioned<KpiForm>>; onClose: () => void }) {
  const { common, kpis } = useStrings();
  const change = useChangeKpi(kpi.id);
  const edit = useEdit<KpiForm>({ read: { form: toForm(kpi), etag }, reload, onDone: onClose, save: (form, as) => change.mutateAsync({ body: toInput(form), etag: as }) });
  if (edit.theirs) {
    const fields = ([['name', common.name], ['description', common.description], ['category', common.category], ['unit', common.unit], ['direction', kpis.direction], ['baselineValue', kpis.baseline], ['targetValue', kpis.target]] as const)
      .map(([key, label]) => ({ label, show: (form: KpiForm) => form[key] }));
    return <ConflictDialog mine={edit.form} theirs={edit.theirs.form} fields={fields} onKeepMine={edit.keepMine} onTakeTheirs={edit.takeTheirs} onBack={edit.back} />;
  }
  return <Dialog title={common.edit} onClose={onClose} onSubmit={edit.submit} busy={edit.busy} error={edit.error}><KpiFields form={edit.form} onChange={edit.setForm} /></Dialog>;
}

function Head({ kpi, etag, reload }: { kpi: Detail; etag: string | null; reload: () => Promise<Versioned<KpiForm>> }) {
  const { kpis, common } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const [editing, setEditing] = useState(false);
  return (
    <header className="goal-head">
      <p className="crumbs"><Link href="/kpis">{kpis.title}</Link></p>
      <div className="title-row"><h1 dir="auto">{kpi.name}</h1>{mayWrite && <Button onClick={() => setEditing(true)}>{common.edit}</Button>}</div>
      {kpi.description && <p className="intent" dir="auto">{kpi.description}</p>}
      <dl className="counts">
        <div><dt>{kpis.current}</dt><dd>{format.amount(kpi.currentValue, kpi.unit)}</dd></div><div><dt>{kpis.target}</dt><dd>{format.amount(kpi.targetValue, kpi.unit)}</dd></div>
        <div><dt>{kpis.baseline}</dt><dd>{format.amount(kpi.baselineValue, kpi.unit)}</dd></div><div><dt>{kpis.direction}</dt><dd>{kpis.directions[kpi.direction]}</dd></div>
      </dl>
      {kpi.linkedGoals.length > 0 && <p>{kpis.linkedGoals}: {kpi.linkedGoals.map((goal, i) => <span key={goal.linkId}>{i > 0 && ', '}<Link href={`/goals/${goal.goalId}`}><bdi>{goal.goalName}</bdi></Link></span>)}</p>}
      {editing && <EditDialog kpi={kpi} etag={etag} reload={reload} onClose={() => setEditing(false)} />}
    </header>
  );
}

export default function Kpi({ id }: { id: string }) {
  const { kpis } = useStrings();
  const query = useKpi(id);
  const series = useSeries(id);
  const reload = async () => {
    const { data } = await query.refetch({ throwOnError: true });
    return { form: toForm(data!.data), etag: data!.etag };
  };
  return (
    <Loaded query={query} room={6}>{({ data, etag }) => (
      <>
        <Head kpi={data} etag={etag} reload={reload} />
        <Loaded query={series} room={10}>{({ data: shown }) => (
          <>
            <Card title={kpis.chart}><div className="chart-room large"><Suspense><PlanChart series={shown} height={260} table /></Suspense></div></Card>
            <div className="grid two"><Measurements id={id} series={shown} /><Milestones id={id} series={shown} /></div>
          </>
        )}</Loaded>
      </>
    )}</Loaded>
  );
}
