// Random companies made through the API, and what statistics, score and alignment have to say of them:
// computed a second time, from nothing but what the other routes answer.
import { ok } from './client.mjs';

// The same numbers for the same seed (mulberry32).
export function randomOf(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return { next, below, chance: (p) => next() < p, one: (list) => list[below(list.length)] };
}

const day = (offset) => new Date(Date.now() + offset * 86400000).toISOString().slice(0, 10);
const people = ['ann', 'bob', 'cem', 'dee', 'eve', 'fay'];

// What happens in a company: each step is one request or a few. `world` keeps the ids.
const steps = {
  async goal(client, r, world) {
    const goal = await client.goal({
      horizon: r.one(['year', 'quarter', 'month']), ownerId: r.one(people), status: r.one(['draft', 'active', 'active', 'active', 'paused']),
      startDate: day(-400), dueDate: day(r.below(200) - 100),
    });
    world.goals.push(goal.id);
  },
  async moveGoal(client, r, world) { // some of these are refused, and that is fine
    const id = r.one(world.goals);
    const kind = r.below(6);
    if (kind === 0) await client.post(`/goals/${id}:activate`, {});
    else if (kind === 1) await client.post(`/goals/${id}:pause`, {});
    else if (kind <= 3) await client.post(`/goals/${id}:close`, { finalStatus: r.one(['completed', 'completed', 'cancelled']) });
    else if (kind === 4) await client.put(`/goals/${id}`, { status: 'archived' });
    else await client.put(`/goals/${id}`, { ownerId: r.one(people), dueDate: r.chance(0.2) ? null : day(r.below(200) - 100) });
  },
  async deleteGoal(client, r, world) {
    const [id] = world.goals.splice(r.below(world.goals.length), 1);
    ok(await client.del(`/goals/${id}`));
    world.strategies = world.strategies.filter((strategy) => strategy.goal !== id);
  },
  async strategy(client, r, world) {
    const goal = r.one(world.goals);
    const strategy = await client.strategy({ id: goal }, {
      status: r.one(['draft', 'validated', 'adopted']), ...(r.chance(0.3) ? { order: 1 + r.below(3) } : {}),
    });
    world.strategies.push({ id: strategy.id, goal });
  },
  async changeStrategy(client, r, world) {
    const { id, goal } = r.one(world.strategies);
    ok(await client.put(`/goals/${goal}/strategies/${id}`, { status: r.one(['draft', 'validated', 'adopted']), ...(r.chance(0.5) ? { order: 1 + r.below(4) } : {}) }));
  },
  async deleteStrategy(client, r, world) {
    const [{ id, goal }] = world.strategies.splice(r.below(world.strategies.length), 1);
    ok(await client.del(`/goals/${goal}/strategies/${id}`));
  },
  async reorder(client, r, world) {
    const { goal } = r.one(world.strategies);
    const ids = ok(await client.get(`/goals/${goal}/strategies`)).data.map(({ id }) => id);
    ok(await client.put(`/goals/${goal}/strategies:reorder`, { strategyIds: ids.sort(() => r.next() - 0.5) }));
  },
  async kpi(client, r, world) {
    const answer = ok(await client.post('/kpis', {
      name: `KPI ${world.names += 1}`, direction: r.one(['up', 'down']), isShared: r.chance(0.4), ownerId: r.chance(0.5) ? r.one(people) : null,
      baselineValue: r.chance(0.5) ? r.below(50) : null, targetValue: r.chance(0.8) ? 20 + r.below(80) : null,
    }), 201);
    world.kpis.push(answer.data.id);
  },
  async changeKpi(client, r, world) {
    ok(await client.put(`/kpis/${r.one(world.kpis)}`, { targetValue: r.chance(0.8) ? 20 + r.below(80) : null, isShared: r.chance(0.5) }));
  },
  async deleteKpi(client, r, world) { // refused while it is linked
    const id = r.one(world.kpis);
    if ((await client.del(`/kpis/${id}`)).status === 200) world.kpis = world.kpis.filter((kpi) => kpi !== id);
  },
  async link(client, r, world) {
    const own = r.chance(0.3) ? { targetValue: 10 + r.below(90) } : {};
    const { status, data } = await client.post(`/goals/${r.one(world.goals)}/kpis:link`, {
      kpiId: r.one(world.kpis), thresholdPct: r.below(101), ...own, ...(r.chance(0.2) ? { baselineValue: r.below(20) } : {}),
    });
    if (status < 300 && 'targetValue' in own) world.ownTargets.add(data.id);
  },
  async unlink(client, r, world) { // often there is nothing to unlink
    await client.post(`/goals/${r.one(world.goals)}/kpis:unlink`, { kpiId: r.one(world.kpis) });
  },
  async threshold(client, r, world) {
    await client.post(`/goals/${r.one(world.goals)}/kpis/${r.one(world.kpis)}:setThreshold`, { thresholdPct: r.below(101) });
  },
  async reading(client, r, world) {
    await client.post(`/kpis/${r.one(world.kpis)}/readings`, {
      period: `2025-${String(1 + r.below(12)).padStart(2, '0')}`, value: r.below(400) / 4, ...(r.chance(0.2) ? { adjustedValue: r.below(400) / 4 } : {}),
    });
  },
  async measure(client, r, world) {
    await client.post(`/kpis/${r.one(world.kpis)}/actuals`, {
      measurementDate: `2025-${String(1 + r.below(12)).padStart(2, '0')}-${String(1 + r.below(28)).padStart(2, '0')}`, actualValue: r.below(400) / 4,
      actualSubtype: r.chance(0.3) ? 'Estimate' : 'Measured',
    });
  },
  async unmeasure(client, r, world) { // posted readings stay; often there is none
    const kpi = r.one(world.kpis);
    const actuals = ok(await client.get(`/kpis/${kpi}/actuals`)).data;
    if (actuals.length) await client.del(`/kpis/${kpi}/actuals/${r.one(actuals).id}`);
  },
  async plan(client, r, world) {
    const points = Array.from({ length: 1 + r.below(4) }, (_, i) => ({
      milestoneDate: day(40 * (i + r.below(2)) - 60 + i), targetValue: 1 + r.below(100), ...(r.chance(0.3) ? { label: 'Then' } : {}),
    }));
    await client.put(`/kpis/${r.one(world.kpis)}/milestones`, { milestones: points, replaceAll: r.chance(0.3), interpolationMethod: r.one(['linear', 'exponential', 'step']) });
  },
  async deletePoint(client, r, world) { // often there is none
    const kpi = r.one(world.kpis);
    const points = ok(await client.get(`/kpis/${kpi}/targets`)).data;
    if (points.length) ok(await client.del(`/kpis/${kpi}/targets/${r.one(points).id}`));
  },
  async adjust(client, r, world) { // refused where there is nothing to adjust
    await client.post(`/kpis/${r.one(world.kpis)}/adjust`, {
      strategy: r.one(['maintain_final_goal', 'proportional_shift']), rationale: 'It went otherwise', effectiveDate: day(r.below(100) - 50),
    });
  },
  async action(client, r, world) {
    const action = await client.action({
      status: r.one(['not_started', 'in_progress', 'completed', 'blocked', 'cancelled']), ...(r.chance(0.8) ? { dueDate: day(r.below(60) - 30) } : {}),
      ...(r.chance(0.8) ? { assignedPersonId: r.one(people) } : {}), priority: r.one(['low', 'medium', 'high', 'critical']),
      ...(r.chance(0.7) && world.goals.length ? { connections: { goalIds: [...new Set([r.one(world.goals), r.one(world.goals)])] } } : {}),
    });
    world.actions.push(action.id);
  },
  async changeAction(client, r, world) {
    ok(await client.put(`/api/operations/actions/${r.one(world.actions)}`, { status: r.one(['in_progress', 'completed', 'cancelled']), dueDate: day(r.below(60) - 30) }));
  },
  async linkAction(client, r, world) {
    ok(await client.put(`/api/operations/actions/${r.one(world.actions)}/goals`, { goalIds: r.chance(0.2) ? [] : [r.one(world.goals)] }));
  },
  async deleteAction(client, r, world) {
    const [id] = world.actions.splice(r.below(world.actions.length), 1);
    ok(await client.del(`/api/operations/actions/${id}`));
  },
  async issue(client, r, world) {
    world.issues.push((await client.issue({ priority: r.one(['low', 'high']), ...(r.chance(0.5) ? { assignedPersonId: r.one([...people, 'gus', 'hal']) } : {}) })).id);
  },
  // More of everything, for what shows more than figures do.
  async widerGoal(client, r, world) {
    world.goals.push((await client.goal({
      title: `Goal ${world.names += 1}`, intent: r.chance(0.7) ? `Why ${world.names}` : null, ownerId: r.one(people), status: 'active', startDate: day(-400), dueDate: day(10 * r.below(12) - 40),
    })).id);
  },
  async clearDueDate(client, r, world) {
    ok(await client.put(`/goals/${r.one(world.goals)}`, { dueDate: null }));
  },
  async widerKpi(client, r, world) { // negative and zero values, and a beginning
    const answer = ok(await client.post('/kpis', {
      name: `KPI ${world.names += 1}`, direction: r.one(['up', 'down']), ownerId: r.chance(0.7) ? r.one(people) : null, baselineValue: r.chance(0.7) ? r.below(200) - 100 : null,
      baselineDate: r.chance(0.5) ? day(-300 - r.below(100)) : null, targetValue: r.chance(0.7) ? r.one([0, r.below(200) - 100]) : null,
    }), 201);
    world.kpis.push(answer.data.id);
    if (r.chance(0.8)) await client.post(`/kpis/${answer.data.id}/actuals`, { measurementDate: day(-r.below(200)), actualValue: r.one([0, r.below(800) / 4 - 100]), adjustmentStrategy: 'none' });
    await client.post(`/goals/${r.one(world.goals)}/kpis:link`, { kpiId: answer.data.id, thresholdPct: 60 + r.below(41) });
  },
  async linkForStrategy(client, r, world) {
    const { id, goal } = r.one(world.strategies);
    await client.post(`/goals/${goal}/kpis:link`, { kpiId: r.one(world.kpis), strategyId: r.chance(0.9) ? id : null, isPrimary: r.chance(0.3) });
  },
  async setPrimary(client, r, world) { // often it is not linked
    const goal = r.one(world.goals);
    const links = ok(await client.get(`/goals/${goal}`)).data.kpis;
    if (links.length) ok(await client.put(`/goals/${goal}/kpis/${r.one(links).kpiId}:setPrimary`, {}));
  },
  async widerAction(client, r, world) {
    const action = await client.action({
      title: `Action ${world.names += 1}`, description: r.chance(0.5) ? 'In detail' : null, priority: r.one(['low', 'medium', 'high', 'critical']), progress: r.below(100),
      status: r.one(['not_started', 'in_progress', 'blocked', 'completed', 'cancelled']), assignedPersonId: r.one(['user-1', 'user-1', ...people]),
      ...(r.chance(0.9) ? { dueDate: r.chance(0.3) ? `${day(r.below(12) - 4)}T${String(r.below(24)).padStart(2, '0')}:30:00Z` : day(r.below(40) - 15) } : {}),
      connections: {
        goalIds: r.chance(0.7) ? [...new Set([r.one(world.goals), r.one(world.goals)])] : [],
        strategyIds: r.chance(0.7) && world.strategies.length ? [...new Set([r.one(world.strategies).id, r.one(world.strategies).id])] : [],
      },
    });
    world.actions.push(action.id);
  },
  async finishAction(client, r, world) {
    ok(await client.post(`/operations/actions/${r.one(world.actions)}/complete`, {}));
  },
  async widerIssue(client, r, world) {
    world.issues.push((await client.issue({
      title: `Issue ${world.names += 1}`, impact: r.one(['low', 'medium', 'high', 'high', 'critical', null]), priority: r.one(['low', 'high']), dateReported: day(-r.below(30)),
    })).id);
  },
  async moveIssue(client, r, world) { // some of these are refused
    const path = `/issues/${r.one(world.issues)}`;
    const kind = r.below(5);
    if (kind === 0) await client.put(`${path}/start`, {});
    else if (kind === 1) await client.put(`${path}/resolve`, { resolutionNotes: 'Done' });
    else if (kind === 2) await client.post(`${path}/close`, { force: true });
    else if (kind === 3) await client.put(`${path}/reopen`, { reason: 'Again' });
    else ok(await client.put(path, { impact: r.one(['low', 'high', 'critical', null]), title: `Issue ${world.names += 1}` }));
  },
  async deleteIssue(client, r, world) {
    const [id] = world.issues.splice(r.below(world.issues.length), 1);
    ok(await client.del(`/api/operations/issues/${id}`));
  },
};

