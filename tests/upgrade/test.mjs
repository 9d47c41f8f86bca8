// The upgrade suite: from release 1.0.0 to the present while people work, in which no request may fail,
// no event be lost and nothing read otherwise than before; the same by one command, and back, and forward
// again; and short runs with a mistake planted, each of which has to be found.
// Usage: node test.mjs RELEASE PRESENT [part of a name...]
import { programs } from '../chaos/stack.mjs';
import { playBack } from './back.mjs';
import { play } from './scene.mjs';
import { attempt, finish, select } from '../support/attempts.mjs';

const [release, present, ...wanted] = process.argv.slice(2);
select(wanted);

// `found`: how often something must have been seen; a run that fails for another reason proves nothing.
const mistakes = {
  'a migration drops a column that the old programs read': {
    plant: (stack) => stack.sql('ALTER TABLE kpis.kpis DROP COLUMN formula'),
    found: ({ failed }) => failed > 5,
  },
  'an operation between services has another name': {
    patch: { text: 'kpisOfGoals', other: 'kpisOfGoalz', programs: programs.filter((name) => name !== 'gateway') },
    replaced: ['svc-goals'],
    found: ({ failed }) => failed > 5,
  },
  'a consumer does not know an event of before': {
    patch: { text: 'activity.created', other: 'activity.written', programs: ['svc-realtime'] },
    replaced: ['svc-realtime', 'svc-realtime-2'],
    found: ({ lost }) => lost > 0,
  },
};

for (const [name, options] of Object.entries(mistakes)) {
  await attempt(`a planted mistake is found: ${name}`, async () => {
    const { problems } = await play({ release, folders: [present], say: () => {}, ...options });
    console.log(`  ${JSON.stringify(problems.counts)}\n  ${problems.samples.map((text) => text.slice(0, 300)).join('\n  ')}`);
    return options.found(problems.counts) ? undefined : 'nothing of it was seen';
  });
}

await attempt('from release 1.0.0 to the present, and nobody notices', async () => {
  const { problems, upgrade } = await play({ release, folders: [present] });
  console.log(`  ${problems.requests} requests, ${problems.counts.failed ?? 0} failed; ${upgrade.delivered} events to ${upgrade.listeners.length} streams, ${problems.counts.lost ?? 0} lost; ${
    upgrade.repeaters.reduce((sum, { repeated }) => sum + repeated, 0)} writes sent twice, ${upgrade.known} of before asked once more, ${upgrade.conditions} changes by ETags of before, ${upgrade.reports} reports, ${upgrade.pairs.size} pairs of programs`);
  if (!problems.none) return [JSON.stringify(problems.counts), ...problems.samples].map((text) => `  ${text}`).join('\n');
  if (problems.requests < 1000 || upgrade.delivered < 1000 || upgrade.reports < 2 || upgrade.known < 100) return 'too little happened to prove anything';
  return undefined;
});

await attempt('there by traction upgrade, back, and there again, without a loss', async () => {
  const { problems, upgrade } = await playBack({ release, present });
  console.log(`  ${problems.requests} requests, ${problems.counts.failed ?? 0} failed; ${upgrade.delivered} events to ${upgrade.listeners.length} streams, ${problems.counts.lost ?? 0} lost; ${upgrade.readings} answers compared`);
  if (!problems.none) return [JSON.stringify(problems.counts), ...problems.samples].map((text) => `  ${text}`).join('\n');
  if (problems.requests < 1000 || upgrade.delivered < 1000 || upgrade.readings < 500) return 'too little happened to prove anything';
  return undefined;
});

finish();
