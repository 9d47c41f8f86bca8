// The company on paper.
import { useState, type FormEvent } from 'react';
import { useReport, type ReportWish } from '../data/report.js';
import { today } from '../format.js';
import { useStrings } from '../preferences.js';
import { Button, Card, ErrorNote, Select, TextField } from '../ui/parts.js';

const daysAgo = (days: number) => new Date(Date.now() - days * 86400000).toISOString().slice(0, 10);

export default function Report() {
  const { report } = useStrings();
  const [wish, setWish] = useState<ReportWish>({ from: daysAgo(30), to: today(), format: 'pdf' });
  const make = useReport();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!make.isPending) make.mutate(wish);
  };
  return (
    <>
      <h1>{report.title}</h1>
      <Card>
        <form className="report" onSubmit={submit}>
          <p>{report.text}</p>
          <div className="pair">
            <TextField type="date" required max={wish.to} label={report.from} value={wish.from} onChange={(event) => setWish({ ...wish, from: event.target.value })} />
            <TextField type="date" required min={wish.from} label={report.to} value={wish.to} onChange={(event) => setWish({ ...wish, to: event.target.value })} />
            <Select label={report.format} value={wish.format} onChange={(event) => setWish({ ...wish, format: event.target.value as ReportWish['format'] })} options={[['pdf', report.pdf], ['docx', report.docx]]} />
          </div>
          <Button type="submit" kind="primary" aria-disabled={make.isPending}>{make.isPending ? report.making : report.download}</Button>
          <div role="status">{make.data && <p>{report.done(make.data)}</p>}</div>
          {make.error && <ErrorNote error={make.error} />}
        </form>
      </Card>
    </>
  );
}
