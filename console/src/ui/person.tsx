// Choosing a person among those who are known; one who is not stays selectable by their id.
import { useAssignable } from '../data/people.js';
import { useStrings } from '../preferences.js';
import { Select } from './parts.js';

export function PersonSelect({ label, value, required = false, onChange }: { label: string; value: string; required?: boolean; onChange: (id: string) => void }) {
  const { common } = useStrings();
  const people = useAssignable().data?.data ?? [];
  const options: [string, string][] = people.map(({ id, name }) => [id, name]);
  if (value && !people.some(({ id }) => id === value)) options.push([value, value]);
  if (!required) options.unshift(['', common.nobody]);
  return <Select label={label} required={required} value={value} options={options} onChange={(event) => onChange(event.target.value)} />;
}
