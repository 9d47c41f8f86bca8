// What a company says when everything of it is read, as leaves that can be compared: two readings
// differ where a field of the older one is gone or says something else. A field that only the newer
// one has is none of its readers' business.
import { changes } from './changes.mjs';

// Items of a list are told apart by their ids, and their order is a leaf of its own: so one that
// moved differs in the order alone.
function spread(value, at, leaves) {
  const keyed = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item?.id === 'string');
  if (keyed) {
    leaves.set(`${at}[order]`, JSON.stringify(value.map(({ id }) => id)));
    for (const item of value) spread(item, `${at}[${item.id}]`, leaves);
  } else if (Array.isArray(value)) {
    leaves.set(`${at}[length]`, String(value.length));
    for (const [i, item] of value.entries()) spread(item, `${at}[${i}]`, leaves);
  } else if (value && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) spread(item, `${at}.${key}`, leaves);
  } else leaves.set(at, JSON.stringify(value));
}

const versionOf = (answer) => /^(?:W\/)?"(\d+)-/.exec(answer.headers?.etag ?? '')?.[1];

// The figures' own time is when they were asked for, and an answer's request has an id of its own.
export function leavesOf({ headers, requestId, attempt, ...said }) {
  const leaves = new Map();
  spread(said, '', leaves);
  leaves.delete('.data.lastCalculated');
  leaves.set('version', String(versionOf({ headers })));
  leaves.set('X-Last-Event-Id', String(headers?.['x-last-event-id']));
  return leaves;
}

// What changes nothing: reads, and requests that are refused. Each with the name that it goes by.
export function questions(company) {
  return [
    ...[...company.paths].map((path) => ({ name: `GET ${path}`, method: 'GET', path })),
    ...company.batches.map(([path, body]) => ({ name: `POST ${path}`, method: 'POST', path, body })),
    ...company.refused.map(([method, path, body]) => ({ name: `refused ${method} ${path} ${JSON.stringify(body ?? '')}`, method, path, body })),
  ];
}

// name -> leaves
export async function readCompany(company, http) {
  const reading = new Map();
  for (const { name, method, path, body } of questions(company)) {
    const answer = await http.ask(method, path, body);
    reading.set(name, leavesOf(answer));
    if (name.startsWith('refused') && answer.status < 400) throw new Error(`${name} was not refused`);
  }
  return reading;
}

export function compare(before, after) {
  const found = [];
  for (const [path, leaves] of before) {
    for (const [at, said] of leaves) {
      const says = after.get(path)?.get(at);
      if (says !== said) found.push({ path, at, said, says });
    }
  }
  return found;
}

// A difference as people read it.
export function describe({ path, at, said, says }, names = new Map()) {
  const named = (text) => text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => names.get(id) ?? id);
  return named(`${path} ${at}: was ${String(said).slice(0, 300)}, is ${String(says).slice(0, 300)}`);
}

// Those that no release was meant to make. `used` collects why others are right.
export function unexpected(differences, used = new Set()) {
  return differences.filter((one) => {
    const change = changes.find(({ allows }) => allows(one));
    if (change) used.add(change.why);
    return !change;
  });
}
