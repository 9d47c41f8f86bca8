// What the number of tenants costs: the same requests, one at a time, of a stack with 10,000 tenants of 100 goals each
// and of one with 10, in turn; and the memory of both. `--scale N` divides the 10,000.
import { median } from '../lib/load.mjs';
import { Client } from '../lib/client.mjs';
import { residentKiB } from '../lib/cpu.mjs';
import { Stack } from '../lib/stack.mjs';

export const name = 'tenants';
export const about = '10,000 tenants of 100 goals each, next to 10; one request at a time, p50, and memory';

const few = 10;
const goal = 1.2; // the ratio that is to be reached
const goalId = (tenant, n) => `00000001-${String(tenant).padStart(4, '0')}-7000-8000-${String(n).padStart(12, '0')}`;

const requests = {
  'one goal': (tenant, i) => ({ path: `/goals/${goalId(tenant, i % 100)}` }),
  'goals, page 1': () => ({ path: '/goals?size=20' }),
  'KPIs, page 1': () => ({ path: '/kpis?size=20' }),
  statistics: () => ({ path: '/goals/stats' }),
  score: () => ({ path: '/performance/score' }),
  'POST note': (tenant, i) => ({ method: 'POST', path: `/goals/${goalId(tenant, i % 100)}/activity`, body: { type: 'note', text: `All is well, ${i}` } }),
  'POST action': (tenant, i) => ({ method: 'POST', path: '/api/operations/actions', body: { title: `Action ${i}`, connections: { goalIds: [goalId(tenant, i % 100)] } } }),
};

class Side {
  static async of(stack, tenants) {
    const side = new Side();
    await stack.seed('bench/seed_tenants.sql', { tenants });
    side.stack = stack;
    side.tokens = Array.from({ length: tenants }, (_, t) => stack.token(`bench-${t}`));
    return side;
  }

  // A connection that asks nothing at first is closed soon, so this is done right before.
  async connect() {
    this.client = await Client.open(this.stack.port, this.tokens[0]);
  }

  // The i-th request, of another tenant than the one before: those are spread by a step that meets all of them.
  async ask(make, i) {
    const tenant = (i * 7919) % this.tokens.length;
    const { status, ms, body } = await this.client.ask(make(tenant, i), this.tokens[tenant]);
    if (status >= 300) throw new Error(`${status} ${body}`);
    return ms;
  }

  memory() {
    const { gateway, services } = this.stack.pids();
    return residentKiB([...gateway, ...services]) / 1024;
  }
}

export async function run({ stack, seconds, scale }) {
  const many = Math.max(few, Math.round(10000 / scale));
  const other = await Stack.start({ offset: 250 });
  try {
    const sides = [await Side.of(other, few), await Side.of(stack, many)];
    console.log('  data: done');
    // Every tenant is known to all processes, and as many requests were made at either.
    for (const side of sides) {
      await side.connect();
      for (const what of ['one goal', 'POST note', 'score'])
        for (let i = 0; i < many; i += 1) await side.ask(requests[what], i);
    }
    sides[0].client.close();
    await sides[0].connect(); // it has been idle for as long as the other one took
    console.log('  every tenant has asked: done');
    const rows = [];
    for (const [what, make] of Object.entries(requests)) {
      const times = sides.map(() => []);
      const end = performance.now() + seconds * 1000;
      for (let i = 0; performance.now() < end; i += 1)
        for (const [k, side] of sides.entries()) times[k].push(await side.ask(make, i));
      rows.push(row(`${what}, p50 ms`, ...times.map(median), times[0].length));
      console.log(`  ${what}: done`);
    }
    rows.push(row('memory of the six programs, MiB', ...sides.map((side) => side.memory()), 1));
    for (const side of sides) side.client.close();
    return rows;
  } finally {
    other.stop();
  }
}

const row = (what, small, large, times) =>
  ({ what, [`${few} tenants`]: small, 'many tenants': large, ratio: large / small, goal, reached: large / small <= goal ? 'yes' : 'no', times });
