// What a tenant's size costs: the same requests, one at a time, of a large tenant and of one that has a two-hundredth
// of everything, in turn. `--scale N` makes both smaller, to try it quickly; then ratios say less.
import { median } from '../lib/load.mjs';
import { Client } from '../lib/client.mjs';

export const name = 'growth';
export const about = '200,000 goals, actions and issues of one tenant, next to one with a two-hundredth; one request at a time, p50';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const large = { goals: 200000, kpis: 20000, actions: 200000, issues: 200000, feed: 400000 };
const goals = { first: 2, last: 5, search: 4, write: 1.2 }; // the ratio that is to be reached

// `only`: the requests that have it in their names.
export async function run({ stack, seconds, scale, only }) {
  const tenants = [tenant(stack, 'growth-large', 8001, scale), tenant(stack, 'growth-small', 8002, scale * 200)];
  for (const { name: called, number, counts } of [...tenants].reverse())
    await stack.seed('bench/seed_growth.sql', { tenant: called, number, ...counts });
  for (const each of tenants) each.client = await Client.open(stack.port, each.token);
  const rows = [];
  try {
    for (const request of requests().filter(({ what }) => what.includes(only))) {
      rows.push(await compare(request, ...tenants, stack, seconds));
      console.log(`  ${request.what}: done`);
    }
  } finally {
    for (const each of tenants) each.client.close();
  }
  return rows;
}

// No list of the small tenant is shorter than its page.
function tenant(stack, called, number, divisor) {
  const counts = Object.fromEntries(Object.entries(large).map(([what, count]) => [what, Math.max(100, Math.round(count / divisor))]));
  return { name: called, number, counts, token: stack.token(called) };
}

const id = (kind, { number }, n) => `0000000${kind}-${number}-7000-8000-${String(n).padStart(12, '0')}`;
const daysAgo = (days) => new Date(Date.now() - days * 86400000).toISOString();
// Some other one each time, far apart.
const any = (count, i) => (i * 7919) % count;

