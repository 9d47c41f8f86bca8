// Plans of KPIs: what recording a measurement, a KPI's chart and the summary of many KPIs cost, next to the
// plain requests beside them. One request after the other, taking turns; each ends with the last byte of its
// answer, which is not parsed.
import { Client } from '../lib/client.mjs';
import { median } from '../lib/load.mjs';
import { Tenant } from '../lib/tenant.mjs';

export const name = 'plans';
export const about = 'a KPI of 200 target points and 1,000 measurements; 500 KPIs; one client, medians';

const day = (offset) => new Date(Date.now() + offset * 86400000).toISOString().slice(0, 10);
const month = (i) => `20${String(10 + Math.floor(i / 12)).padStart(2, '0')}-${String(1 + (i % 12)).padStart(2, '0')}`;

const addKpi = async (tenant, goal, fields) => {
  const kpi = await tenant.ask('POST', '/kpis', { direction: 'up', baselineValue: 0, ...fields });
  await tenant.ask('POST', `/goals/${goal.id}/kpis:link`, { kpiId: kpi.id });
  return kpi;
};
const points = (count, step) => Array.from({ length: count }, (_, i) => ({ milestoneDate: day((i - count / 2) * step), targetValue: 100 + i }));

// A KPI with a long plan, and a plain one.
async function fill(tenant) {
  const [goal] = await tenant.goals(1);
  const planned = await addKpi(tenant, goal, { name: 'Planned' });
  const plain = await addKpi(tenant, goal, { name: 'Plain' });
  await tenant.ask('PUT', `/kpis/${planned.id}/milestones`, { milestones: points(200, 10) });
  await tenant.many(1000, (i) => tenant.ask('POST', `/kpis/${planned.id}/actuals`, { measurementDate: day(-i - 1), actualValue: i, adjustmentStrategy: 'none' }));
  await tenant.many(24, (i) => tenant.ask('POST', `/kpis/${plain.id}/readings`, { period: month(i), value: i }));
  return { planned, plain };
}

async function fillMany(tenant) {
  const goals = await tenant.goals(50);
  await tenant.many(500, async (i) => {
    const kpi = await addKpi(tenant, goals[i % 50], { name: `KPI ${i}`, category: `c${i % 7}`, ownerId: `user-${i % 5}`, unit: 'EUR' });
    await tenant.ask('PUT', `/kpis/${kpi.id}/milestones`, { milestones: points(8, 90) });
    for (const offset of [-60, -30, -1]) await tenant.ask('POST', `/kpis/${kpi.id}/actuals`, { measurementDate: day(offset), actualValue: i, adjustmentStrategy: 'none' });
    return kpi;
  });
}

async function inTurns(sides, times) {
  const taken = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let i = -20; i < times; i += 1) {
    for (const [side, ask] of Object.entries(sides)) {
      const { status, ms, body } = await ask(i);
      if (status >= 300) throw new Error(`${side}: ${status} ${body}`);
      if (i >= 0) taken[side].push(ms);
    }
  }
  return Object.fromEntries(Object.entries(taken).map(([side, list]) => [side, median(list)]));
}

export async function run({ stack, rounds, seconds }) {
  const times = rounds * seconds * 20;
  const tenant = new Tenant(stack, 'bench-plans');
  const crowd = new Tenant(stack, 'bench-summary');
  const { planned, plain } = await fill(tenant);
  await fillMany(crowd);
  stack.psql('-c', 'ANALYZE');
  const anyone = (await crowd.ask('GET', '/kpis?size=1'))[0];
  const client = await Client.open(stack.port, tenant.token);
  const post = (path, body) => client.ask({ method: 'POST', path, body });
  const writes = await inTurns({
    reading: (i) => post(`/kpis/${plain.id}/readings`, { period: month(Math.abs(i) % 24), value: i }),
    measurement: (i) => post(`/kpis/${planned.id}/actuals`, { measurementDate: day(-1 - (Math.abs(i) % 1000)), actualValue: i, adjustmentStrategy: 'none' }),
    ruled: (i) => post(`/kpis/${planned.id}/actuals`, { measurementDate: day(-1 - (Math.abs(i) % 1000)), actualValue: i }),
  }, times);
  const other = await Client.open(stack.port, crowd.token); // an idle one would have been closed by now
  const get = (path) => client.ask({ path }), getOther = (path) => other.ask({ path });
  const reads = await inTurns({
    kpi: () => get(`/kpis/${planned.id}`),
    year: () => get(`/kpis/${planned.id}/all-series?startDate=${day(-365)}&endDate=${day(0)}`),
    quarter: () => get(`/kpis/${planned.id}/all-series?startDate=${day(-90)}&endDate=${day(0)}`),
    all: () => get(`/kpis/${planned.id}/all-series`),
    one: () => getOther(`/kpis/${anyone.id}`),
    summary: () => getOther('/kpis/summary'),
    whole: () => getOther('/kpis/summary?size=500'),
  }, times);
  client.close();
  other.close();
  const row = (what, ms, base, limit) => ({ what, 'p50 ms': ms, ratio: base ? ms / base : NaN, 'at most': limit ?? NaN });
  return [
    row('POST a reading of a plain KPI', writes.reading),
    row('POST a measurement', writes.measurement, writes.reading, 2),
    row('POST a measurement, the rule decides', writes.ruled, writes.reading, 2),
    row('GET that KPI', reads.kpi),
    row('GET all-series, a quarter (90 days)', reads.quarter, reads.kpi, 4),
    row('GET all-series, a year (365 days)', reads.year, reads.kpi, 4),
    row('GET all-series, all 1,000 days', reads.all, reads.kpi, 4),
    row('GET one KPI of 500', reads.one),
    row('GET the summary, 100 items', reads.summary, reads.one, 10),
    row('GET the summary, 500 items', reads.whole, reads.one, 10),
  ];
}