// How often each, and what there must be before.
const weights = {
  goal: [10], moveGoal: [8, 'goals'], deleteGoal: [1, 'goals'], strategy: [10, 'goals'], changeStrategy: [5, 'strategies'], deleteStrategy: [1, 'strategies'],
  reorder: [2, 'strategies'], kpi: [6], changeKpi: [2, 'kpis'], deleteKpi: [1, 'kpis'], link: [12, 'goals', 'kpis'], unlink: [2, 'goals', 'kpis'],
  threshold: [2, 'goals', 'kpis'], reading: [14, 'kpis'], measure: [8, 'kpis'], unmeasure: [4, 'kpis'], plan: [4, 'kpis', 'plans'], deletePoint: [1, 'kpis', 'plans'], adjust: [6, 'kpis', 'plans'], action: [12], changeAction: [5, 'actions'], linkAction: [3, 'actions', 'goals'],
  deleteAction: [1, 'actions'], issue: [3], deleteIssue: [1, 'issues'],
  widerGoal: [5, 'wider'], clearDueDate: [1, 'goals', 'wider'], widerKpi: [8, 'goals', 'wider'], linkForStrategy: [5, 'strategies', 'kpis', 'wider'], setPrimary: [2, 'goals', 'wider'],
  widerAction: [16, 'goals', 'wider'], finishAction: [2, 'actions', 'wider'], widerIssue: [6, 'wider'], moveIssue: [8, 'issues', 'wider'],
};

