// Watches a stream over fetch, which can say why a stream is refused and needs no token in the address, and
// goes on from the last cursor when it ends. Asks nobody but the server that the page came from.
'use strict';

const base = new URL('..', document.currentScript.src);
const shown = 200; // events
const at = (id) => document.getElementById(id);
let token = '';
let tenant;
let watching; // an AbortController

// --- What is watched ---

function addressOf() {
  const goal = at('goal').value;
  const url = new URL(goal ? `realtime/goals/${goal}/activity` : `realtime/tenants/${encodeURIComponent(tenant ?? '{tenantId}')}`, base);
  const types = [...at('types').selectedOptions].map(({ value }) => value);
  return types.length ? `${url}?types=${types.join()}` : String(url);
}

function typesOf(spec, channel) {
  return Object.keys(spec.channels[channel].messages);
}

// By groups, whose first option is all of them.
function fillTypes(types) {
  const groups = {};
  for (const type of types) (groups[type.split('.')[0]] ??= []).push(type);
  at('types').replaceChildren(...Object.entries(groups).map(([name, members]) => {
    const group = document.createElement('optgroup');
    group.label = name;
    group.append(...[...(members.length > 1 ? [`${name}.*`] : []), ...members].map((type) => new Option(type)));
    return group;
  }));
}

// A shell's text, and a text of JavaScript.
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
function showLines(spec) {
  const address = addressOf();
  const chosen = [...at('types').selectedOptions].map(({ value }) => value);
  const named = typesOf(spec, at('goal').value ? 'goal' : 'tenant').filter((type) => type === 'reset' || !chosen.length
    || chosen.some((wanted) => wanted === type || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)))));
  at('curl').textContent = `curl -N -H "Authorization: Bearer $TOKEN" ${quoted(address)}`;
  at('source').textContent = `const source = new EventSource(${JSON.stringify(`${address}${address.includes('?') ? '&' : '?'}access_token=`)} + token); `
    + `for (const type of ${JSON.stringify(named)}) source.addEventListener(type, ({ data }) => console.log(JSON.parse(data)));`;
}

async function fillGoals() {
  const answer = await fetch(new URL('goals?size=100', base), { headers: { Authorization: `Bearer ${token}` } });
  const { data = [] } = await answer.json();
  const [all] = at('goal').options;
  at('goal').replaceChildren(all, ...data.map(({ id, title }) => new Option(`the goal ${title}`, id)));
}

// --- Events ---

function show({ id, event, data }) {
  const item = document.createElement('li');
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  const text = document.createElement('pre');
  const { at: when, userName, userId, entityId = '' } = data;
  summary.textContent = [when && new Date(when).toLocaleTimeString(), event, userName ?? userId, entityId].filter(Boolean).join(' · ');
  text.textContent = `id: ${id}\n${JSON.stringify(data, null, 2)}`;
  details.append(summary, text);
  item.append(details);
  at('events').prepend(item);
  at('events').children[shown]?.remove();
}

// One connection. Calls `state` with what changes; answers when it has ended, and throws when it is refused.
async function connect(address, signal, state) {
  const headers = { Accept: 'text/event-stream', Authorization: `Bearer ${token}`, ...(state.last && { 'Last-Event-ID': state.last }) };
  const answer = await fetch(address, { headers, signal, cache: 'no-store' });
  if (!answer.ok) throw Object.assign(new Error((await answer.json()).error), { refused: answer.status });
  at('state').value = 'Watching';
  let fields = {};
  let rest = '';
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, '');
      else if (line === '') {
        if (fields.retry) state.retry = Number(fields.retry);
        if (fields.id) state.last = fields.id;
        if (fields.data) show({ ...fields, data: JSON.parse(fields.data) });
        fields = {};
      }
    }
  }
}

async function watch(address, signal) {
  const state = { retry: 3000 };
  while (!signal.aborted) {
    try {
      await connect(address, signal, state);
    } catch (error) {
      if (signal.aborted) return;
      if (error.refused && ![429, 503].includes(error.refused)) {
        at('state').value = `Refused: ${error.message}`;
        return;
      }
    }
    at('state').value = 'The connection was lost; it is opened again';
    await new Promise((resolve) => { setTimeout(resolve, state.retry); });
  }
}

function stopWatching() {
  watching?.abort();
  watching = undefined;
  at('watch').textContent = 'Watch';
}

async function begin() {
  const controller = new AbortController();
  watching = controller;
  at('watch').textContent = 'Stop';
  at('state').value = 'Connecting';
  await watch(addressOf(), controller.signal);
  if (watching === controller) stopWatching();
}

// --- The page ---

async function openPage() {
  const answer = await fetch(new URL('asyncapi.json', base));
  const spec = await answer.json();
  const refresh = () => {
    stopWatching();
    showLines(spec);
    at('state').value = 'Not watching';
  };
  const choose = () => {
    fillTypes(typesOf(spec, at('goal').value ? 'goal' : 'tenant').filter((type) => type !== 'reset'));
    refresh();
  };
  choose();
  at('goal').addEventListener('change', choose);
  at('types').addEventListener('change', refresh);
  at('choice').addEventListener('submit', (event) => {
    event.preventDefault();
    if (watching) refresh();
    else begin();
  });
  onToken(async (given, claims) => {
    token = given;
    tenant = tenantOf(claims);
    at('watch').disabled = !claims;
    refresh();
    if (claims) await fillGoals().catch(() => {}); // the tenant's stream is there without them
  });
}

for (const button of document.querySelectorAll('[data-copies]')) {
  button.addEventListener('click', async () => {
    const line = at(button.dataset.copies);
    getSelection().selectAllChildren(line);
    await navigator.clipboard?.writeText(line.textContent).then(() => { button.textContent = 'Copied'; }, () => {});
  });
}

openPage().catch((error) => { at('state').value = `The streams cannot be shown: ${error.message}`; });
