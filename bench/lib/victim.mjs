// A tenant that does its work while others do theirs, as a process of its own: each request of the
// list every 20 ms, whatever became of earlier ones, and the report every 5 s. Its argument is
// {port, seconds, token, requests: [{name, method, path, body}], report}; prints one line of JSON: what went
// wrong, and `times` by route and `reports` in ms.
import { Agent, request as send } from 'node:http';

const { port, seconds, token, requests, report } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const times = Object.fromEntries(requests.map(({ name }) => [name, []]));
const reports = [];
const faults = {};
let failed = 0, refused = 0, pending = 0;

function ask({ name, method = 'GET', path, body }, record) {
  const began = performance.now();
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
  pending++;
  const end = (status) => {
    pending--;
    refused += status === 429;
    failed += status === 0 || status >= 500;
    if (status === 0 || status >= 400) faults[`${name} ${status || 'broken'}`] = (faults[`${name} ${status || 'broken'}`] ?? 0) + 1;
    record.push(performance.now() - began);
  };
  const request = send({ host: '127.0.0.1', port, method, path, headers, agent }, (answer) => {
    answer.resume();
    answer.once('end', () => end(answer.statusCode));
    answer.once('error', () => end(0));
  });
  request.once('error', () => end(0));
  request.end(body && JSON.stringify(body));
}

const began = performance.now();
let turns = 0, asked = 0;
const timer = setInterval(() => {
  const elapsed = performance.now() - began;
  if (elapsed > seconds * 1000) return clearInterval(timer);
  for (; turns * 20 <= elapsed; turns++)
    requests.forEach((request, i) => setTimeout(ask, (i * 20) / requests.length, request, times[request.name]));
  for (; report && asked * 5000 <= elapsed; asked++) ask({ name: 'report', path: report }, reports);
}, 5);

// What is not answered 15 s after the end counts as it is then.
const settled = setInterval(() => {
  const late = performance.now() - began > (seconds + 15) * 1000;
  if ((performance.now() - began < seconds * 1000 + 100 || pending > 0) && !late) return;
  clearInterval(settled);
  console.log(JSON.stringify({ failed: failed + pending, refused, pending, faults, times, reports }));
  process.exit(0);
}, 50);
