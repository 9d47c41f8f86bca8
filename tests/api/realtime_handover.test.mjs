// From replay to live, thousands of times while events are published as fast as they go: whoever
// begins at any place gets everything behind it, once and in order.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { newTenant, ok, stack } from './support/client.mjs';
import { goalStream, tenantStream, watch } from './support/sse.mjs';

const writers = 6;
const milliseconds = 12000;

const client = newTenant();
const people = Array.from({ length: 20 }, (_, i) => client.as({ user: `watcher-${i}` })); // each may have 100 streams
const authors = Array.from({ length: writers }, (_, i) => client.as({ user: `writer-${i}` })); // each may make 6,000 requests per minute
let goals;
let all; // the whole tenant's stream, from the beginning
let acknowledged;
let stopped;
let writing;

async function write(i) {
  for (let k = 0; !stopped; k += 1) {
    const goal = goals[(i + k) % goals.length];
    const answer = await authors[i].post(`/goals/${goal.id}/activity`, { type: k % 3 ? 'note' : 'decision', text: `${i}-${k}` });
    assert.equal(answer.status, 201, answer.text);
    acknowledged.set(answer.data.id, { goalId: goal.id, writer: i, k });
  }
}

const opened = (path, i, last) => watch(`${stack.url}${path}`, { headers: { ...people[i % people.length].headers, ...(last && { 'Last-Event-ID': last }) } });

before(async () => {
  goals = [await client.goal(), await client.goal()];
  const cursor = ok(await client.get(`/goals/${goals[0].id}`)).headers['x-last-event-id'];
  all = await opened(tenantStream(client), 0, cursor);
});

// For a while, and until there are `wanted` results, however slow the machine is; the test's timeout bounds it.
async function load(wanted, work) {
  acknowledged = new Map();
  lists.clear();
  stopped = false;
  writing = Array.from({ length: writers }, (_, i) => write(i));
  const ends = Date.now() + milliseconds;
  const begin = all.events.length;
  await all.count(begin + 50);
  const results = [];
  await Promise.all(Array.from({ length: 12 }, async (_, i) => {
    for (let k = 0; !stopped && (Date.now() < ends || results.length < wanted); k += 1) results.push(await work(i, k));
  })).finally(() => { stopped = true; });
  await Promise.all(writing);
  await all.until(({ events }) => events.slice(begin).filter(({ data }) => acknowledged.has(data.activity?.id)).length >= acknowledged.size);
  checkAll(begin);
  return results;
}

// Every acknowledged entry came once, and each writer's in the order in which they were written.
function checkAll(begin) {
  const events = all.events.slice(begin).filter(({ data }) => acknowledged.has(data.activity?.id));
  assert.equal(events.length, acknowledged.size);
  const last = Array(writers).fill(-1);
  for (const { data } of events) {
    const { writer, k, goalId } = acknowledged.get(data.activity.id);
    assert.ok(k > last[writer], 'a writer\'s entries are in order');
    assert.equal(data.goalId, goalId);
    last[writer] = k;
  }
  const places = all.events.map(({ id }) => placeOf(id));
  for (let i = 1; i < places.length; i += 1) assert.equal(places[i], places[i - 1] + 1);
}

const placeOf = (id) => Number(id.split('-')[1]);
const lists = new Map(); // goal (null: the tenant) -> {places, events}; made when nothing is written
function eventsOf(goal) {
  if (!lists.has(goal)) {
    const events = all.events.filter(({ data }) => !goal || data.goalId === goal.id);
    lists.set(goal, { events, places: events.map(({ id }) => placeOf(id)) });
  }
  return lists.get(goal);
}

// The index of the first event behind a place.
function behind(places, place) {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] > place) high = middle; else low = middle + 1;
  }
  return low;
}

// What a stream from `cursor` on has to begin with.
function assertFollows(stream, cursor, goal) {
  const { events, places } = eventsOf(goal);
  const at = behind(places, placeOf(cursor));
  assert.ok(stream.events.length > 0);
  for (const [i, { id }] of stream.events.entries()) assert.equal(id, events[at + i]?.id, `event ${i} behind ${cursor}`);
}

after(async () => {
  stopped = true;
  await all.close();
});

describe('under load', () => {
  test('a stream from any place hands over to live without a defect', { timeout: 60000 }, async () => {
    const results = await load(1000, async (i, k) => {
      const back = Math.floor(Math.random() ** 4 * Math.min(all.events.length, 400)); // mostly close to the end
      const cursor = all.events.at(-1 - back).id;
      const goal = k % 3 ? goals[k % 2] : null;
      const stream = await opened(goal ? goalStream(goal) : tenantStream(client), i + k, cursor);
      await stream.count((goal ? back / 2 : back) + 5, 20000).finally(() => stream.close()); // or the file would never end
      return { stream, cursor, goal };
    });
    for (const { stream, cursor, goal } of results) assertFollows(stream, cursor, goal);
    console.log(`${results.length} streams, ${acknowledged.size} entries written`);
    assert.ok(results.length >= 1000, `only ${results.length} streams`);
  });

  test('nothing falls between a page and the stream from its cursor', { timeout: 60000 }, async () => {
    const results = await load(500, async (i, k) => {
      const goal = goals[k % 2];
      const page = ok(await client.get(`/goals/${goal.id}/activity?size=100`));
      const cursor = page.headers['x-last-event-id'];
      const stream = await opened(`${goalStream(goal)}?lastEventId=${cursor}`, i + k);
      await stream.count(3, 20000).finally(() => stream.close());
      return { page, stream, cursor, goal };
    });
    for (const { page, stream, cursor, goal } of results) {
      assertFollows(stream, cursor, goal);
      const shown = new Set(page.data.map(({ id }) => id));
      const { events, places } = eventsOf(goal);
      const end = behind(places, placeOf(stream.events[0].id) - 1);
      const oldest = page.data.at(-1).createdAt; // the page is ordered by time, the stream by commit
      for (const { data } of events.slice(Math.max(0, end - 300), end).filter((event) => event.data.activity.createdAt > oldest)) {
        assert.ok(shown.has(data.activity.id), `the entry ${data.activity.text} is neither on the page nor in the stream`);
      }
    }
    console.log(`${results.length} pages and streams`);
    assert.ok(results.length >= 500, `only ${results.length} pages`);
  });

  test('and all that is still so when nobody writes', async () => {
    const last = all.events.at(-1).id;
    const stream = await opened(tenantStream(client), 3, last);
    await sleep(500);
    assert.deepEqual(stream.events, []);
    await stream.close();
  });
});
