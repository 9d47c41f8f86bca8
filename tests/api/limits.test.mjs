// Limits of a subscription hold exactly, also when many try at once.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, newTenant, ok } from './support/client.mjs';

const body = { title: 'x', horizon: 'year', ownerId: 'o' };

// Of 30 at once exactly 5 succeed, and the others say why.
async function race(code, send) {
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => send(i)));
  const good = answers.filter((answer) => answer.status === 201);
  assert.equal(good.length, 5);
  for (const answer of answers) if (answer.status !== 201) fails(answer, 403, code);
  return good.map((answer) => answer.data);
}

describe('goals', () => {
  test('30 at once at a limit of 5', async () => {
    const client = newTenant({ limits: { goals: 5 } });
    const made = await race('GOAL_LIMIT_REACHED', () => client.post('/goals', body));
    assert.equal(ok(await client.get('/goals')).pagination.total, 5);
    fails(await client.post('/goals', body), 403, 'GOAL_LIMIT_REACHED');
    ok(await client.del(`/goals/${made[0].id}`));
    created(await client.post('/goals', body));
    fails(await client.post('/goals', body), 403, 'GOAL_LIMIT_REACHED');
  });

  test('the limit is of the tenant, whoever calls', async () => {
    const client = newTenant({ limits: { goals: 5 } });
    const users = Array.from({ length: 6 }, (_, i) => client.as({ user: `user-${i}` }));
    await race('GOAL_LIMIT_REACHED', (i) => users[i % 6].post('/goals', body));
    created(await newTenant({ limits: { goals: 5 } }).post('/goals', body));
  });

  test('deletes and creates at once never pass it', async () => {
    const client = newTenant({ limits: { goals: 5 } });
    const made = [];
    for (let i = 0; i < 5; i += 1) made.push((await client.goal()).id);
    await Promise.all([...made.map((id) => client.del(`/goals/${id}`).then(ok)), ...Array.from({ length: 15 }, () => client.post('/goals', body))]);
    const { total } = ok(await client.get('/goals')).pagination;
    assert.ok(total <= 5, `${total} goals`);
    for (let i = total; i < 5; i += 1) created(await client.post('/goals', body));
    fails(await client.post('/goals', body), 403, 'GOAL_LIMIT_REACHED');
  });

  for (const [limits, allowed] of [[{ goals: 0 }, 0], [{ goals: null }, 3], [{}, 3], [{ kpis: 0 }, 3], [{ goals: 2 }, 2], [undefined, 3]]) {
    test(`limits ${JSON.stringify(limits)}`, async () => {
      const client = newTenant({ limits });
      for (let i = 0; i < allowed; i += 1) created(await client.post('/goals', body));
      if (allowed < 3) fails(await client.post('/goals', body), 403, 'GOAL_LIMIT_REACHED');
      assert.equal(ok(await client.get('/goals')).pagination.total, allowed);
    });
  }

  test('bad input is told before the limit counts', async () => {
    const client = newTenant({ limits: { goals: 0 } });
    fails(await client.post('/goals', {}), 422, 'VALIDATION_ERROR');
  });

  test('changing what exists needs no room', async () => {
    const client = newTenant();
    const goal = await client.goal();
    const full = client.as({ limits: { goals: 0 } });
    ok(await full.put(`/goals/${goal.id}`, { title: 'y' }));
    ok(await full.post(`/goals/${goal.id}:activate`, { reason: 'x' }));
  });
});

describe('strategies', () => {
  test('30 at once over two goals at a limit of 5', async () => {
    const client = newTenant({ limits: { strategies: 5 } });
    const goals = [await client.goal(), await client.goal()];
    const made = await race('STRATEGY_LIMIT_REACHED', (i) => client.post(`/goals/${goals[i % 2].id}/strategies`, { description: `${i}`, order: 1 }));
    const counted = [];
    for (const goal of goals) {
      const { strategies } = ok(await client.get(`/goals/${goal.id}`)).data;
      assert.deepEqual(strategies.map((strategy) => strategy.order), strategies.map((_, i) => i + 1));
      counted.push(...strategies);
    }
    assert.equal(counted.length, 5);
    ok(await client.del(`/goals/${made[0].goalId}/strategies/${made[0].id}`));
    created(await client.post(`/goals/${goals[0].id}/strategies`, { description: 'x' }));
    fails(await client.post(`/goals/${goals[0].id}/strategies`, { description: 'x' }), 403, 'STRATEGY_LIMIT_REACHED');
  });

  test('of a deleted goal do not count', async () => {
    const client = newTenant({ limits: { strategies: 2 } });
    const goal = await client.goal();
    await client.strategy(goal);
    await client.strategy(goal);
    fails(await client.post(`/goals/${goal.id}/strategies`, { description: 'x' }), 403, 'STRATEGY_LIMIT_REACHED');
    ok(await client.del(`/goals/${goal.id}`));
    await client.strategy(await client.goal());
  });
});

describe('attachments', () => {
  const attachment = { type: 'attachment', text: 'x', url: 'https://example.com' };

  test('30 at once at a limit of 5 for a goal', async () => {
    const client = newTenant({ limits: { attachments: 5 } });
    const [goal, other] = [await client.goal(), await client.goal()];
    await race('ATTACHMENT_LIMIT_REACHED', () => client.post(`/goals/${goal.id}/activity`, attachment));
    assert.equal(ok(await client.get(`/goals/${goal.id}/activity`)).pagination.total, 5);
    created(await client.post(`/goals/${other.id}/activity`, attachment));
    created(await client.post(`/goals/${goal.id}/activity`, { type: 'note', text: 'no attachment' }));
    created(await client.post(`/goals/${goal.id}/notes`, { note: 'no attachment' }));
  });
});
