// The command center computed a second time, from nothing but what the other routes answer.
import { ok } from './client.mjs';
import { all, look } from './world.mjs';

const dayMs = 86400000;
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0); // as the database does, whatever the language
const dayOf = (moment) => moment?.slice(0, 10) ?? null;
const dayNumber = (day) => Date.parse(day) / dayMs;
const addDays = (day, count) => new Date((dayNumber(day) + count) * dayMs).toISOString().slice(0, 10);
const half = (value, digits) => Math.sign(value) * Math.floor(Math.abs(value) * 10 ** digits + 0.5 + 1e-9) / 10 ** digits + 0;
const percentage = (value) => half(value, 2);

// What a KPI's plan expects on the day; null: it has no plan.
async function planned(client, id, today) {
  const { milestones, periods } = ok(await client.get(`/kpis/${id}/plan?granularity=daily`)).data;
  if (!milestones.length) return null;
  if (!periods.length) return milestones.at(-1).targetValue; // one point and no start
  if (today < periods[0].periodStart) return periods[0].startValue;
  return (periods.find(({ periodEnd }) => periodEnd === today) ?? periods.at(-1)).endValue;
}

// Where the straight line begins: the KPI's baselineDate, else the day of the measurement that is the earliest
// month's reading, else its creation.
async function beginning(client, kpi) {
  if (kpi.baselineDate) return kpi.baselineDate;
  const readings = (await all(client, `/kpis/${kpi.id}/readings`, 100)).sort((a, b) => (a.period < b.period ? -1 : 1));
  if (!readings.length) return dayOf(kpi.createdAt);
  const [{ period, value }] = readings;
  const actuals = (await client.get(`/kpis/${kpi.id}/actuals?size=500`)).data.filter(({ measurementDate }) => measurementDate.startsWith(period));
  const recorded = (a, b) => (a.actualSubtype < b.actualSubtype ? 1 : a.actualSubtype > b.actualSubtype ? -1 : compare(b.updatedAt, a.updatedAt));
  const counting = actuals.sort(recorded).find(({ actualValue, originalValue }) => actualValue === value || originalValue === value);
  return counting.measurementDate;
}

const line = (from, to, begin, end, today) => {
  if (!begin || !end || begin >= end) return null;
  const part = Math.min(1, Math.max(0, (dayNumber(today) - dayNumber(begin)) / (dayNumber(end) - dayNumber(begin))));
  return from + (to - from) * part;
};

const rank = ['no_data', 'on_track', 'behind', 'at_risk'];
export const worst = (statuses) => rank[Math.max(0, ...statuses.map((status) => rank.indexOf(status)))];

// `edge`: how near it is to another status, in percent.
function judge(link, expected) {
  const way = Math.abs(link.targetValue - link.baselineValue);
  if ([expected, link.targetValue, link.currentValue, link.baselineValue].includes(null) || !(way > 0)) return { status: 'no_data', edge: Infinity };
  const variance = percentage((link.direction === 'down' ? -1 : 1) * (link.currentValue - expected) / way * 100);
  const status = variance >= percentage(link.thresholdPct - 100) ? 'on_track' : variance >= percentage(link.riskThresholdPct - 100) ? 'behind' : 'at_risk';
  return { status, edge: Math.min(Math.abs(variance - (link.thresholdPct - 100)), Math.abs(variance - (link.riskThresholdPct - 100))) };
}

// Everything that the answers are made of, read once. `ownTargets`: ids of links that have a target of their own.
export async function survey(client, ownTargets = new Set(), today = new Date().toISOString().slice(0, 10)) {
  const { goals, kpis, actions, issues } = await look(client);
  const people = new Map((await all(client, '/people', 100)).map(({ id, name }) => [id, name]));
  const byId = (list) => new Map(list.map((item) => [item.id, item]));
  const linked = new Set(goals.filter(({ status }) => status === 'active').flatMap((goal) => goal.kpis.map(({ kpiId }) => kpiId)));
  const paths = new Map();
  for (const kpi of kpis.filter(({ id }) => linked.has(id)))
    paths.set(kpi.id, { planned: await planned(client, kpi.id, today), begin: await beginning(client, kpi), kpi });
  const active = goals.filter(({ status }) => status === 'active').sort((a, b) => compare((a.dueDate ?? '~'), b.dueDate ?? '~') || compare(a.id, b.id));
  for (const goal of active) {
    for (const link of goal.kpis) {
      const { planned: plan, begin, kpi } = paths.get(link.kpiId);
      const straight = line(link.baselineValue, link.targetValue, begin, dayOf(goal.dueDate), today);
      const hasLine = link.baselineValue !== null && link.targetValue !== null;
      link.expected = plan !== null && !ownTargets.has(link.id) ? plan : hasLine ? straight : null;
      Object.assign(link, judge(link, link.expected), { kpi, goal });
    }
  }
  return { today, active, goals: byId(goals), strategies: byId(goals.flatMap(({ strategies }) => strategies)), actions, issues, people };
}

