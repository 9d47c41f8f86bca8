// Reads of goals that begin right after a write was acknowledged, at every gateway: each has to show what
// its reader knew to be acknowledged when it began. Versions of a goal and values of its writer's KPI only grow.
import { performance } from 'node:perf_hooks';

const atOnce = 40; // reads under way; more acknowledgements than that are passed over
const soonMs = 5;

export class Readers {
  // `https` by tenant: a client at each gateway.
  constructor({ https, journal }) {
    Object.assign(this, { https, journal, running: new Set(), reads: 0, soon: 0, stale: 0, samples: [] });
  }

  start() {
    this.journal.acknowledged = (writer) => this.look(writer, performance.now());
  }

  async stop() {
    this.journal.acknowledged = undefined;
    await Promise.all(this.running);
  }

  look({ tenant, goals: [goal], kpi }, acknowledged) {
    for (const http of this.https.get(tenant)) {
      if (this.running.size >= atOnce) return;
      const one = this.read(http, { goal, floor: goal.floor, kpi, value: kpi.floor }, acknowledged).finally(() => this.running.delete(one));
      this.running.add(one);
    }
  }

  async read(http, { goal, floor, kpi, value }, acknowledged) {
    const began = performance.now();
    const answer = await http.ask('GET', `/goals/${goal.id}`);
    if (answer.status !== 200 || answer.headers['x-degraded']) return;
    this.reads += 1;
    this.soon += began - acknowledged <= soonMs;
    const version = Number(/"(\d+)-/.exec(answer.headers.etag)[1]);
    const shown = answer.data.kpis.find(({ sharedKpiId }) => sharedKpiId === kpi.id)?.currentValue ?? 0;
    if (version >= (floor ?? 0) && shown >= (value ?? 0)) return;
    this.stale += 1;
    if (this.samples.length < 4) {
      this.samples.push(`stale: ${http.url}/goals/${goal.id} showed version ${version} of ${floor}, value ${shown} of ${value}, ${Math.round(began - acknowledged)} ms after the acknowledgement`);
    }
  }
}
