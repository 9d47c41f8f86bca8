// The fields of a goal, for making and for editing one.
import type { Model } from '@traction/client';
import type { Goal } from '../data/goals.js';
import { dayOf } from '../format.js';
import { useStrings } from '../preferences.js';
import { Select, TextArea, TextField } from '../ui/parts.js';
import { PersonSelect } from '../ui/person.js';

export interface GoalForm {
  title: string;
  intent: string;
  ownerId: string;
  horizon: Goal['horizon'];
  startDate: string;
  dueDate: string;
}

export const emptyGoal: GoalForm = { title: '', intent: '', ownerId: '', horizon: 'quarter', startDate: '', dueDate: '' };

export const toForm = (goal: Goal): GoalForm => ({
  title: goal.title, intent: goal.intent ?? '', ownerId: goal.ownerId, horizon: goal.horizon, startDate: dayOf(goal.startDate), dueDate: dayOf(goal.dueDate),
});

export const toInput = ({ startDate, dueDate, ...form }: GoalForm): Model<'GoalInput'> => ({
  ...form, ...(startDate ? { startDate } : {}), ...(dueDate ? { dueDate } : {}),
});

export function GoalFields({ form, onChange }: { form: GoalForm; onChange: (part: Partial<GoalForm>) => void }) {
  const { common, goals } = useStrings();
  return (
    <>
      <TextField label={common.title} required maxLength={200} dir="auto" value={form.title} onChange={(event) => onChange({ title: event.target.value })} />
      <TextArea label={goals.intent} maxLength={2000} dir="auto" value={form.intent} onChange={(event) => onChange({ intent: event.target.value })} />
      <PersonSelect label={common.owner} required value={form.ownerId} onChange={(ownerId) => onChange({ ownerId })} />
      <Select label={goals.horizon} value={form.horizon} onChange={(event) => onChange({ horizon: event.target.value as GoalForm['horizon'] })} options={Object.entries(goals.horizons)} />
      <div className="pair">
        <TextField type="date" label={common.start} value={form.startDate} onChange={(event) => onChange({ startDate: event.target.value })} />
        <TextField type="date" label={common.due} value={form.dueDate} onChange={(event) => onChange({ dueDate: event.target.value })} />
      </div>
    </>
  );
}
