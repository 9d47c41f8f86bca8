// The activity feed of a goal, its notes, and the names of those who wrote.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, instant, invalid, newTenant, ok, unknownId, uuidV7 } from './support/client.mjs';

for (const base of ['', basePath]) {
  describe(`activity under "${base}"`, () => {
    const client = newTenant({ base });

    test('an entry of every type is made and read', async () => {
      const goal = await client.goal();
      const made = [];
      for (const type of ['weekly_review', 'note', 'decision', 'attachment', 'system']) {
        const entry = created(await client.post(`/goals/${goal.id}/activity`, {
          type, text: `a ${type}`, title: 'T', url: 'https://example.com/x?y=1', metadata: { a: [1] },
        })).data;
        assert.match(entry.id, uuidV7);
        assert.match(entry.createdAt, instant);
        const { id, createdAt, updatedAt, createdBy, updatedBy, ...rest } = entry;
        assert.deepEqual(rest, {
          goalId: goal.id, type, text: `a ${type}`, content: `a ${type}`, title: 'T', url: 'https://example.com/x?y=1', metadata: { a: [1] },
          userId: 'user-1', userName: 'Ann One',
        });
        assert.deepEqual([updatedAt, createdBy, updatedBy], [createdAt, 'user-1', 'user-1']);
        made.unshift(entry);
      }
      assert.deepEqual(ok(await client.get(`/goals/${goal.id}/activity`)).data, made);
    });

    test('a note is the short way', async () => {
      const goal = await client.goal();
      const plain = created(await client.post(`/goals/${goal.id}/notes`, { note: 'Plain' })).data;
      assert.deepEqual([plain.type, plain.text, plain.userId], ['note', 'Plain', 'user-1']);
      const attachments = [{ name: 'Plan.pdf', url: 'https://example.com/plan.pdf' }, { name: 'B', url: 'https://example.com/b' }];
      const rich = created(await client.post(`/goals/${goal.id}/notes`, { note: 'Rich', attachments })).data;
      assert.equal(rich.type, 'note');
      assert.deepEqual(rich.metadata.attachments, attachments);
      assert.deepEqual(await client.activity(goal), [rich, plain]);
    });
  });
}

describe('the feed', () => {
  const client = newTenant();

  test('filters by one type or several', async () => {
    const goal = await client.goal();
    for (const type of ['note', 'decision', 'weekly_review', 'note', 'decision']) {
      created(await client.post(`/goals/${goal.id}/activity`, { type, text: 'x' }));
    }
    for (const [query, types] of [
      ['?type=note', ['note', 'note']], ['?type=decision,weekly_review', ['decision', 'weekly_review', 'decision']],
      ['?type=system', []], ['', ['decision', 'note', 'weekly_review', 'decision', 'note']],
    ]) {
      const answer = ok(await client.get(`/goals/${goal.id}/activity${query}`));
      assert.deepEqual(answer.data.map((entry) => entry.type), types);
      assert.equal(answer.pagination.total, types.length);
    }
    for (const query of ['type=bogus', 'page=0', 'size=x', 'status=draft']) {
      const answer = fails(await client.get(`/goals/${goal.id}/activity?${query}`), 422, 'VALIDATION_ERROR');
      assert.ok(query.split('=')[0] in answer.errors, answer.text);
    }
  });

  test('is paged without overlap, also when entries are made in the same instant', async () => {
    const goal = await client.goal();
    await Promise.all(Array.from({ length: 30 }, (_, i) => client.post(`/goals/${goal.id}/notes`, { note: `${i}` }).then(created)));
    assert.equal((await client.activity(goal)).length, 30);
    const seen = [];
    for (let page = 1; page <= 5; page += 1) {
      const answer = ok(await client.get(`/goals/${goal.id}/activity?size=7&page=${page}`));
      assert.deepEqual([answer.pagination.page, answer.pagination.size, answer.pagination.total, answer.pagination.totalPages], [page, 7, 30, 5]);
      seen.push(...answer.data);
    }
    assert.equal(new Set(seen.map((entry) => entry.text)).size, 30);
    const dates = seen.map((entry) => entry.createdAt);
    assert.deepEqual(dates, [...dates].sort().reverse());
  });

  test('belongs to one goal', async () => {
    const [one, two] = [await client.goal(), await client.goal()];
    created(await client.post(`/goals/${one.id}/notes`, { note: 'x' }));
    assert.deepEqual(await client.activity(two), []);
    for (const [method, path, body] of [['GET', 'activity'], ['POST', 'activity', { type: 'note', text: 'x' }], ['POST', 'notes', { note: 'x' }]]) {
      fails(await client.request(method, `/goals/${unknownId()}/${path}`, body), 404, 'GOAL_NOT_FOUND');
      fails(await client.request(method, `/goals/x/${path}`, body), 404, 'GOAL_NOT_FOUND');
    }
  });
});

