// A goal's KPIs: how far each is, its chart, and linking another.
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { useAvailableKpis, useLinkKpi, useSetThreshold, useUnlinkKpi, type Goal, type GoalKpi } from '../data/goals.js';
import { useSeries } from '../data/kpis.js';
import { useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { Dialog } from '../ui/dialog.js';
import { Badge, Bar, Button, Card, Empty, Field, Loaded, TextField } from '../ui/parts.js';
import { toastError } from '../ui/toasts.js';

const PlanChart = lazy(() => import('../ui/plan-chart.js'));

function Kpi({ link, goalId }: { link: GoalKpi; goalId: string }) {
  const { goals, kpis, overview } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const [threshold, setThreshold] = useState<string>();
  const set = useSetThreshold(goalId);
  const unlink = useUnlinkKpi(goalId);
  const series = useSeries(link.kpiId);
  const commit = () => {
    if (threshold !== undefined && threshold !== '' && Number(threshold) !== link.thresholdPct) set.mutate({ kpiId: link.kpiId, thresholdPct: Number(threshold) }, { onError: toastError });
    setThreshold(undefined);
  };
  return (
    <li className="goal-kpi">
      <p><Link href={`/kpis/${link.kpiId}`} className="row-title"><bdi>{link.name}</bdi></Link> {link.isPrimary && <Badge tone="info">{goals.primary}</Badge>} <Badge tone={link.onTrack ? 'good' : 'warn'}>{link.onTrack ? overview.onTrack : goals.below}</Badge></p>
      <div className="measure"><span><bdi>{format.number(link.currentValue)} / {format.amount(link.targetValue, link.unit)}</bdi></span><Bar value={link.progress} label={link.name} /><span className="figure">{format.percent(link.progress)}</span></div>
      <div className="chart-room">
        {series.data && <Suspense><PlanChart series={series.data.data} height={140} /></Suspense>}
      </div>
      {mayWrite && (
        <div className="inline">
          <TextField type="number" min={0} max={100} step="any" label={`${goals.threshold} (${goals.thresholdHint})`} value={threshold ?? String(link.thresholdPct)}
            onChange={(event) => setThreshold(event.target.value)} onBlur={commit} onKeyDown={(event) => event.key === 'Enter' && commit()} />
          <Button onClick={() => unlink.mutate(link.kpiId, { onError: toastError })} aria-label={`${goals.unlink}: ${link.name}`}>{goals.unlink}</Button>
        </div>
      )}
      {!mayWrite && <p className="small">{kpis.target}: {format.amount(link.targetValue, link.unit)}</p>}
    </li>
  );
}

function LinkDialog({ goalId, onClose }: { goalId: string; onClose: () => void }) {
  const { goals, kpis } = useStrings();
  const [kpiId, setKpiId] = useState('');
  const [target, setTarget] = useState('');
  const query = useAvailableKpis(goalId, true);
  const link = useLinkKpi(goalId);
  return (
    <Dialog title={goals.link} submit={goals.link} onClose={onClose} busy={link.isPending} error={link.error}
      onSubmit={() => link.mutate({ kpiId, ...(target ? { targetValue: Number(target) } : {}) }, { onSuccess: onClose })}>
      <Loaded query={query} room={2}>{({ data }) => (
        <Field label={kpis.title}>{(id) => (
          <select {...id} required value={kpiId} onChange={(event) => setKpiId(event.target.value)}>
            <option value="" />
            {([[goals.own, data.tenantCustomKpis], [goals.fromCatalogue, data.catalogKpis]] as const).map(([label, items]) => (
              <optgroup key={label} label={label}>
                {items.filter(({ usageInfo }) => !usageInfo.isUsedByThisGoal).map((item) => <option key={item.id} value={item.id}>{item.name}{item.unit ? ` (${item.unit})` : ''}</option>)}
              </optgroup>
            ))}
          </select>
        )}</Field>
      )}</Loaded>
      <TextField type="number" step="any" label={kpis.target} value={target} onChange={(event) => setTarget(event.target.value)} />
    </Dialog>
  );
}

export function GoalKpis({ goal }: { goal: Goal }) {
  const { goals } = useStrings();
  const { mayWrite } = useClaims();
  const [linking, setLinking] = useState(false);
  return (
    <Card title={goals.kpis} actions={mayWrite && <Button onClick={() => setLinking(true)}>{goals.link}</Button>}>
      {goal.kpis.length === 0 && <Empty text={goals.kpisEmpty} />}
      <ul className="goal-kpis">{goal.kpis.map((link) => <Kpi key={link.id} link={link} goalId={goal.id} />)}</ul>
      {linking && <LinkDialog goalId={goal.id} onClose={() => setLinking(false)} />}
    </Card>
  );
}
