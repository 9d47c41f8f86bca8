// The chaos suite of `./traction test`: a run of two minutes in which nothing may be lost, and
// short ones with a mistake planted in the services, each of which has to be found.
// Usage: node test.mjs BUILD [part of a name...]
import { join } from 'node:path';
import { play, report } from './scene.mjs';
import { attempt, finish, select } from '../support/attempts.mjs';

const [build, ...wanted] = process.argv.slice(2);
select(wanted);

const faulty = join(build, 'tests/chaos/faulty');
const hardlyAny = { pauseMs: 5000, only: { targets: ['svc-analytics'], ways: { 'kill -9': 1 } } };
const kills = { 'kill -9': 4, 'kill -9 postmaster': 2, 'pg_ctl -m immediate': 1 };

// `finds`: what the verdict has to say; a run that fails for another reason proves nothing.
const mistakes = {
  'publish before commit': {
    folders: [faulty, build], environment: { FAULTS_PLANTED: 'applied-before-commit' },
    nemesis: { pauseMs: 1200, only: { targets: ['svc-realtime'], ways: { 'kill -9': 1, 'kill -9 backend': 2 } } },
    finds: ({ lost, repeated, wrong }) => lost + repeated + wrong > 0,
  },
  'acknowledge before commit': {
    folders: [faulty, build], environment: { FAULTS_PLANTED: 'acknowledge-before-commit' },
    nemesis: { pauseMs: 2000, only: { targets: ['svc-goals'], ways: { 'kill -9 postmaster': 1, 'kill -9 backend': 4 } } },
    finds: ({ lostWrites, wrong }) => lostWrites + wrong > 0,
  },
  'no catch-up': {
    folders: [faulty, build], environment: { FAULTS_PLANTED: 'no-catch-up' },
    nemesis: { pauseMs: 2500, only: { targets: ['svc-realtime', 'svc-goals'], ways: kills } },
    finds: ({ lost }) => lost > 0,
  },
  'wait for no lease': {
    folders: [faulty, build], environment: { FAULTS_PLANTED: 'lose-tellings,wait-for-no-lease' }, replicas: 2, nemesis: hardlyAny,
    finds: ({ stale }) => stale > 0,
  },
  'no tenant predicate': {
    folders: [join(build, 'tests/chaos/forgetful'), build],
    prepare: async (stack) => stack.psql('ALTER TABLE realtime.stream DISABLE ROW LEVEL SECURITY'), // which would hide it
    nemesis: { pauseMs: 2500, only: { targets: ['gateway'], ways: { 'kill -9': 1 } } },
    finds: ({ repeated, foreign, disordered, wrong }) => repeated + foreign + disordered + wrong > 0,
  },
};

for (const [name, { finds, ...options }] of Object.entries(mistakes)) {
  await attempt(`a planted mistake is found: ${name}`, async () => {
    const result = await play({ seed: 11, minutes: 0.4, clients: 60, writePauseMs: 40, settleMs: 8000, say: () => {}, ...options });
    report(result, (line) => console.log(`  ${line.slice(0, 300)}`));
    return finds(result.verdict.counts) ? undefined : 'nothing of it was seen';
  });
}

// As the planted one, but that leases are waited for: that is what keeps answers right.
await attempt('nothing stale is answered by who cannot be told', async () => {
  const result = await play({ seed: 11, minutes: 0.4, clients: 60, writePauseMs: 40, settleMs: 8000, say: () => {}, replicas: 2, nemesis: hardlyAny,
    folders: [faulty, build], environment: { FAULTS_PLANTED: 'lose-tellings' } });
  report(result, (line) => console.log(`  ${line.slice(0, 300)}`));
  if (!result.verdict.good) return 'something was lost, or stale';
  return result.fromMemory > 0 ? undefined : 'nothing was answered from memory';
});

await attempt('two minutes of faults lose nothing', async () => {
  const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 1e9));
  const result = await play({ seed, minutes: 2, folders: [build], replicas: 2 });
  report(result);
  if (!result.verdict.good) return `again: ./traction chaos --seed ${seed} --minutes 2`;
  if (result.pruned < 100) return 'nearly nothing was deleted from the logs';
  if (result.reads < 500) return 'too few reads to prove anything';
  if (result.faultCount < 20 || result.acknowledged < 500 || result.delivered < 5000) return 'too little happened to prove anything';
  return undefined;
});

finish();
