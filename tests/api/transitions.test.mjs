// The life of a goal: every transition that is allowed, every one that is refused and how, and what
// the activity feed tells of it.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { basePath, created, fails, instant, invalid, newTenant, ok, unknownId } from './support/client.mjs';

const statuses = ['draft', 'active', 'paused', 'completed', 'cancelled', 'archived'];
const titled = (status) => status[0].toUpperCase() + status.slice(1);

const verbs = {
  activate: { path: ':activate', body: {}, to: 'active' },
  pause: { path: ':pause', body: {}, to: 'paused' },
  complete: { path: ':close', body: { finalStatus: 'completed' }, to: 'completed' },
  cancel: { path: ':close', body: { finalStatus: 'cancelled' }, to: 'cancelled' },
};

const allowed = {
  activate: ['draft', 'paused'],
  pause: ['active'],
  complete: ['active'],
  cancel: ['draft', 'active', 'paused', 'cancelled', 'archived'],
};

const refusal = {
  activate: (from) => `Cannot activate goal in ${titled(from)} status`,
  pause: (from) => `Cannot put goal on hold from ${titled(from)} status`,
  complete: (from) => `Cannot complete goal in ${titled(from)} status`,
  cancel: () => 'Cannot cancel completed goal',
};

for (const base of ['', basePath]) {
  describe(`verbs under "${base}"`, () => {
    const client = newTenant({ base });
    for (const [verb, { path, body, to }] of Object.entries(verbs)) {
      for (const from of statuses) {
        if (allowed[verb].includes(from)) {
          test(`${from} -> ${verb}`, async () => {
            const goal = await client.goalIn(from);
            const changed = ok(await client.post(`/goals/${goal.id}${path}`, body)).data;
            assert.equal(changed.status, to);
            assert.equal(changed.id, goal.id);
            assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data, changed);
          });
        } else {
          test(`${from} -> ${verb} is refused`, async () => {
            const goal = await client.goalIn(from);
            fails(await client.post(`/goals/${goal.id}${path}`, { ...body, reason: 'because' }), 400,
              'INVALID_STATUS_TRANSITION', refusal[verb](from));
            assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data, goal);
            assert.deepEqual(await client.activity(goal), []);
          });
        }
      }
    }
  });
}

describe('verbs', () => {
  const client = newTenant();

  test('the colon may be percent-encoded', async () => {
    const goal = await client.goal();
    assert.equal(ok(await client.post(`/goals/${goal.id}%3Aactivate`, {})).data.status, 'active');
    assert.equal(ok(await client.post(`/goals/${goal.id}%3apause`, {})).data.status, 'paused');
  });

  test('need no body where everything in it is optional', async () => {
    const goal = await client.goal();
    assert.equal(ok(await client.post(`/goals/${goal.id}:activate`)).data.status, 'active');
    assert.equal(ok(await client.post(`/goals/${goal.id}:pause`)).data.status, 'paused');
    fails(await client.post(`/goals/${goal.id}:close`), 400, 'INVALID_FINAL_STATUS');
  });

  test('of a goal that does not exist are 404', async () => {
    for (const { path, body } of Object.values(verbs)) {
      fails(await client.post(`/goals/${unknownId()}${path}`, body), 404, 'GOAL_NOT_FOUND');
      fails(await client.post(`/goals/nonsense${path}`, body), 404, 'GOAL_NOT_FOUND');
    }
  });

  test('that do not exist are no route', async () => {
    const goal = await client.goal();
    fails(await client.post(`/goals/${goal.id}:explode`, {}), 404, 'ROUTE_NOT_FOUND');
    fails(await client.post(`/goals/${goal.id}:ACTIVATE`, {}), 404, 'ROUTE_NOT_FOUND');
  });

  for (const finalStatus of ['done', '', 'Completed', 'active', null, 5, ['completed'], undefined]) {
    test(`finalStatus ${JSON.stringify(finalStatus)} is refused`, async () => {
      const goal = await client.goalIn('active');
      fails(await client.post(`/goals/${goal.id}:close`, { finalStatus, reason: 'x' }), 400, 'INVALID_FINAL_STATUS');
      assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.status, 'active');
    });
  }

  test('final_status is finalStatus', async () => {
    const goal = await client.goalIn('active');
    assert.equal(ok(await client.post(`/goals/${goal.id}:close`, { final_status: 'completed' })).data.status, 'completed');
  });

  test('a reason that is no text is refused', async () => {
    const goal = await client.goal();
    invalid(await client.post(`/goals/${goal.id}:activate`, { reason: 5 }), 'reason');
    assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.status, 'draft');
  });
});

