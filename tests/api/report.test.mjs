// The company report over HTTP: both formats, read with other programs, its numbers next to those of
// the endpoints, its limit, and what is refused.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
      const text = await made(client, format);
      for (const part of ['Wachstum in 東京', 'Ann One', '62%', 'Erstens', 'Zweitens', 'Выручка', '124', 'Long overdue', 'Leaky roof', 'Reported the issue', 'Executive summary']) {
        assert.ok(text.includes(part), `${part} is not in ${text.slice(0, 3000)}`);
      }
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
    says('at an average progress of ', stats.averageProgress, '%');
    assert.ok(text.includes(`Of ${stats.totalGoals} goals, ${stats.activeGoals} `), text.slice(0, 2000));
    assert.ok(text.includes(`and ${stats.completedGoals} completed`));
    for (const [name, label] of [['goals', 'Goals 40%'], ['strategies', 'Strategies 20%'], ['kpis', 'KPIs 30%'], ['actions', 'Actions 10%']]) {
      says(`${label} `, score.components[name].score, ' ');
      for (const [metric, value] of Object.entries(score.components[name].metrics)) {
        const words = metric.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
        says(`${words[0].toUpperCase()}${words.slice(1)} `, value, '%');
      }
    }
    assert.ok(text.includes(`${alignment.teamSize} people own goals or actions`));
    for (const [label, key] of [['Working across goals', 'crossGoalCollaboration'], ['Goals with a strategy', 'strategyAlignment'], ['Shared KPIs', 'kpiSharing']]) {
      says(`${label} `, alignment.collaborationMetrics[key], '%');
    }
  });

  test("a KPI's plan is drawn, also beyond its readings", async () => {
    const client = newTenant();
    const kpi = created(await client.post('/kpis', { name: 'Orders', direction: 'up', baselineValue: 10, baselineDate: '2025-01-01' })).data;
    created(await client.post(`/kpis/${kpi.id}/readings`, { period: '2025-02', value: 12 }));
    await settled(client, '/activity/recent', (entries) => entries.length >= 2);
    assert.ok(!(await made(client, 'pdf')).includes('Plan'));
    ok(await client.put(`/kpis/${kpi.id}/milestones`, { milestones: [{ milestoneDate: '2025-06-30', targetValue: 40 }, { milestoneDate: '2025-12-31', targetValue: 90, minimalValue: 80, optimalValue: 95 }] }));
    ok(await client.post(`/kpis/${kpi.id}/adjust`, { strategy: 'maintain_final_goal', rationale: 'r', effectiveDate: '2025-03-01' }));
    await settled(client, '/activity/recent', (entries) => entries.some(({ description }) => description.startsWith('Adjusted')));
    const text = await made(client, 'pdf');
    for (const part of ['Plan', 'Feb 2025', 'Dec 2025']) assert.ok(text.includes(part), `${part} is not in ${text.slice(0, 3000)}`);
    assert.ok((await made(client, 'docx')).includes('Orders'));
  });

  test('the period chooses the activity', async () => {
    const client = newTenant();
    await client.goal({ title: 'Made today' });
    await settled(client, '/activity/recent', (entries) => entries.length === 1);
    const today = new Date().toISOString().slice(0, 10);
    assert.ok((await made(client, 'docx', `&from=${today}&to=${today}`)).includes('Created the goal'));
    const before = await made(client, 'docx', '&from=2025-01-01&to=2025-01-31');
    assert.ok(before.includes('1 January 2025 to 31 January 2025') && !before.includes('Created the goal'));
  });

  test('what is refused', async () => {
    const client = newTenant({ limits: { reports: 1 } });
    for (const [query, ...fields] of [['?format=xlsx', 'format'], ['?from=2025-02-30', 'from'], ['?to=yesterday', 'to'],
      ['?from=2025-02-02&to=2025-02-01', 'from'], ['?from=9998-01-01', 'from'], ['?size=1', 'size'], ['?format=x&from=y&to=z', 'format', 'from', 'to']]) {
      const answer = await report(client, query);
      assert.deepEqual([answer.status, answer.code, Object.keys(answer.errors ?? {}).sort()], [422, 'VALIDATION_ERROR', fields.sort()], query);
    }
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
    const times = [];
    while (!done) {
      const started = performance.now();
      ok(await client.get('/goals/stats'));
      times.push(performance.now() - started);
      await sleep(10); // so that a slow machine's reports do not outlast a minute's requests
    }
    for (const answer of await reports) assert.equal(answer.status, 200);
    times.sort((a, b) => a - b);
    assert.ok(times[Math.floor(times.length / 2)] < 250, `${times[Math.floor(times.length / 2)]} ms`);
  });
});