// With `plans` KPIs have plans, too; with `wider` there is more to see. `ownTargets`: ids of links that were given
// a target.
export function newWorld({ plans = false, wider = false } = {}) {
  return { goals: [], strategies: [], kpis: [], actions: [], issues: [], names: 0, plans: plans ? [true] : [], wider: wider ? [true] : [], ownTargets: new Set() };
}

export async function happen(client, r, world, count) {
  for (let i = 0; i < count; i += 1) {
    const possible = Object.entries(weights).filter(([, [, ...needs]]) => needs.every((kind) => world[kind].length > 0));
    let at = r.below(possible.reduce((sum, [, [weight]]) => sum + weight, 0));
    const [name] = possible.find(([, [weight]]) => (at -= weight) < 0);
    await steps[name](client, r, world);
  }
}

// --- What the API says ---

export async function all(client, path, size) {
  const found = [];
  for (let page = 1; ; page += 1) {
    const { data, pagination } = ok(await client.get(`${path}?size=${size}&page=${page}`));
    found.push(...data);
    if (page >= pagination.totalPages) return found;
  }
}

export async function look(client) {
  const [goals, kpis, actions, issues] = await Promise.all([
    all(client, '/goals', 100), all(client, '/kpis', 100), all(client, '/api/operations/actions', 500), all(client, '/api/operations/issues', 100)]);
  return { goals, kpis, actions, issues };
}