// The answer as it should be.
export function commandCenter(seen, { userId = 'user-1', daysAhead = 7, varianceThreshold = 10, limit = 50 } = {}) {
  const { today, active, goals, strategies, actions, issues, people } = seen;
  const undone = actions.filter(({ status }) => !['completed', 'cancelled'].includes(status));
  const isPastDue = ({ dueDate }) => dueDate !== null && dayOf(dueDate) < today;
  const nameOf = (id) => people.get(id) ?? null;
  const first = (ids, there) => ids.map((id) => there.get(id)).find(Boolean);
  const serves = ({ connections }) => {
    const [goal, strategy] = [first(connections.goalIds, goals), first(connections.strategyIds, strategies)];
    return { goalId: goal?.id ?? null, goalTitle: goal?.title ?? null, strategyId: strategy?.id ?? null, strategyTitle: strategy?.name ?? null };
  };
  const soonest = (a, b) => compare(a.dueDate, b.dueDate) || compare(a.id, b.id);

  const adverse = active.flatMap((goal) => goal.kpis).map((link) => {
    const x = link.expected;
    const variance = x === null || link.currentValue === null ? NaN : link.currentValue - x;
    return { link, variance: half(variance, 4), percent: x === 0 ? null : percentage(variance / Math.abs(x) * 100) };
  }).filter(({ link, variance }) => (link.direction === 'down' ? variance > 0 : variance < 0))
    .sort((a, b) => (b.percent === null) - (a.percent === null) || Math.abs(b.percent) - Math.abs(a.percent) || compare(a.link.id, b.link.id));
  const listed = adverse.filter(({ percent }) => percent === null || Math.abs(percent) >= percentage(varianceThreshold));
  const measuresAtRisk = listed.slice(0, limit).map(({ link, variance, percent }) => ({
    measureLinkId: link.id, kpiLinkId: link.id, measureId: link.kpiId, kpiId: link.kpiId, measureName: link.name, kpiName: link.name,
    currentValue: link.currentValue, targetValue: half(link.expected, 4), finalTargetValue: link.targetValue, variance, variancePercentage: percent,
    goalId: link.goal.id, goalTitle: link.goal.title, strategyId: link.strategyId, strategyTitle: link.strategyTitle,
    ownerId: link.kpi.ownerId, ownerName: link.kpi.ownerId && nameOf(link.kpi.ownerId), status: link.status,
  }));

  const critical = issues.filter(({ impact, status }) => ['critical', 'high'].includes(impact) && status.category !== 'closed')
    .sort((a, b) => (a.impact === 'high') - (b.impact === 'high') || compare(a.dateReported, b.dateReported) || compare(a.id, b.id));
  const goalStatus = (goal) => {
    const primary = goal.kpis.find(({ isPrimary }) => isPrimary);
    if (primary && primary.status !== 'no_data') return primary.status;
    const status = worst(goal.kpis.map((link) => link.status));
    return status !== 'no_data' ? status : isPastDue(goal) ? 'behind' : 'on_track';
  };
  const statuses = active.map(goalStatus);
  const count = (list, status) => list.filter((one) => one === status).length;
  const strategyOf = ({ id, name }) => {
    const counted = actions.filter(({ status, connections }) => status !== 'cancelled' && connections.strategyIds.includes(id));
    const done = counted.filter(({ status }) => status === 'completed');
    return { id, title: name, progress: counted.length ? percentage(done.length / counted.length * 100) : 0, atRisk: undone.some((action) => isPastDue(action) && action.connections.strategyIds.includes(id)) };
  };
  const goalOf = (goal, i) => {
    const counted = actions.filter(({ status, connections }) => status !== 'cancelled' && connections.goalIds.includes(goal.id));
    const completedActions = counted.filter(({ status }) => status === 'completed').length;
    const shown = goal.strategies.map(strategyOf);
    const primary = goal.kpis.find(({ isPrimary }) => isPrimary);
    const primaryMeasure = primary ? { measureId: primary.kpiId, kpiId: primary.kpiId, name: primary.name, currentValue: primary.currentValue, targetValue: primary.targetValue, progress: primary.progress } : null;
    return {
      id: goal.id, title: goal.title, intent: goal.intent, status: 'active', progress: goal.progress, ownerId: goal.ownerId, ownerName: nameOf(goal.ownerId), dueDate: goal.dueDate,
      progressStatus: statuses[i], strategies: shown, primaryMeasure, primaryKpi: primaryMeasure,
      stats: {
        totalStrategies: shown.length, totalMeasures: goal.kpis.length, totalKpis: goal.kpis.length, totalActions: counted.length, activeActions: counted.length - completedActions,
        completedActions, atRiskCount: goal.kpis.filter(({ status }) => ['behind', 'at_risk'].includes(status)).length + shown.filter(({ atRisk }) => atRisk).length,
      },
    };
  };
  const ofKpis = new Map();
  for (const link of active.flatMap((goal) => goal.kpis)) ofKpis.set(link.kpiId, [...(ofKpis.get(link.kpiId) ?? []), link.status]);
  const kpiStatuses = [...ofKpis.values()].map(worst);
  const within = (from, to) => ({ dueDate }) => dueDate !== null && dayOf(dueDate) >= from && dayOf(dueDate) <= to;
  const both = (name, value) => ({ [`${name.startsWith('total') ? 'totalMeasures' : name.replace('#', 'measures')}`]: value, [`${name.startsWith('total') ? 'totalKpis' : name.replace('#', 'kpis')}`]: value });

  return {
    alerts: {
      measuresAtRisk, kpisAtRisk: measuresAtRisk,
      actionsPastDue: undone.filter(isPastDue).sort(soonest).slice(0, limit).map((action) => ({
        actionId: action.id, title: action.title, dueDate: action.dueDate, daysPastDue: dayNumber(today) - dayNumber(dayOf(action.dueDate)), priority: action.priority,
        assignedPersonId: action.assignedPersonId, assignedPersonName: action.assignedPersonId && nameOf(action.assignedPersonId), ...serves(action),
      })),
      criticalIssues: critical.slice(0, limit).map((issue) => ({
        issueId: issue.id, title: issue.title, impact: issue.impact, priority: issue.priority, reporterId: issue.reporterId, reporterName: nameOf(issue.reporterId),
        dateReported: issue.dateReported, statusName: issue.status.name,
      })),
    },
    goals: active.slice(0, limit).map(goalOf),
    myTasks: undone.filter((action) => action.assignedPersonId === userId && within(today, addDays(today, daysAhead))(action)).sort(soonest).slice(0, limit).map((action) => ({
      id: action.id, title: action.title, description: action.description, dueDate: action.dueDate, priority: action.priority, status: action.status, progress: action.progress, ...serves(action),
    })),
    summaryStats: {
      totalActiveGoals: active.length, goalsOnTrack: count(statuses, 'on_track'), goalsAtRisk: count(statuses, 'at_risk'), goalsBehind: count(statuses, 'behind'),
      ...both('total', kpiStatuses.length), ...both('#OnTrack', count(kpiStatuses, 'on_track')), ...both('#AtRisk', count(kpiStatuses, 'at_risk')), ...both('#Behind', count(kpiStatuses, 'behind')),
      totalActiveActions: undone.length, actionsPastDue: undone.filter(isPastDue).length, actionsThisWeek: undone.filter(within(today, addDays(today, 6))).length,
      openIssues: issues.filter(({ status }) => status.category !== 'closed').length, criticalIssues: critical.length,
    },
  };
}

// Where they differ; '' when they agree. What follows from expected values may differ as much as their rounding
// to four decimals makes it.
export function difference(actual, expected, where = '') {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const slack = where.endsWith('.variance') ? 1.1e-4 : where.endsWith('.variancePercentage') ? 0.011 : 1e-9 * Math.abs(expected);
    return Math.abs(actual - expected) <= slack ? '' : `${where} is ${actual} instead of ${expected}`;
  }
  if (expected === null || typeof expected !== 'object') return actual === expected ? '' : `${where} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
  const keys = [...new Set([...Object.keys(actual ?? {}), ...Object.keys(expected)])];
  for (const key of keys) {
    const found = difference(actual?.[key], expected[key] === undefined ? `no ${key}` : expected[key], `${where}.${key}`);
    if (found) return found;
  }
  return '';
}

// Links so near to another status that the four decimals of what is expected do not decide it.
export const undecided = ({ active }) => active.flatMap((goal) => goal.kpis).filter(({ edge, status }) => status !== 'no_data' && edge < 0.02).map(({ id }) => id);