function requests() {
  const list = (what, kind, path) => ({ what, kind, make: typeof path === 'function' ? path : () => ({ path }) });
  const write = (what, make) => ({ what, kind: 'write', make });
  const feed = (t) => `/goals/${id(1, t, 7)}/activity?size=20`;
  const actions = '/api/operations/actions?size=20';
  const issues = '/api/operations/issues?size=20';
  return [
    list('one goal', 'first', (t, i) => ({ path: `/goals/${id(1, t, any(t.counts.goals, i))}` })),
    list('goals, page 1', 'first', '/goals?size=20'),
    list('goals, last page', 'last', (t) => ({ path: `/goals?size=20&page=${Math.ceil(t.counts.goals / 20)}` })),
    list('goals, status=active', 'first', '/goals?size=20&status=active'),
    list('goals, ownerId', 'first', (_, i) => ({ path: `/goals?size=20&ownerId=user-${i % 40}` })),
    list('goals, sort=title', 'first', '/goals?size=20&sort=title'),
    list('goals, sort=dueDate', 'first', '/goals?size=20&sort=dueDate'),
    list('goals, search', 'search', '/goals?size=20&search=revenue'),
    list('goals, search of a rare word', 'search', '/goals?size=20&search=goal%2077'),
    list('feed, page 1', 'first', (t) => ({ path: feed(t) })),
    list('feed, type=decision', 'first', (t) => ({ path: `${feed(t)}&type=decision` })),
    list('strategies, page 1', 'first', '/strategies?size=20'),
    list('strategies, last page', 'last', (t) => ({ path: `/strategies?size=20&page=${Math.ceil(t.counts.goals * 3 / 20)}` })),
    list('strategies, status=adopted', 'first', '/strategies?size=20&status=adopted'),
    list('strategies, ownerId', 'first', (_, i) => ({ path: `/strategies?size=20&ownerId=user-${i % 40}` })),
    list('strategies, sort=-updatedAt', 'first', '/strategies?size=20&sort=-updatedAt'),
    list('strategies, sort=order', 'first', '/strategies?size=20&sort=order'),
    list('strategies, search', 'search', '/strategies?size=20&search=strategy%202'),
    list('kpis, search', 'search', '/kpis?size=20&search=kpi'),
    list('kpis, sort=name', 'first', '/kpis?size=20&sort=name'),
    list('actions, page 1', 'first', actions),
    list('actions, status', 'first', `${actions}&status=in_progress`),
    list('actions, dates', 'first', `${actions}&startDate=2025-06-01&endDate=2025-06-30`),
    list('actions, goalIds', 'first', (t, i) => ({ path: `${actions}&goalIds=${id(1, t, any(t.counts.goals, i))}` })),
    list('actions, tags', 'first', `${actions}&tags=urgent`),
    list('actions, search', 'search', `${actions}&search=number`),
    list('issues, page 1', 'first', issues),
    list('issues, statusCategory', 'first', `${issues}&statusCategory=active`),
    list('issues, priority', 'first', `${issues}&priority=high`),
    list('issues, tags', 'first', `${issues}&tags=urgent`),
    list('issues, createdAfter', 'first', () => ({ path: `${issues}&createdAfter=${daysAgo(100)}&createdBefore=${daysAgo(0.3)}` })),
    list('issues, dueBefore', 'first', `${issues}&dueAfter=2025-03-01&dueBefore=2025-08-31`),
    list('issues, sort=displayOrder', 'first', `${issues}&sort=displayOrder`),
    list('issues, search', 'search', `${issues}&search=invoice`),
    list('recent activity', 'first', '/activity/recent'),
    list('statistics', 'first', '/goals/stats'),
    { what: 'statistics after a change', kind: 'first', before: changed, make: () => ({ path: '/goals/stats' }) },
    write('POST goal', (t, i) => ({ method: 'POST', path: '/goals', body: {
      title: `Grow revenue again, ${i}`, intent: 'Because the plan says so', owner_id: 'user-1', horizon: 'quarter' } })),
    write('POST note', (t, i) => ({ method: 'POST', path: `/goals/${id(1, t, 7)}/activity`, body: { type: 'note', text: `All is well, ${i}` } })),
    write('PUT action', (t, i) => ({ method: 'PUT', path: `/api/operations/actions/${id(5, t, any(t.counts.actions, i))}`, body: {
      description: `Changed, ${i}` } })),
    write('PUT issue', (t, i) => ({ method: 'PUT', path: `/api/operations/issues/${id(6, t, any(t.counts.issues, i))}`, body: {
      description: `Changed, ${i}` } })),
  ];
}

// Something has changed, and the figures that are kept are too old.
async function changed(stack, { name: called }) {
  stack.psql('-c', `UPDATE analytics.stamps SET stamp = gen_random_uuid() WHERE tenant_id = '${called}'`);
  await pause(600);
}

// Both tenants in turn, so that what else the machine does falls on both. Three times without counting.
async function compare({ what, kind, make, before }, big, small, stack, seconds) {
  const times = new Map([[big, []], [small, []]]);
  let failed = 0;
  const end = performance.now() + seconds * 1000;
  // Five of each if they take longer, and one if they take very long.
  for (let i = -3; i < 1 || (i < 5 && performance.now() < end + 15000) || (i < 2000 && performance.now() < end); i++)
    for (const one of [small, big]) {
      await before?.(stack, one);
      const { status, ms, body } = await one.client.ask(make(one, i + 3));
      if (status >= 300) {
        if (failed++ === 0) console.log(`  ${what}, ${one.name}: ${status} ${body}`);
      } else if (i >= 0) times.get(one).push(ms);
    }
  const p50 = (one) => (times.get(one).length > 0 ? median(times.get(one)) : NaN);
  const ratio = p50(big) / p50(small);
  return {
    request: what, 'small p50 ms': p50(small), 'large p50 ms': p50(big), ratio, goal: goals[kind],
    reached: ratio <= goals[kind] ? 'yes' : 'no', times: times.get(big).length, failed,
  };
}
