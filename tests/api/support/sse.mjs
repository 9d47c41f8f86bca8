// A stream of server-sent events, read byte by byte as the standard says, without reconnecting by
// itself: what came, in which order, and how it ended is all there to look at. Every event is held to
// /asyncapi.json, whatever the test is about; `held: false` leaves that to hold(), for a test that must
// read fast, or to nobody, for events that a test has planted.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { events } from './client.mjs';

export class Watch {
  constructor(url, { method = 'GET', headers = {}, held = true, ...options } = {}) {
    this.url = url;
    this.held = held;
    this.events = [];
    this.comments = 0;
    this.text = '';
    this.lastId = undefined;
    this.waiting = [];
    this.partial = '';
    this.fields = {};
    this.opened = new Promise((done, fail) => {
      this.request = request(url, { method, headers: { Accept: 'text/event-stream', ...headers }, agent: false, ...options }, (answer) => {
        this.answer = answer;
        this.status = answer.statusCode;
        this.headers = answer.headers;
        answer.setEncoding('utf8');
        answer.on('data', (text) => this.take(text));
        answer.on('error', () => {}); // a connection that breaks ends the stream
        done(this);
      });
      this.request.on('error', fail);
      this.request.end();
    });
    this.ended = new Promise((done) => this.request.on('close', () => {
      this.over = true;
      this.look();
      done(this);
    }));
    this.opened.catch(() => {});
  }

  take(text) {
    this.text += text.length < 10000 ? text : '';
    const lines = (this.partial + text).split('\n');
    this.partial = lines.pop();
    for (const line of lines) this.line(line);
    this.look();
  }

  line(line) {
    const { fields } = this;
    if (line === '') {
      if ('data' in fields) {
        if ('id' in fields) this.lastId = fields.id;
        const event = { id: this.lastId, type: fields.event ?? 'message', data: JSON.parse(fields.data), at: Date.now() };
        this.events.push(event);
        if (this.held) events.assertEvent(this.url, event.type, event.data);
      }
      this.fields = {};
    } else if (line.startsWith(':')) this.comments += 1;
    else {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      assert.ok(['id', 'event', 'data', 'retry'].includes(name), `the stream has a line ${line}`);
      assert.ok(!(name in fields), `a second ${name} in one event`);
      fields[name] = line.slice(colon + 1).replace(/^ /, '');
      if (name === 'retry') this.retry = Number(fields.retry);
    }
  }

  hold() {
    for (const { type, data } of this.events) events.assertEvent(this.url, type, data);
  }

  look() {
    this.waiting = this.waiting.filter(({ wanted, done }) => !wanted(this) || done());
  }

  // Waits until `wanted(this)`, or fails and tells what has come.
  async until(wanted, milliseconds = 10000) {
    if (wanted(this)) return this;
    let timer;
    await new Promise((done, fail) => {
      const entry = { wanted, done };
      this.waiting.push(entry);
      timer = setTimeout(() => {
        this.waiting = this.waiting.filter((one) => one !== entry);
        fail(new Error(`waited ${milliseconds} ms for ${wanted}; there are ${this.events.length} events, ${this.over ? 'it is over' : 'it is open'}: ${
          JSON.stringify(this.events.slice(-3)).slice(0, 600)}`));
      }, milliseconds);
    }).finally(() => clearTimeout(timer));
    return this;
  }

  count(number, milliseconds) {
    return this.until((watch) => watch.events.length >= number, milliseconds);
  }

  types() {
    return this.events.map((event) => event.type);
  }

  close() {
    this.request.destroy();
    return this.ended;
  }
}

// Opens and expects a stream.
export async function watch(url, options) {
  const stream = await new Watch(url, options).opened;
  if (stream.status !== 200) await stream.ended;
  assert.equal(stream.status, 200, stream.text);
  return stream;
}

export const goalStream = (goal) => `/realtime/goals/${goal.id}/activity`;
export const tenantStream = (client) => `/realtime/tenants/${encodeURIComponent(client.claims.tenant)}`;
