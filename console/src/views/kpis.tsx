// All KPIs with how they stand, and a new one.
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useCreateKpi, useTracker, type TrackedKpi } from '../data/kpis.js';
import { useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { Dialog } from '../ui/dialog.js';
import { Badge, Bar, Button, Empty, Loaded, Select, TextField } from '../ui/parts.js';
import { kpiTone } from '../ui/tones.js';
import { emptyKpi, KpiFields, toInput } from './kpi-form.js';

function Row({ kpi }: { kpi: TrackedKpi }) {
  const { kpis } = useStrings();
  const format = useFormats();
  return (
    <tr>
      <th scope="row"><Link href={`/kpis/${kpi.kpiId}`}><bdi>{kpi.name}</bdi></Link><span className="small"> <bdi>{kpi.category}</bdi></span></th>
      <td><Badge tone={kpiTone[kpi.status]}>{kpis.statuses[kpi.status]}</Badge></td>
      <td>{format.amount(kpi.currentValue, kpi.unit)}</td>
      <td>{format.amount(kpi.targetValue, kpi.unit)}</td>
      <td className="progress-cell"><Bar value={kpi.progress} label={kpi.name} /></td>
      <td>{kpi.goalLinks.map((link, i) => <span key={link.linkId}>{i > 0 && ', '}<Link href={`/goals/${link.goalId}`}><bdi>{link.goalTitle}</bdi></Link></span>)}</td>
    </tr>
  );
}

function NewKpi({ onClose }: { onClose: () => void }) {
  const { kpis } = useStrings();
  const [form, setForm] = useState(emptyKpi);
  const create = useCreateKpi();
  const [, go] = useLocation();
  return (
    <Dialog title={kpis.new} onClose={onClose} busy={create.isPending} error={create.error}
      onSubmit={() => create.mutate(toInput(form), { onSuccess: ({ data }) => { onClose(); go(`/kpis/${data.id}`); } })}>
      <KpiFields form={form} onChange={(part) => setForm({ ...form, ...part })} />
    </Dialog>
  );
}

export default function Kpis() {
  const { kpis, common, goals, overview } = useStrings();
  const format = useFormats();
  const { mayWrite } = useClaims();
  const [status, setStatus] = useState<TrackedKpi['status'] | ''>('');
  const [search, setSearch] = useState('');
  const [creating, setCreating] = useState(false);
  const query = useTracker(status);
  const isFound = ({ name, category }: TrackedKpi) => `${name} ${category ?? ''}`.toLocaleLowerCase().includes(search.toLocaleLowerCase());
  return (
    <>
      <div className="title-row">
        <h1>{kpis.title}</h1>
        {mayWrite && <Button kind="primary" onClick={() => setCreating(true)}>{kpis.new}</Button>}
      </div>
      <div className="filters">
        <TextField type="search" label={common.search} value={search} onChange={(event) => setSearch(event.target.value)} />
        <Select label={common.status} value={status} onChange={(event) => setStatus(event.target.value as TrackedKpi['status'])} options={[['', common.all], ...Object.entries(kpis.statuses)]} />
      </div>
      <Loaded query={query} room={10}>{({ data }) => {
        const shown = data.kpis.filter(isFound);
        const { onTrack, atRisk, behind, noData } = data.summary.statusBreakdown;
        if (shown.length === 0) return search || status ? <Empty text={goals.noMatch} /> : <Empty title={kpis.empty} text={kpis.emptyText} />;
        return (
          <>
            <p className="facts">
              {kpis.health}: <strong>{format.number(Math.round(data.healthScore))}</strong> {overview.of100} · {([['on_track', onTrack], ['behind', behind], ['at_risk', atRisk], ['no_data', noData]] as const).map(([name, count]) => (
                <span key={name}><Badge tone={kpiTone[name]}>{kpis.statuses[name]} {format.number(count)}</Badge> </span>
              ))}
            </p>
            <div className="card scroll" tabIndex={0} role="group" aria-label={kpis.title}>
              <table>
                <thead><tr><th scope="col">{common.name}</th><th scope="col">{common.status}</th><th scope="col">{kpis.current}</th><th scope="col">{kpis.target}</th><th scope="col">{common.progress}</th><th scope="col">{goals.title}</th></tr></thead>
                <tbody>{shown.map((kpi) => <Row key={kpi.kpiId} kpi={kpi} />)}</tbody>
              </table>
            </div>
          </>
        );
      }}</Loaded>
      {creating && <NewKpi onClose={() => setCreating(false)} />}
    </>
  );
}
