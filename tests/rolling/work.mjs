// What the clients ask: reads of all services, writes of four kinds, to a tenant with a few goals and a KPI.
import { Client, Tally } from './load.mjs';

// One of each kind, in turn. What was acknowledged goes to `written`.
export function makeWork({ goals, kpi }, written) {
  const writes = [
    async (client, i) => {
      const text = `note ${client.number}-${i}`;
      if (await client.ask('POST', `/goals/${goals[i % goals.length]}/activity`, { type: 'note', text })) written.push(text);
    },
    (client, i) => client.ask('PUT', `/goals/${goals[i % goals.length]}`, { title: `title ${i}` }),
    (client, i) => client.ask('POST', `/kpis/${kpi}/readings`, { period: `20${10 + (i % 89)}-0${1 + (i % 9)}`, value: i }),
    (client, i) => client.ask('POST', '/api/operations/actions', { title: `action ${i}`, connections: { goalIds: [goals[i % goals.length]] } }),
  ];
  const reads = [
    '/goals?size=5', `/goals/${goals[0]}`, `/goals/${goals[0]}/activity?size=5`, '/kpis?size=5', `/kpis/${kpi}`,
    '/api/operations/actions?size=5', '/api/operations/issues?size=5', '/goals/stats', '/performance/score', '/activity/recent?size=5',
  ];
  return (client, i) => (client.number % 2 ? writes[i % writes.length](client, i) : client.ask('GET', reads[(i / 2 | 0) % reads.length]));
}

export async function prepare(stack, tenant) {
  const founder = new Client({ number: 0, url: stack.url, token: stack.token(tenant, 'founder'), tally: new Tally(), pauseMs: 0 });
  const goals = [];
  for (let i = 0; i < 4; i += 1) goals.push((await founder.ask('POST', '/goals', { title: `goal ${i}`, horizon: 'year', owner_id: 'founder' })).id);
  const kpi = (await founder.ask('POST', '/kpis', { name: 'KPI', direction: 'up' })).id;
  for (const goal of goals) await founder.ask('POST', `/goals/${goal}/kpis:link`, { kpiId: kpi, threshold_pct: 50 });
  return { goals, kpi };
}
