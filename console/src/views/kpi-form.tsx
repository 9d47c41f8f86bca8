// The fields of a KPI, for making and for editing one.
import type { Model } from '@traction/client';
import { useStrings } from '../preferences.js';
import { Select, TextArea, TextField } from '../ui/parts.js';

export interface KpiForm { name: string; description: string; category: string; unit: string; direction: 'up' | 'down'; baselineValue: string; targetValue: string }
export const emptyKpi: KpiForm = { name: '', description: '', category: '', unit: '', direction: 'up', baselineValue: '', targetValue: '' };

const text = (value: number | null) => (value === null ? '' : String(value));
const number = (value: string) => (value === '' ? null : Number(value));
export const toForm = (kpi: Model<'KPIDetail'>): KpiForm => ({
  name: kpi.name, description: kpi.description ?? '', category: kpi.category ?? '', unit: kpi.unit ?? '', direction: kpi.direction, baselineValue: text(kpi.baselineValue), targetValue: text(kpi.targetValue),
});
export const toInput = (form: KpiForm): Model<'KPIInput'> => ({
  ...form, description: form.description || null, category: form.category || null, unit: form.unit || null, baselineValue: number(form.baselineValue), targetValue: number(form.targetValue),
});

export function KpiFields({ form, onChange }: { form: KpiForm; onChange: (part: Partial<KpiForm>) => void }) {
  const { common, kpis } = useStrings();
  return (
    <>
      <TextField label={common.name} required maxLength={200} dir="auto" value={form.name} onChange={(event) => onChange({ name: event.target.value })} />
      <TextArea label={common.description} dir="auto" value={form.description} onChange={(event) => onChange({ description: event.target.value })} />
      <div className="pair">
        <TextField label={common.category} dir="auto" value={form.category} onChange={(event) => onChange({ category: event.target.value })} />
        <TextField label={common.unit} maxLength={50} dir="auto" value={form.unit} onChange={(event) => onChange({ unit: event.target.value })} />
        <Select label={kpis.direction} value={form.direction} onChange={(event) => onChange({ direction: event.target.value as KpiForm['direction'] })} options={Object.entries(kpis.directions)} />
        <TextField type="number" step="any" label={kpis.baseline} value={form.baselineValue} onChange={(event) => onChange({ baselineValue: event.target.value })} />
        <TextField type="number" step="any" label={kpis.target} value={form.targetValue} onChange={(event) => onChange({ targetValue: event.target.value })} />
      </div>
    </>
  );
}
