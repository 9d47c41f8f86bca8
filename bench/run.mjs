// Runs scenarios and prints their tables. A scenario is a module in scenarios/ with `name`, `about`
// and `run(bench)`, which answers rows; what they share is in lib/.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Stack, stopAll } from './lib/stack.mjs';
import { printTable } from './lib/table.mjs';

const options = { rounds: 5, seconds: 3, names: [], json: null, against: null, only: '', scale: 1 };
const words = process.argv.slice(2);
for (let i = 0; i < words.length; i++) {
  if (words[i] === '--json') options.json = words[++i];
  else if (words[i] === '--rounds') options.rounds = Number(words[++i]);
  else if (words[i] === '--seconds') options.seconds = Number(words[++i]);
  else if (words[i] === '--scale') options.scale = Number(words[++i]);
  else if (words[i] === '--only') options.only = words[++i] ?? '';
  else if (words[i] === '--against') options.against = resolve(words[++i]);
  else if (words[i].startsWith('-')) fail(`unknown option ${words[i]}`);
  else options.names.push(words[i]);
}
if (options.against && !existsSync(join(options.against, 'traction')))
  fail(`--against takes the folder of another checkout, and ${options.against} is none`);
if (!(options.rounds >= 1) || !(options.seconds >= 1)) fail('--rounds and --seconds take numbers from 1');
if (!(options.scale >= 1)) fail('--scale takes a number from 1: how many times smaller the data of growth are');

// Nothing stays behind, however it ends: 'exit' comes after errors, too. Further signals wait for that.
process.on('exit', stopAll);
for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) process.on(signal, () => process.exit(status));

const scenarios = [];
for (const file of readdirSync(new URL('scenarios/', import.meta.url)).sort())
  scenarios.push(await import(new URL(`scenarios/${file}`, import.meta.url)));
for (const name of options.names)
  if (!scenarios.some((scenario) => scenario.name === name))
    fail(`there is no scenario ${name}; there are ${scenarios.map((scenario) => scenario.name).join(', ')}`);

const results = {};
let failed = false;
for (const scenario of scenarios) {
  if (options.names.length > 0 && !options.names.includes(scenario.name)) continue;
  console.log(`\n${scenario.name}: ${scenario.about}`);
  let stack;
  try {
    stack = await Stack.start(); // each seeds a database of its own
    results[scenario.name] = await scenario.run({ stack, ...options });
    printTable(results[scenario.name]);
  } catch (error) {
    console.error(error);
    failed = true;
  } finally {
    stack?.stop();
  }
}
if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 2) + '\n');
process.exit(failed ? 1 : 0);

function fail(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}
