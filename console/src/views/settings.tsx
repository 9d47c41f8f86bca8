// How issues are classified, who is known, who I am, and how the page looks.
import { useState, type FormEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useCreateStatus, useCreateType, useStatuses, useStatusInUse, useTypeInUse, useTypes, type IssueStatus } from '../data/operations.js';
import { usePeople } from '../data/people.js';
import { useUse } from '../data/use.js';
import { useFormats } from '../format.js';
import { languages, themes, usePreferences, useStrings, type Language, type Theme } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { settings as askSettings } from '../settings.js';
import { Badge, Button, Card, Empty, Loaded, Select, TextField } from '../ui/parts.js';
import { toastError } from '../ui/toasts.js';

function Types() {
  const { settings, common } = useStrings();
  const { mayWrite } = useClaims();
  const [name, setName] = useState('');
  const create = useCreateType();
  const change = useTypeInUse();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name }, { onSuccess: () => setName(''), onError: toastError });
  };
  return (
    <Card title={settings.types}>
      <Loaded query={useTypes(true)}>{({ data }) => (
        <ul className="plain-list">
          {data.map((type) => (
            <li key={type.id}>
              <bdi>{type.name}</bdi> {type.isSystemType && <Badge>{settings.system}</Badge>} {type.isDefault && <Badge tone="info">{settings.isDefault}</Badge>} {!type.isActive && <Badge tone="warn">{settings.inactive}</Badge>}
              {mayWrite && !type.isSystemType && (
                <label className="check"><input type="checkbox" checked={type.isActive} onChange={(event) => change.mutate({ typeId: type.id, on: event.target.checked }, { onError: toastError })} />{settings.use}</label>
              )}
            </li>
          ))}
        </ul>
      )}</Loaded>
      {mayWrite && <form className="add" onSubmit={submit}><TextField label={settings.newType} required maxLength={100} dir="auto" value={name} onChange={(event) => setName(event.target.value)} /><Button type="submit">{common.add}</Button></form>}
    </Card>
  );
}

function Statuses() {
  const { settings, common } = useStrings();
  const { mayWrite } = useClaims();
  const [name, setName] = useState('');
  const [category, setCategory] = useState<IssueStatus['category']>('active');
  const create = useCreateStatus();
  const change = useStatusInUse();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name, category }, { onSuccess: () => setName(''), onError: toastError });
  };
  return (
    <Card title={settings.statuses}>
      <Loaded query={useStatuses(true)}>{({ data }) => (
        <ul className="plain-list">
          {data.map((status) => (
            <li key={status.id}>
              <bdi>{status.name}</bdi> <Badge tone="info">{settings.categories[status.category]}</Badge> {status.isSystemStatus && <Badge>{settings.system}</Badge>} {!status.isActive && <Badge tone="warn">{settings.inactive}</Badge>}
              {mayWrite && !status.isSystemStatus && (
                <label className="check"><input type="checkbox" checked={status.isActive} onChange={(event) => change.mutate({ statusId: status.id, on: event.target.checked }, { onError: toastError })} />{settings.use}</label>
              )}
            </li>
          ))}
        </ul>
      )}</Loaded>
      {mayWrite && (
        <form className="add" onSubmit={submit}>
          <TextField label={settings.newStatus} required maxLength={100} dir="auto" value={name} onChange={(event) => setName(event.target.value)} />
          <Select label={common.category} value={category} onChange={(event) => setCategory(event.target.value as IssueStatus['category'])} options={Object.entries(settings.categories)} />
          <Button type="submit">{common.add}</Button>
        </form>
      )}
    </Card>
  );
}

function People() {
  const { settings } = useStrings();
  const format = useFormats();
  return (
    <Card title={settings.people}>
      <Loaded query={usePeople()}>{({ data }) => (
        data.length === 0 ? <Empty text={settings.emptyPeople} /> : (
          <ul className="plain-list">{data.map((person) => <li key={person.id}><bdi>{person.name}</bdi> <span className="small"><bdi>{person.id}</bdi> · {format.day(person.createdAt)}</span></li>)}</ul>
        )
      )}</Loaded>
    </Card>
  );
}

function Me() {
  const { settings } = useStrings();
  const claims = useClaims();
  const format = useFormats();
  const used = useUse();
  const names: Record<string, string> = settings.limitNames;
  return (
    <Card title={settings.me}>
      <p className="big"><bdi>{claims.name}</bdi></p>
      <dl className="pairs">
        <dt>{settings.tenant}</dt><dd dir="auto">{claims.tenantId}</dd>
        <dt>ID</dt><dd dir="auto">{claims.userId}</dd>
        <dt>{settings.roles}</dt><dd>{claims.roles.length > 0 ? format.list(claims.roles) : settings.noRoles}</dd>
        <dt>{settings.features}</dt><dd>{claims.features ? format.list(claims.features) : settings.everything}</dd>
        <dt>{settings.expires}</dt><dd>{format.moment(claims.expiresAt.toISOString())}</dd>
      </dl>
      <h3>{settings.limits}</h3>
      {!claims.limits ? <p>{settings.unlimited}</p> : (
        <dl className="pairs">
          {Object.entries(claims.limits).map(([name, limit]) => {
            const count = used[name];
            const of = limit === null ? settings.unlimited : format.number(limit);
            return <div key={name} className="contents"><dt>{names[name] ?? name}</dt><dd>{count === undefined || limit === null ? of : settings.used(format.number(count), of)}</dd></div>;
          })}
        </dl>
      )}
    </Card>
  );
}

function Looks() {
  const { strings: { settings }, language, theme, setLanguage, setTheme } = usePreferences();
  const version = useQuery({ queryKey: ['version'], queryFn: askSettings }).data?.version;
  return (
    <Card title={settings.looks}>
      <div className="pair">
        <Select label={settings.language} value={language} onChange={(event) => setLanguage(event.target.value as Language)} options={Object.entries(languages)} />
        <Select label={settings.theme} value={theme} onChange={(event) => setTheme(event.target.value as Theme)} options={themes.map((one) => [one, settings.themes[one]])} />
      </div>
      <p className="small">Traction {version}</p>
    </Card>
  );
}

export default function Settings() {
  const { settings } = useStrings();
  return (
    <>
      <h1>{settings.title}</h1>
      <div className="grid two"><Me /><Looks /><Types /><Statuses /><People /></div>
    </>
  );
}