describe('what a goal says of itself', () => {
  const client = newTenant();
  const transitions = {
    draft: ['activate', 'cancel'], active: ['pause', 'complete', 'cancel'], paused: ['activate', 'cancel'], completed: [], cancelled: ['cancel'], archived: ['cancel'],
  };
  for (const [status, expected] of Object.entries(transitions)) {
    test(`allowedTransitions in ${status}`, async () => {
      const goal = await client.goalIn(status);
      assert.deepEqual([...goal.allowedTransitions].sort(), [...expected].sort());
    });
  }

  test('every verb in allowedTransitions succeeds, and no other', async () => {
    for (const status of statuses) {
      for (const [verb, { path, body }] of Object.entries(verbs)) {
        const goal = await client.goalIn(status);
        const answer = await client.post(`/goals/${goal.id}${path}`, body);
        assert.equal(answer.status === 200, goal.allowedTransitions.includes(verb), `${verb} from ${status}`);
      }
    }
  });

  test('completing sets completedAt and progress 100', async () => {
    const goal = await client.goalIn('completed');
    assert.match(goal.completedAt, instant);
    assert.equal(goal.progress, 100);
    assert.equal(goal.cancelledAt, null);
  });

  test('cancelling sets cancelledAt; doing it again changes nothing', async () => {
    const goal = await client.goalIn('cancelled');
    assert.match(goal.cancelledAt, instant);
    assert.equal(goal.completedAt, null);
    const again = ok(await client.post(`/goals/${goal.id}:close`, { finalStatus: 'cancelled', reason: 'twice' }));
    assert.deepEqual(again.data, goal);
    assert.deepEqual(await client.activity(goal), []);
  });
});

describe('status by PUT', () => {
  const client = newTenant();
  const put = (goal, status) => client.put(`/goals/${goal.id}`, { status });
  const byTarget = { active: 'activate', paused: 'pause', completed: 'complete', cancelled: 'cancel' };

  for (const from of statuses) {
    for (const to of statuses) {
      const verb = byTarget[to];
      const good = from === to || (verb ? allowed[verb].includes(from) : to === 'archived' && from !== 'active');
      test(`${from} -> ${to}${good ? '' : ' is refused'}`, async () => {
        const goal = await client.goalIn(from);
        const answer = await put(goal, to);
        if (good) {
          assert.equal(ok(answer).data.status, to);
          assert.equal(answer.data.completedAt !== null, to === 'completed' || from === 'completed');
          return;
        }
        fails(answer, 400, 'INVALID_STATUS_TRANSITION', verb ? refusal[verb](from)
          : `Cannot change goal from ${titled(from)} to ${titled(to)} status`);
        assert.deepEqual(ok(await client.get(`/goals/${goal.id}`)).data, goal);
      });
    }
  }

  test('a refused status keeps the other fields from changing', async () => {
    const goal = await client.goalIn('draft');
    fails(await client.put(`/goals/${goal.id}`, { title: 'sneaky', status: 'paused' }), 400, 'INVALID_STATUS_TRANSITION');
    assert.equal(ok(await client.get(`/goals/${goal.id}`)).data.title, goal.title);
  });

  test('a status that does not exist is a bad value', async () => {
    const goal = await client.goal();
    for (const status of ['bogus', '', 'act ive d', 5]) invalid(await put(goal, status), 'status');
  });
});

describe('reasons in the activity feed', () => {
  const client = newTenant();
  const cases = [
    ['draft', 'activate', 'Goal Started', 'Goal started: '], ['paused', 'activate', 'Goal Resumed', 'Goal resumed: '],
    ['active', 'pause', 'Goal Paused', 'Goal paused: '], ['active', 'complete', 'Goal Completed', 'Goal completed: '],
    ['draft', 'cancel', 'Goal Cancelled', 'Goal cancelled: '], ['active', 'cancel', 'Goal Cancelled', 'Goal cancelled: '],
    ['archived', 'cancel', 'Goal Cancelled', 'Goal cancelled: '],
  ];
  for (const [from, verb, title, text] of cases) {
    test(`${from} -> ${verb} is titled ${title}`, async () => {
      const goal = await client.goalIn(from);
      const { path, body } = verbs[verb];
      ok(await client.post(`/goals/${goal.id}${path}`, { ...body, reason: 'Größe "zählt" 😀' }));
      const entries = await client.activity(goal);
      assert.equal(entries.length, 1);
      assert.equal(entries[0].type, 'system');
      assert.equal(entries[0].title, title);
      assert.equal(entries[0].text, `${text}Größe "zählt" 😀`);
      assert.equal(entries[0].userId, 'user-1');
      assert.equal(entries[0].goalId, goal.id);
    });
  }

  test('without a reason there is no entry', async () => {
    const goal = await client.goal();
    for (const [verb, body] of [['activate', {}], ['pause', { reason: null }], ['activate', undefined]]) {
      ok(await client.post(`/goals/${goal.id}:${verb}`, body));
    }
    assert.deepEqual(await client.activity(goal), []);
  });

  test('a whole life is told newest first', async () => {
    const goal = created(await client.post('/goals', { title: 'Life', horizon: 'month', owner_id: 'o' })).data;
    for (const [verb, body] of [['activate', {}], ['pause', {}], ['activate', {}], ['close', { finalStatus: 'completed' }]]) {
      ok(await client.post(`/goals/${goal.id}:${verb}`, { ...body, reason: verb }));
    }
    assert.deepEqual((await client.activity(goal)).map((entry) => entry.title),
      ['Goal Completed', 'Goal Resumed', 'Goal Paused', 'Goal Started']);
  });
});