// --- The formulas ---

const percent = (part, whole) => (whole ? (100 * part) / whole : 0);
const mean = (numbers) => (numbers.length ? numbers.reduce((a, b) => a + b, 0) / numbers.length : 0);
const count = (list, rule) => list.filter(rule).length;
const countBy = (list, key, words) => Object.fromEntries(words.map((word) => [word, count(list, (item) => item[key] === word)]));
const byDay = (moment, due) => !due || moment.slice(0, 10) <= due.slice(0, 10);

// The worst of a goal's links that have a target and a value: 1 on track, 2 at risk, 3 off track.
function track({ kpis }) {
  const judged = kpis.filter(({ targetValue, currentValue }) => targetValue !== null && currentValue !== null);
  return Math.max(0, ...judged.map(({ onTrack, progress, riskThresholdPct }) => (onTrack ? 1 : progress >= riskThresholdPct ? 2 : 3)));
}

export function stats({ goals, actions }) {
  const ids = new Set(goals.map(({ id }) => id));
  const tracks = goals.filter(({ status }) => status === 'active').map(track);
  const [byStatus, byType] = [countBy(goals, 'status', ['draft', 'active', 'paused', 'completed', 'cancelled', 'archived']), countBy(goals, 'horizon', ['year', 'quarter', 'month'])];
  return {
    totalGoals: goals.length,
    activeGoals: count(goals, ({ status }) => status === 'active'),
    completedGoals: count(goals, ({ status }) => status === 'completed'),
    goalsByStatus: byStatus,
    goalsByHorizon: byType,
    byStatus,
    byType,
    averageProgress: mean(goals.filter(({ status }) => !['draft', 'cancelled'].includes(status)).map(({ progress }) => progress)),
    onTrackCount: count(tracks, (is) => is === 1),
    atRiskCount: count(tracks, (is) => is === 2),
    offTrackCount: count(tracks, (is) => is === 3),
    totalMeasures: new Set(goals.flatMap(({ kpis }) => kpis.map(({ sharedKpiId }) => sharedKpiId))).size,
    totalStrategies: goals.flatMap(({ strategies }) => strategies).length,
    totalActions: count(actions, ({ status, connections }) => status !== 'cancelled' && connections.goalIds.some((id) => ids.has(id))),
  };
}

