// The company on paper: of which days, what of it, in which language and on which paper.
import { useState, type FormEvent } from 'react';
import { chapters, useReport, type Chapter, type ReportWish } from '../data/report.js';
import { today } from '../format.js';
import { usePreferences } from '../preferences.js';
import { Button, Card, ErrorNote, Select, TextField } from '../ui/parts.js';

const daysAgo = (days: number) => new Date(Date.now() - days * 86400000).toISOString().slice(0, 10);
const usual = chapters.filter((chapter) => chapter !== 'activity'); // the log is long: only where it is asked for

function Chapters({ chosen, onChange }: { chosen: Chapter[]; onChange: (chosen: Chapter[]) => void }) {
  const { strings: { report } } = usePreferences();
  return (
    <fieldset className="choices" aria-describedby={chosen.length === 0 ? 'no-chapter' : undefined}>
      <legend>{report.sections}</legend>
      {chapters.map((chapter) => (
        <label key={chapter} className="choice">
          <input type="checkbox" checked={chosen.includes(chapter)} onChange={({ target }) => onChange(chapters.filter((one) => (one === chapter ? target.checked : chosen.includes(one))))} />
          {report.names[chapter]}
        </label>
      ))}
      {chosen.length === 0 && <p id="no-chapter" className="said bad" role="alert">{report.none}</p>}
    </fieldset>
  );
}

export default function Report() {
  const { strings: { report }, language } = usePreferences();
  const [wish, setWish] = useState<ReportWish>({ from: daysAgo(30), to: today(), format: 'pdf', sections: usual, lang: language, paper: 'a4' });
  const change = (part: Partial<ReportWish>) => setWish({ ...wish, ...part });
  const make = useReport();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!make.isPending && wish.sections.length > 0) make.mutate(wish);
  };
  return (
    <>
      <h1>{report.title}</h1>
      <Card>
        <form className="report" onSubmit={submit}>
          <p>{report.text}</p>
          <div className="pair">
            <TextField type="date" required max={wish.to} label={report.from} value={wish.from} onChange={(event) => change({ from: event.target.value })} />
            <TextField type="date" required min={wish.from} label={report.to} value={wish.to} onChange={(event) => change({ to: event.target.value })} />
            <Select label={report.format} value={wish.format} onChange={(event) => change({ format: event.target.value as ReportWish['format'] })} options={[['pdf', report.pdf], ['docx', report.docx]]} />
            <Select label={report.language} value={wish.lang} onChange={(event) => change({ lang: event.target.value as ReportWish['lang'] })} options={Object.entries(report.languages)} />
            <Select label={report.paper} value={wish.paper} onChange={(event) => change({ paper: event.target.value as ReportWish['paper'] })} options={Object.entries(report.papers)} />
          </div>
          <Chapters chosen={wish.sections} onChange={(sections) => change({ sections })} />
          <Button type="submit" kind="primary" aria-disabled={make.isPending || wish.sections.length === 0}>{make.isPending ? report.making : report.download}</Button>
          <div role="status">{make.data && <p>{report.done(make.data)}</p>}</div>
          {make.error && <ErrorNote error={make.error} />}
        </form>
      </Card>
    </>
  );
}
