// `./traction drill failover`: reads the command line, plays the rounds and prints the verdict. The load
// and the checks are those of chaos. With `--plant asynchronous` commits wait for no standby, and the only fault is
// the one that then loses some.
import { parseArgs } from 'node:util';
import { play, report } from '../chaos/scene.mjs';
import { timing } from './cluster.mjs';
import { Rounds, behind } from './rounds.mjs';
import { FailoverStack } from './stack.mjs';

const mostSeconds = 15; // from the fault until a write is acknowledged again
const { values } = parseArgs({ options: {
  rounds: { type: 'string', default: '4' }, seed: { type: 'string' }, tag: { type: 'string' }, user: { type: 'string' }, programs: { type: 'string', multiple: true },
  plant: { type: 'string' },
} });
const rounds = Number(values.rounds);
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
const asynchronous = values.plant === 'asynchronous';
if (!Number.isInteger(seed) || !Number.isInteger(rounds) || rounds < 1 || (values.plant !== undefined && !asynchronous)) {
  console.error('usage: traction drill failover [--rounds N] [--seed N] [--plant asynchronous]');
  process.exit(2);
}
console.log(`seed ${seed}: ${rounds} rounds; two PostgreSQL, ${asynchronous ? 'a' : ''}synchronous, the leader's lock lives ${timing.ttl} s`);
let times;
const result = await play({
  seed, folders: values.programs, replicas: 2, clients: 60, stackOf: FailoverStack.of({ ...values, asynchronous }),
  nemesisOf: ({ stack, journal, authors }) => {
    const fate = new Rounds({ stack, journal, writers: authors.length, seed, rounds, only: asynchronous ? behind : undefined, say: console.log });
    ({ times } = fate);
    return fate;
  },
});
report(result);
const longest = Math.max(...times.map(({ first }) => first));
const good = result.verdict.good && longest <= mostSeconds;
console.log(`writes went on after ${longest} s at most (${mostSeconds} are allowed), those of every writer after ${Math.max(...times.map(({ all }) => all))} s; no program was started again`);
console.log(good ? '1 passed, 0 failed' : `not ok - again: ./traction drill failover --rounds ${rounds} --seed ${seed}\n0 passed, 1 failed`);
process.exit(good ? 0 : 1);
