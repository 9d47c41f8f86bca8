// Raw HTTP requests written down in text files, and a player that sends them over a socket exactly as
// they are. Such a file holds comments (#) and cases:
//
//   @ the name of the case
//   POST /goals HTTP/1.1              each line is sent with \r\n behind it
//   {head}                            a macro, see below
//   X: a\x00b\                        \r \n \xNN \\ are bytes; a \ at the end: no line end
//
//   {goal}
//   = 400 closed goals 0              what must come back
//
// What comes back: the statuses of all answers, then `closed` (by the server) or `open`; `maybe` when
// the answer may be lost because the server closes while the client is still sending; `goals N`
// when the tenant must have N goals afterwards instead of none.
//
// Macros: {host} {auth} {json} {head} (those three), {token}; {goal} a body that makes a goal, with
// {goal.size} and {goal.hex}; {smuggled} a whole request that would make a goal, with .size and .hex;
// {1000*text} repetition; {wait 300} milliseconds of silence; {end} closes the sending side.
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const quietMs = 250; // an open connection says nothing more for so long
const goal = '{"title":"x","horizon":"year","ownerId":"o"}';

// `expectation` makes members of what stands behind "= ".
export function readCorpus(path, expectation = rawExpectation) {
  const cases = [];
  let lines = null;
  for (const line of readFileSync(path, 'utf8').replace(/\n$/, '').split('\n')) {
    if (line.startsWith('@ ')) {
      lines = [];
      cases.push({ name: line.slice(2), lines });
    } else if (line.startsWith('= ')) {
      Object.assign(cases.at(-1), { expected: line.slice(2) }, expectation(line.slice(2)));
      lines = null;
    } else if (lines) lines.push(line);
    else if (line !== '' && !line.startsWith('#')) throw new Error(`${path}: what is "${line}"?`);
  }
  for (const one of cases) if (!one.expected) throw new Error(`${path}: "${one.name}" expects nothing`);
  return cases;
}

function rawExpectation(text) {
  const match = /^((?:\d{3} )*)(maybe )?(closed|open)(?: goals (\d+))?$/.exec(text);
  if (!match) throw new Error(`what is "= ${text}"?`);
  return {
    statuses: match[1].trim().split(' ').filter(Boolean).map(Number), maybe: Boolean(match[2]), end: match[3], goals: Number(match[4] ?? 0),
  };
}

// The values of the macros for a caller.
export function macrosFor(token) {
  const host = 'Host: traction.example';
  const auth = `Authorization: Bearer ${token}`;
  const json = 'Content-Type: application/json';
  const head = [host, auth, json].join('\r\n');
  const smuggled = `POST /goals HTTP/1.1\r\n${head}\r\nContent-Length: ${goal.length}\r\n\r\n${goal}`;
  const sized = (name, text) => ({ [name]: text, [`${name}.size`]: String(text.length), [`${name}.hex`]: text.length.toString(16) });
  return { host, auth, json, head, token, ...sized('goal', goal), ...sized('smuggled', smuggled) };
}

// Turns text into pieces: Buffers, pauses (numbers) and the end (null).
export function expand(text, macros) {
  const pieces = [];
  const add = (piece) => {
    if (Buffer.isBuffer(piece) && Buffer.isBuffer(pieces.at(-1))) pieces.push(Buffer.concat([pieces.pop(), piece]));
    else pieces.push(piece);
  };
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const escape = /^\\(x[0-9a-f]{2}|[rn\\])/.exec(rest);
    const name = /^\{([a-z.]+)\}/.exec(rest)?.[1];
    const pause = /^\{wait (\d+)\}/.exec(rest);
    const times = /^\{(\d+)\*/.exec(rest);
    if (escape) {
      add(Buffer.from({ r: '\r', n: '\n', '\\': '\\' }[escape[1]] ?? String.fromCharCode(parseInt(escape[1].slice(1), 16)), 'latin1'));
      at += escape[0].length;
    } else if (name === 'end') {
      add(null);
      at += 5;
    } else if (name && name in macros) {
      add(Buffer.from(macros[name]));
      at += name.length + 2;
    } else if (pause) {
      add(Number(pause[1]));
      at += pause[0].length;
    } else if (times) {
      const end = closing(rest);
      const inner = expand(rest.slice(times[0].length, end), macros);
      if (inner.length === 1) add(Buffer.from(inner[0].toString('latin1').repeat(Number(times[1])), 'latin1'));
      else for (let i = 0; i < Number(times[1]); i += 1) inner.forEach(add);
      at += end + 1;
    } else {
      const plain = /^[^\\{]+|^./s.exec(rest)[0];
      add(Buffer.from(plain));
      at += plain.length;
    }
  }
  return pieces;
}

function closing(text) {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1;
    else if (text[i] === '}' && (depth -= 1) === 0) return i;
  }
  throw new Error(`no } in ${text.slice(0, 40)}`);
}

export function requestOf(one, macros) {
  return expand(one.lines.map((line) => (line.endsWith('\\') && !line.endsWith('\\\\') ? line.slice(0, -1) : `${line}\\r\\n`)).join(''), macros);
}

// By the framing of the answers, as a client would. What follows the last whole answer is not looked
// at: libmicrohttpd writes the head of its own refusals twice, so theirs have something behind them.
function statusesIn(text, headOnly) {
  const statuses = [];
  let rest = text;
  for (let match; (match = /^HTTP\/1\.1 (\d{3}) .*?\r\n\r\n/s.exec(rest));) {
    const [head, status] = match;
    const bare = headOnly || status < 200 || status === '204' || status === '304';
    const length = bare ? 0 : Number(/\r\nContent-Length: (\d+)\r\n/i.exec(head)?.[1] ?? 0);
    statuses.push(Number(status));
    rest = rest.slice(head.length + length);
  }
  return statuses;
}

// Sends the pieces; answers what came back: { statuses, end, text, ms }. Waits for the server to
// close when that is expected, else until it has been quiet for a while after as many answers.
export async function play(url, pieces, one, limitMs = 15000) {
  const { hostname, port } = new URL(url);
  const began = Date.now();
  const chunks = [];
  let closed = false;
  let heard = Date.now();
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.on('data', (chunk) => { chunks.push(chunk); heard = Date.now(); });
  for (const event of ['end', 'close', 'error']) socket.on(event, () => { closed ||= Date.now() - began + 1; });
  const text = () => Buffer.concat(chunks).toString('latin1');
  const statuses = () => statusesIn(text(), one.lines[0].startsWith('HEAD '));
  for (const piece of pieces) {
    if (closed) break;
    if (piece === null) socket.end();
    else if (typeof piece === 'number') await sleep(piece);
    else if (!socket.write(piece)) await Promise.race(['drain', 'end', 'close'].map((event) => new Promise((done) => { socket.once(event, done); })));
  }
  while (!closed && Date.now() - began < limitMs) {
    const quiet = Date.now() - heard > quietMs && statuses().length >= one.statuses.length;
    if (one.end === 'open' && quiet) break;
    await sleep(10);
  }
  socket.on('error', () => {});
  socket.destroy();
  return { statuses: statuses(), end: closed ? 'closed' : 'open', text: text(), ms: closed || Date.now() - began };
}
