// `./traction chaos`: reads the command line, plays one run and prints the verdict.
import { parseArgs } from 'node:util';
import { play, report } from './scene.mjs';

const { values } = parseArgs({ options: {
  seed: { type: 'string' }, minutes: { type: 'string', default: '2' }, programs: { type: 'string', multiple: true },
  replicas: { type: 'string', default: '2' },
  pause: { type: 'string', default: '2500' }, 'write-pause': { type: 'string', default: '100' },
} });
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
const minutes = Number(values.minutes);
if (!Number.isInteger(seed) || !(minutes > 0) || !values.programs) {
  console.error('usage: traction chaos [--seed N] [--minutes M] [--replicas N] [--pause MS from one fault to the next] [--write-pause MS]');
  process.exit(2);
}
console.log(`seed ${seed}: ${minutes} minutes of writing and watching while processes are killed and stopped`);
const result = await play({ seed, minutes, folders: values.programs, replicas: Number(values.replicas), nemesis: { pauseMs: Number(values.pause) }, writePauseMs: Number(values['write-pause']) });
report(result);
console.log(result.verdict.good ? 'nothing is lost' : `again: ./traction chaos --seed ${seed} --minutes ${minutes}`);
process.exit(result.verdict.good ? 0 : 1);