describe('fields of an entry', () => {
  const client = newTenant();
  const good = { type: 'note', text: 'x' };

  for (const [field, value] of [
    ['type', 'bogus'], ['type', ''], ['type', 5], ['type', null], ['text', ''], ['text', 5], ['text', null], ['text', ['x']],
    ['title', 5], ['url', 5], ['url', { a: 1 }], ['url', 'javascript:alert(1)'], ['url', 'nonsense'], ['metadata', 'x'], ['metadata', [1]], ['metadata', { t: 'x'.repeat(16500) }],
  ]) {
    test(`${field} ${JSON.stringify(value).slice(0, 30)} is refused`, async () => {
      const goal = await client.goal();
      invalid(await client.post(`/goals/${goal.id}/activity`, { ...good, [field]: value }), field);
      assert.deepEqual(await client.activity(goal), []);
    });
  }

  test('type and text are required, url of an attachment too', async () => {
    const goal = await client.goal();
    invalid(await client.post(`/goals/${goal.id}/activity`, {}), 'type', 'text');
    invalid(await client.post(`/goals/${goal.id}/activity`, { type: 'attachment', text: 'x' }), 'url');
    assert.equal(created(await client.post(`/goals/${goal.id}/activity`, good)).data.url, null);
  });

  test('notes name the attachment that is wrong', async () => {
    const goal = await client.goal();
    const path = `/goals/${goal.id}/notes`;
    const file = { name: 'a', url: 'https://example.com' };
    invalid(await client.post(path, {}), 'note');
    invalid(await client.post(path, { note: '' }), 'note');
    invalid(await client.post(path, { note: 5, attachments: 'x' }), 'note', 'attachments');
    invalid(await client.post(path, { note: 'x', attachments: [file, { name: 'b' }] }), 'attachments[1].url');
    invalid(await client.post(path, { note: 'x', attachments: [{ ...file, url: 5 }, file, { url: file.url }] }), 'attachments[0].url', 'attachments[2].name');
    invalid(await client.post(path, { note: 'x', attachments: [file, 7] }), 'attachments[1]');
    assert.deepEqual(await client.activity(goal), []);
  });
});

describe('names of people', () => {
  const at = (seconds) => Math.floor(Date.now() / 1000) + seconds;

  test('are null until the person calls, and then known everywhere', async () => {
    const client = newTenant();
    const goal = await client.goal({ ownerId: 'boss' });
    assert.equal(goal.ownerName, null);
    ok(await client.as({ user: 'boss', name: 'Böss 一' }).get('/goals'));
    assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.ownerName, 'Böss 一');
    assert.equal(ok(await client.get('/goals')).data[0].ownerName, 'Böss 一');
    assert.equal((await client.goal({ ownerId: 'boss' })).ownerName, 'Böss 一');
  });

  test('follow the token that was issued last', async () => {
    const client = newTenant();
    const goal = await client.goal({ ownerId: 'boss' });
    created(await client.as({ user: 'boss', name: 'First', iat: at(-100) }).post(`/goals/${goal.id}/notes`, { note: 'x' }));
    const name = async () => {
      const owner = ok(await client.get(`/goals/${goal.id}`)).data.ownerName;
      assert.equal((await client.activity(goal))[0].userName, owner);
      return owner;
    };
    assert.equal(await name(), 'First');
    for (const [said, iat, shown] of [['Second', at(-50), 'Second'], ['Older', at(-80), 'Second'], ['Tie', at(-50), 'Tie'], ['First', at(-100), 'Tie'], ['Third', at(-10), 'Third']]) {
      ok(await client.as({ user: 'boss', name: said, iat }).get('/goals?size=1'));
      assert.equal(await name(), shown, said);
    }
  });

  test('of tokens issued at the same time follow the one that was used last', async () => {
    const client = newTenant();
    const goal = await client.goal({ ownerId: 'boss' });
    const [one, two] = ['One', 'Two'].map((name) => client.as({ user: 'boss', name, iat: at(-50) }));
    for (const [caller, name] of [[one, 'One'], [one, 'One'], [two, 'Two'], [two, 'Two'], [one, 'One'], [two, 'Two']]) {
      ok(await caller.get('/goals?size=1'));
      assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.ownerName, name);
    }
  });

  test('come from the claims that are there', async () => {
    const client = newTenant();
    for (const [claims, shown] of [
      [{ name: 'Full Name', given_name: 'No' }, 'Full Name'], [{ name: undefined, given_name: 'Jane', family_name: 'Doe' }, 'Jane Doe'],
      [{ name: undefined, email: 'jim.b@example.com' }, 'jim.b'], [{ name: undefined, email: ['joe@example.com', 'x@example.com'] }, 'joe'],
      [{ name: undefined }, null],
    ]) {
      const user = `u-${shown}`;
      ok(await client.as({ user, ...claims }).get('/goals?size=1'));
      assert.equal((await client.goal({ ownerId: user })).ownerName, shown);
    }
  });

  test('of one tenant are not told to another', async () => {
    const [one, two] = [newTenant(), newTenant({ user: 'stranger' })];
    ok(await one.as({ user: 'shared-id', name: 'Secret' }).get('/goals'));
    assert.equal((await two.goal({ ownerId: 'shared-id' })).ownerName, null);
  });
});
