// The company report over HTTP: both formats, read with other programs, its numbers next to those of
// the endpoints, its limit, and what is refused.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { basePath, created, newTenant, ok, stack } from './support/client.mjs';
import { rawRequest } from './support/raw.mjs';
import { happen, newWorld, randomOf } from './support/world.mjs';

const run = promisify(execFile);
const types = { pdf: 'application/pdf', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' };

async function report(client, query = '') {
  const answer = await fetch(`${stack.url}${client.base}/reports/company${query}`, { headers: client.headers, signal: AbortSignal.timeout(120000) });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const body = answer.status === 200 ? null : JSON.parse(bytes.toString());
  return { status: answer.status, type: answer.headers.get('content-type'), disposition: answer.headers.get('content-disposition'), bytes, ...body };
}

// What a reader would see, white space squeezed.
async function textOf(format, bytes) {
  const folder = mkdtempSync(join(tmpdir(), 'traction-report-'));
  const file = join(folder, `report.${format}`);
  try {
    writeFileSync(file, bytes);
    const command = format === 'pdf' ? ['pdftotext', ['-raw', file, '-']] : ['unzip', ['-p', file, 'word/document.xml']];
    const { stdout } = await run(...command, { maxBuffer: 64 << 20 });
    const text = format === 'pdf' ? stdout : stdout.replace(/<\/w:p>/g, '\n').replace(/<[^>]*>/g, '').replace(/&quot;/g, '"').replace(/&amp;/g, '&');
    return text.replace(/\s+/g, ' ');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// A part of a DOCX, well formed.
async function xmlOf(bytes, part) {
  const folder = mkdtempSync(join(tmpdir(), 'traction-report-'));
  const file = join(folder, 'report.docx');
  try {
    writeFileSync(file, bytes);
    await run('unzip', ['-q', file, '-d', folder]);
    await run('xmllint', ['--noout', join(folder, part)]);
    return readFileSync(join(folder, part), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function made(client, format, query = '') {
  const answer = await report(client, `?format=${format}${query}`);
  assert.equal(answer.status, 200, answer.bytes.toString().slice(0, 500));
  assert.equal(answer.type, types[format]);
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  assert.equal(answer.disposition, `attachment; filename="company-report-${day}.${format}"`);
  return textOf(format, answer.bytes);
}

// Reads until the projections have everything, then the report says it, too.
async function settled(client, path, rule) {
  for (let i = 0; i < 100; i += 1) {
    if (rule(ok(await client.get(path)).data)) return;
    await sleep(50);
  }
  assert.fail(`${path} does not settle`);
}

describe('the report', () => {
  for (const format of ['pdf', 'docx']) {
    test(`${format}: everything is in it`, async () => {
      const client = newTenant({ base: basePath });
      const goal = await client.goal({ title: 'Wachstum in 東京', ownerId: 'user-1', status: 'active', horizon: 'year' });
      await client.strategy(goal, { description: 'Zweitens', status: 'adopted' });
      await client.strategy(goal, { description: 'Erstens', order: 1 });
      const kpi = created(await client.post('/kpis', { name: 'Выручка', unit: 'EUR', direction: 'up', baselineValue: 0, targetValue: 200 })).data;
      created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, thresholdPct: 40 }));
      for (const [period, value] of [['2025-01', 50], ['2025-02', 124]]) created(await client.post(`/kpis/${kpi.id}/readings`, { period, value }));
      await client.action({ title: 'Long overdue', dueDate: '2025-01-15', assignedPersonId: 'user-1', priority: 'critical', connections: { goalIds: [goal.id] } });
      await client.issue({ title: 'Leaky roof', priority: 'high' });
      await settled(client, '/activity/recent', (entries) => entries.length >= 9);
      const text = await made(client, format, '&sections=executive-summary,goals,strategies,kpis,actions,issues,people,analytics,trends,activity');
      for (const part of ['Wachstum in 東京', 'Ann One', '62%', 'Erstens', 'Zweitens', 'Выручка', '124', 'Long overdue', 'Leaky roof', 'Reported the issue', 'Executive summary']) {
        assert.ok(text.includes(part), `${part} is not in ${text.slice(0, 3000)}`);
      }
      assert.ok(!(await made(client, format)).includes('Reported the issue'), 'the log is for those who ask for it');
      assert.ok(text.indexOf('Erstens') < text.indexOf('Zweitens'), 'strategies come in their order');
    });

    test(`${format}: an empty tenant gets one that says so`, async () => {
      const text = await made(newTenant(), format);
      assert.ok(text.includes('There is nothing to report yet.'), text);
    });
  }

  test('its numbers are those of the endpoints', async () => {
    const client = newTenant();
    await happen(client, randomOf(77), newWorld(), 150);
    await sleep(1000);
    const [stats, score, alignment] = await Promise.all(['/goals/stats', '/performance/score', '/team/alignment'].map(async (path) => ok(await client.get(path)).data));
    const text = await made(client, 'pdf');
    const says = (before, number, after) => assert.ok(text.includes(before + number + after), `${before}${number}${after} is not in ${text.slice(0, 3000)}`);
    says('The performance score is ', score.overallScore, ' of 100');
    says('Average progress of goals: ', stats.averageProgress, '%');
    assert.ok(text.includes(`Active goals: ${stats.activeGoals}, `), text.slice(0, 2000));
    for (const [name, label] of [['goals', 'Goals 40%'], ['strategies', 'Strategies 20%'], ['kpis', 'KPIs 30%'], ['actions', 'Actions 10%']]) {
      says(`${label} `, score.components[name].score, ' ');
      for (const [metric, value] of Object.entries(score.components[name].metrics)) {
        const words = metric.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
        says(`${words[0].toUpperCase()}${words.slice(1)} `, value, '%');
      }
    }
    assert.ok(text.includes(`People who own goals or actions: ${alignment.teamSize}.`));
    for (const [label, key] of [['Working across goals', 'crossGoalCollaboration'], ['Goals with a strategy', 'strategyAlignment'], ['Shared KPIs', 'kpiSharing']]) {
      says(`${label} `, alignment.collaborationMetrics[key], '%');
    }
  });

  test("a KPI's plan is drawn, also beyond its readings", async () => {
    const client = newTenant();
    const kpi = created(await client.post('/kpis', { name: 'Orders', direction: 'up', baselineValue: 10, baselineDate: '2025-01-01' })).data;
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-02', value: 12 }));
    await settled(client, '/activity/recent', (entries) => entries.length >= 2);
    const drawn = async () => made(client, 'pdf', '&sections=kpis');
    assert.ok(!(await drawn()).includes('Plan'));
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ milestoneDate: '2025-06-30', targetValue: 40 }, { milestoneDate: '2025-12-31', targetValue: 90, minimalValue: 80, optimalValue: 95 }] }));
    ok(await client.post(`/kpis/${kpi.id}/adjust`, { strategy: 'maintain_final_goal', rationale: 'r', effectiveDate: '2025-03-01' }));
    await settled(client, '/activity/recent', (entries) => entries.some(({ description }) => description.startsWith('Adjusted')));
    const text = await drawn();
    for (const part of ['Plan', 'Feb 2025']) assert.ok(text.includes(part), `${part} is not in ${text.slice(0, 3000)}`);
    assert.ok((await made(client, 'docx')).includes('Orders'));
  });

  test('the period chooses the activity', async () => {
    const client = newTenant();
    await client.goal({ title: 'Made today' });
    await settled(client, '/activity/recent', (entries) => entries.length === 1);
    const today = new Date().toISOString().slice(0, 10);
    assert.ok((await made(client, 'docx', `&sections=activity&from=${today}&to=${today}`)).includes('Created the goal'));
    const before = await made(client, 'docx', '&sections=activity&from=2025-01-01&to=2025-01-31');
    assert.ok(before.includes('1 January 2025 to 31 January 2025') && !before.includes('Created the goal'));
  });

  test("January's report shows January and nothing of autumn", async () => {
    const client = newTenant();
    const january = { from: '2025-01-01', to: '2025-01-31' };
    const goal = await client.goal({ title: 'Winter goal', status: 'active', startDate: '2025-01-02', dueDate: '2025-12-31', horizon: 'year' });
    await client.goal({ title: 'Autumn goal', status: 'active', startDate: '2025-09-01', dueDate: '2025-11-30' });
    const kpi = created(await client.post('/kpis', { name: 'Orders', direction: 'up', baselineValue: 10, targetValue: 900 })).data;
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, thresholdPct: 80 }));
    for (const [period, value] of [['2024-12', 111], ['2025-01', 222], ['2025-10', 777], ['2025-11', 888]]) created(await client.post(`/kpis/${kpi.id}/readings`, { period, value }));
    await client.action({ title: 'Late in January', dateEntered: '2025-01-05', dueDate: '2025-01-20', connections: { goalIds: [goal.id] } });
    await client.action({ title: 'Entered in January', dateEntered: '2025-01-06', dueDate: '2025-03-20' });
    await client.action({ title: 'Autumn action', dateEntered: '2025-10-05', dueDate: '2025-10-20' });
    await client.issue({ title: 'Winter issue', impact: 'critical', dateReported: '2025-01-07' });
    await client.issue({ title: 'Autumn issue', impact: 'critical', dateReported: '2025-10-07' });
    await settled(client, '/activity/recent?size=50', (entries) => entries.length >= 13);
    for (const format of ['pdf', 'docx']) {
      const text = await made(client, format, `&from=${january.from}&to=${january.to}`);
      const lacks = (part) => assert.ok(!text.includes(part), `${part} is in ${text.slice(0, 4000)}`);
      for (const part of ['Winter goal', 'Orders', '222', 'Jan 2025', 'Late in January', 'Entered in January', 'Winter issue', '31 January 2025, 23:59 UTC', '1 January 2025 to 31 January 2025', '111']) {
        assert.ok(text.includes(part), `${format}: ${part} is not in ${text.slice(0, 4000)}`);
      }
      for (const part of ['Autumn', '777', '888', 'Oct 2025', 'Nov 2025']) lacks(part);
      assert.match(text, /Overdue actions \(1\).*Late in January/);
    }
    const whole = await made(client, 'pdf', '&from=2025-01-01');
    for (const part of ['Autumn goal', '888', 'Autumn action', 'Autumn issue', 'Late in January']) assert.ok(whole.includes(part), part);
  });

  test('the summary is that of the command center', async () => {
    const client = newTenant();
    const goal = await client.goal({ title: 'Behind its plan', ownerId: 'user-1', status: 'active', startDate: '2025-01-01', dueDate: '2030-12-31', horizon: 'year' });
    const late = await client.goal({ title: 'Past its day', ownerId: 'user-1', status: 'active', startDate: '2025-01-01', dueDate: '2025-06-30' });
    const kpi = created(await client.post('/kpis', { name: 'Revenue', unit: 'EUR', direction: 'up', baselineValue: 0, baselineDate: '2024-01-01', targetValue: 1000, ownerId: 'user-1' })).data;
    created(await client.post(`/goals/${goal.id}/kpis:link`, { kpiId: kpi.id, thresholdPct: 80 }));
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ milestoneDate: '2025-01-01', targetValue: 500 }] }));
    for (const [period, value] of [['2024-11', 300], ['2024-12', 250]]) created(await client.post(`/kpis/${kpi.id}/readings`, { period, value }));
    await client.action({ title: 'Forgotten', dueDate: '2025-01-20', connections: { goalIds: [late.id] } });
    await client.issue({ title: 'Burning', impact: 'high' });
    created(await client.post(`/goals/${goal.id}/activity`, { type: 'decision', title: 'Raise the price', text: 'By a tenth.' }));
    await settled(client, '/activity/recent?size=50', (entries) => entries.some(({ description }) => description.startsWith('Recorded a decision')));
    await settled(client, '/dashboard/command-center', ({ summaryStats: { actionsPastDue, criticalIssues }, alerts }) => actionsPastDue + criticalIssues + alerts.measuresAtRisk.length === 3);
    const center = ok(await client.get('/dashboard/command-center')).data;
    const text = await made(client, 'pdf', '&sections=executive-summary&from=2024-12-01');
    const { summaryStats } = center;
    const [measure] = center.alerts.measuresAtRisk;
    assert.ok(text.includes(`Active goals: ${summaryStats.totalActiveGoals}, of which on track ${summaryStats.goalsOnTrack}, at risk or behind ${summaryStats.goalsAtRisk + summaryStats.goalsBehind}.`), text);
    assert.ok(text.includes(`Overdue actions: ${summaryStats.actionsPastDue}. Critical issues: ${summaryStats.criticalIssues}.`), text);
    assert.match(text, new RegExp(`Revenue Ann One ${measure.currentValue} EUR ${measure.targetValue} EUR −${Math.abs(measure.variancePercentage)}%`));
    assert.match(text, /Goals at risk \(2\).*Past its day.*overdue since 30 Jun 2025; overdue actions: 1.*Behind its plan.*Revenue: −50% against plan/);
    assert.match(text, /What got worse.*Revenue 300 → 250 EUR \(−16.7%\)/);
    assert.match(text, /Decisions of the period \(1\).*Raise the price/);
    assert.match(text, /Forgotten.*20 Jan 2025.*Burning.*High/);
  });

  test('chapters, charts and scores are chosen', async () => {
    const client = newTenant();
    await client.goal({ title: 'Grow', status: 'active' });
    const chapters = { 'executive-summary': 'Executive summary', goals: 'Goals', strategies: 'Strategies', kpis: 'Key performance indicators', actions: 'Actions', issues: 'Issues',
      people: 'People', analytics: 'Performance in detail', trends: 'Trends', activity: 'Appendix: activity' };
    await settled(client, '/activity/recent', (entries) => entries.length === 1);
    const titles = async (query) => {
      const { bytes, status } = await report(client, `?format=docx${query}`);
      assert.equal(status, 200, query);
      const xml = await xmlOf(bytes, 'word/document.xml');
      return [...xml.matchAll(/"Heading1"\/>.*?<w:t [^>]*>([^<]*)<\/w:t>/g)].map(([, title]) => title);
    };
    assert.deepEqual(await titles(''), Object.values(chapters).slice(0, -1), 'all but the log');
    assert.deepEqual(await titles('&sections=goals,Executive-Summary'), ['Executive summary', 'Goals'], 'in their own order, in any case');
    assert.deepEqual(await titles('&sections=measures&sections=ACTIVITY'), ['Key performance indicators', 'Appendix: activity']);
    assert.deepEqual(await titles('&includeAnalytics=false'), Object.values(chapters).filter((title) => !['Performance in detail', 'Appendix: activity'].includes(title)));
    assert.ok(!(await made(client, 'pdf', '&includeAnalytics=false')).includes('erformance score'));
    const pictures = async (query) => (await xmlOf((await report(client, `?format=docx${query}`)).bytes, 'word/document.xml')).match(/<w:drawing>/g)?.length ?? 0;
    assert.ok(await pictures('') > 2);
    assert.equal(await pictures('&includeCharts=false'), 0);
    assert.match(await made(client, 'pdf', '&includeCharts=false'), /Goals by status: Draft 0, Active 1/);
  });

  test('language, paper, the name of the company', async () => {
    const client = newTenant();
    await client.goal({ title: 'Grow', status: 'active' });
    await settled(client, '/activity/recent', (entries) => entries.length === 1);
    const named = client.as({ tenant_name: 'Nordwind GmbH' });
    for (const [lang, title, period] of [['DE', 'Zusammenfassung', '1. Januar 2025 bis 31. Januar 2026'], ['ar', 'الملخص التنفيذي', '1 يناير 2025 إلى 31 يناير 2026']]) {
      const text = await made(named, 'docx', `&lang=${lang}&from=2025-01-01&to=2026-01-31`);
      for (const part of [title, period, 'Nordwind GmbH']) assert.ok(text.includes(part), `${part} is not in ${text.slice(0, 2000)}`);
    }
    assert.match(await xmlOf((await report(named, '?format=docx&lang=de&paper=Letter')).bytes, 'word/document.xml'), /w:w="12240" w:h="15840"/);
    assert.ok((await made(client, 'pdf')).includes(client.claims.tenant), 'the id, where there is no name');
  });

  test('what is refused', async () => {
    const client = newTenant({ limits: { reports: 1 } });
    for (const [query, ...fields] of [['?format=xlsx', 'format'], ['?from=2025-02-30', 'from'], ['?to=yesterday', 'to'],
      ['?sections=goals,money', 'sections'], ['?includeCharts=perhaps', 'includeCharts'], ['?includeAnalytics=2', 'includeAnalytics'], ['?lang=it', 'lang'], ['?paper=a3', 'paper'],
      ['?startDate=2025-02-02&endDate=2025-02-01', 'startDate'], ['?from=2025-02-02&to=2025-02-01', 'from'], ['?from=9998-01-01', 'from'], ['?size=1', 'size'], ['?format=x&from=y&to=z', 'format', 'from', 'to']]) {
      const answer = await report(client, query);
      assert.deepEqual([answer.status, answer.code, Object.keys(answer.errors ?? {}).sort()], [422, 'VALIDATION_ERROR', fields.sort()], query);
    }
    assert.match((await report(client, '?sections=money')).errors.sections, /executive-summary.*activity/, 'the allowed ones are named');
    assert.equal((await report(client.as({ features: ['goals'] }))).code, 'INSUFFICIENT_PERMISSIONS');
    const shown = await report(client.as({ role: 'viewer', features: ['reports'] }), '?format=DOCX');
    assert.deepEqual([shown.status, shown.type], [200, types.docx], 'formats are read in any case');
  });

  test('HEAD says what GET would, makes none and counts none', async () => {
    const client = newTenant({ limits: { reports: 1 } });
    const ask = (query, as = client) => rawRequest('HEAD', `/reports/company${query}`, as.headers);
    for (const format of ['pdf', 'docx', 'pdf']) {
      const head = await ask(`?format=${format}`);
      assert.deepEqual([head.status, head.headers['content-type'], head.text], [200, types[format], '']);
      assert.match(head.headers['content-disposition'], new RegExp(`company-report-\\d{8}\\.${format}`));
      assert.equal(head.headers['content-length'], undefined, 'the length of what was not made');
    }
    assert.equal((await ask('?format=xlsx')).status, 422);
    assert.equal((await ask('', client.as({ features: ['goals'] }))).status, 403);
    assert.equal((await report(client)).status, 200);
    assert.equal((await ask('')).status, 403, 'as GET would be');
    assert.equal((await ask('', client.as({ limits: { reports: 2 } }))).status, 200);
  });

  test('the limit of the month holds among eight at once', async () => {
    const client = newTenant({ limits: { reports: 3 } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => report(client, '?format=docx')));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 403, 403, 403, 403, 403]);
    for (const answer of answers) if (answer.status === 403) assert.equal(answer.code, 'REPORT_LIMIT_REACHED');
    assert.equal((await report(client)).status, 403);
    assert.equal((await report(client.as({ limits: { reports: 4 } }))).status, 200);
    assert.equal((await report(newTenant({ limits: { reports: 0 } }))).code, 'REPORT_LIMIT_REACHED');
  });

  test('others are answered meanwhile', async () => {
    const client = newTenant();
    await happen(client, randomOf(5), newWorld(), 60);
    let done = false;
    const reports = Promise.all(Array.from({ length: 4 }, () => report(client))).finally(() => { done = true; });
    let answered = 0;
    while (!done) {
      ok(await client.get('/goals/stats'));
      answered += 1;
      await sleep(10); // so that a slow machine's reports do not outlast a minute's requests
    }
    for (const answer of await reports) assert.equal(answer.status, 200);
    assert.ok(answered > 10, `${answered} answers`);
  });
});
