// The client against the real server: what its README promises.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { connect, ifMatch, isTractionError, unwrap, watchGoal, watchTenant } from '@traction/client';
import { newTenant, stack } from '../api/support/client.mjs';
import { claimsOf, seconds, sign } from '../api/support/token.mjs';

const goalOf = (id) => ({ params: { path: { id } } });

async function newGoal(traction) {
  const { data } = await unwrap(traction.api.POST('/goals', { body: { title: 'Seen live', ownerId: 'ann', horizon: 'year' } }));
  return data;
}

test('a change is refused when somebody else was faster', async () => {
  const traction = connect({ baseUrl: stack.url, token: newTenant().token });
  const goal = await newGoal(traction);
  const { etag } = await unwrap(traction.api.GET('/goals/{id}', goalOf(goal.id)));
  const change = (title) => unwrap(traction.api.PUT('/goals/{id}', { params: { path: { id: goal.id }, header: ifMatch(etag) }, body: { title } }));
  assert.equal((await change('first')).data.title, 'first');
  const error = await change('second').catch((caught) => caught);
  assert.ok(isTractionError(error, 'PRECONDITION_FAILED'));
});

test('nothing falls between reading a goal and watching it', { timeout: 30000 }, async () => {
  const traction = connect({ baseUrl: stack.url, token: newTenant().token });
  const goal = await newGoal(traction);
  let lastEventId = null; // absent until the stack's streams are up
  while (lastEventId === null) ({ lastEventId } = await unwrap(traction.api.GET('/goals/{id}', goalOf(goal.id))));
  await unwrap(traction.api.POST('/goals/{id}/notes', { ...goalOf(goal.id), body: { note: 'in between' } }));
  for await (const item of watchGoal(traction, goal.id, { lastEventId })) {
    assert.equal(item.event.type, 'activity.created');
    assert.deepEqual([item.event.goalId, item.event.activity.text], [goal.id, 'in between']);
    break;
  }
});

test('the stream outlives the token when a new one is supplied', { timeout: 30000 }, async () => {
  const { claims } = newTenant();
  const lasting = (lifetime) => sign({ ...claimsOf(claims), exp: seconds() + lifetime }, stack.secret);
  let kept = lasting(2);
  let supplied = 0;
  const token = ({ refresh }) => {
    if (refresh) {
      supplied += 1;
      kept = lasting(3600);
    }
    return kept;
  };
  const traction = connect({ baseUrl: stack.url, token });
  const seen = [];
  let lost = false;
  for await (const item of watchTenant(traction, claims.tenant, {
    types: ['goal.created'],
    onState: (state) => {
      if (state === 'lost') lost = true;
      if (state === 'open') newGoal(traction);
    },
  })) {
    seen.push(item.id);
    if (lost && seen.length === 2) break;
  }
  assert.equal(supplied, 1);
  assert.equal(new Set(seen).size, 2);
});

test('another tenant is refused before any stream starts', async () => {
  const traction = connect({ baseUrl: stack.url, token: newTenant().token });
  await assert.rejects(watchTenant(traction, 'somebody-else').next(), { code: 'INSUFFICIENT_PERMISSIONS', status: 403 });
});