export function score({ goals, actions }, today = new Date().toISOString()) {
  const judged = goals.filter(({ status }) => ['completed', 'active', 'paused'].includes(status));
  const strategies = goals.flatMap((goal) => goal.strategies);
  const links = goals.flatMap((goal) => goal.kpis).filter((link) => link.targetValue !== null);
  const done = actions.filter(({ status }) => status === 'completed');
  const late = actions.filter(({ status, dueDate }) => !['completed', 'cancelled'].includes(status) && !byDay(today, dueDate));
  const wanted = count(actions, ({ status }) => status !== 'cancelled');
  const metrics = {
    goals: { completionRate: percent(count(judged, ({ status }) => status === 'completed'), judged.length),
      onTimeRate: percent(count(judged, ({ status, completedAt, dueDate }) => byDay(status === 'completed' ? completedAt : today, dueDate)), judged.length) },
    strategies: { validatedRate: percent(count(strategies, ({ status }) => status !== 'draft'), strategies.length),
      adoptionRate: percent(count(strategies, ({ status }) => status === 'adopted'), strategies.length) },
    kpis: { targetAchievementRate: percent(count(links, ({ progress }) => progress >= 100), links.length),
      onTrackRate: percent(count(links, ({ onTrack }) => onTrack), links.length) },
    actions: { completionRate: percent(done.length, wanted),
      onTimeRate: percent(count(done, ({ completedAt, dueDate }) => byDay(completedAt, dueDate)), done.length + late.length) },
  };
  const there = { goals: judged.length, strategies: strategies.length, kpis: links.length, actions: wanted };
  const weights_ = { goals: 0.4, strategies: 0.2, kpis: 0.3, actions: 0.1 };
  const components = Object.fromEntries(Object.entries(metrics).map(([name, rates]) =>
    [name, { score: mean(Object.values(rates)), weight: weights_[name], metrics: rates }]));
  const counted = Object.keys(there).filter((name) => there[name] > 0);
  const whole = counted.reduce((sum, name) => sum + weights_[name], 0);
  return { overallScore: whole ? counted.reduce((sum, name) => sum + weights_[name] * components[name].score, 0) / whole : 0, components };
}

export function alignment({ goals, kpis, actions, issues }) {
  const open = goals.filter(({ status }) => ['draft', 'active', 'paused'].includes(status));
  const teams = new Map(open.map((goal) => [goal.id, new Set([goal.ownerId])]));
  for (const { assignedPersonId, connections } of actions)
    for (const id of connections.goalIds) if (assignedPersonId) teams.get(id)?.add(assignedPersonId);
  const goalsOf = new Map();
  for (const team of teams.values()) for (const person of team) goalsOf.set(person, (goalsOf.get(person) ?? 0) + 1);
  const linksOf = new Map();
  for (const goal of open) for (const { sharedKpiId } of goal.kpis) linksOf.set(sharedKpiId, (linksOf.get(sharedKpiId) ?? 0) + 1);
  const collaborationMetrics = {
    crossGoalCollaboration: percent(count([...goalsOf.values()], (n) => n > 1), goalsOf.size),
    strategyAlignment: percent(count(open, ({ strategies }) => strategies.some(({ status }) => status !== 'draft')), open.length),
    kpiSharing: percent(count([...linksOf.values()], (n) => n > 1), linksOf.size),
  };
  const team = [open.map(({ ownerId }) => ownerId), kpis.map(({ ownerId }) => ownerId), [...actions, ...issues].map(({ assignedPersonId }) => assignedPersonId)];
  return {
    alignmentScore: mean(Object.values(collaborationMetrics)),
    teamSize: new Set(team.flat().filter(Boolean)).size,
    goalsWithMultipleOwners: count([...teams.values()], ({ size }) => size > 1),
    sharedKPIs: count(kpis, ({ id, isShared }) => isShared || (linksOf.get(id) ?? 0) > 1),
    collaborationMetrics,
  };
}

// Where the two differ by more than 0.05 or in anything else; '' when they agree. What only the actual
// one has is not compared.
export function difference(actual, expected, where = '') {
  if (typeof expected !== 'object' && typeof expected !== 'number') return actual === expected ? '' : `${where} is ${actual} instead of ${expected}`;
  if (typeof expected === 'number') return typeof actual === 'number' && Math.abs(actual - expected) <= 0.05 ? '' : `${where} is ${actual} instead of ${expected}`;
  for (const [key, value] of Object.entries(expected)) {
    const found = difference(actual?.[key], value, `${where}.${key}`);
    if (found) return found;
  }
  return '';
}
