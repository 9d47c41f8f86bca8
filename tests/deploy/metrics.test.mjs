// What the programs say at /metrics keeps Prometheus' rules, and whatever the dashboard and the alerts in
// deploy/grafana ask for is among it, label by label. Each alert has a runbook. What the collector of deploy/otel
// reads of logs is in them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { Stack } from '../api/support/stack.mjs';
import { claimsOf, sign } from '../api/support/token.mjs';
import { programs, read, services } from './support/programs.mjs';

// Text format 0.0.4: name -> { type, help, labels, values of each label }.
function parseMetrics(text) {
  const families = new Map();
  for (const line of text.trim().split('\n')) {
    const [, word, name, rest] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (word) {
      if (!families.has(name)) families.set(name, { labels: new Map(), samples: 0 });
      families.get(name)[word.toLowerCase()] = rest;
      continue;
    }
    const [, sample, , labels, value] = /^([a-z_]+)(\{(.*)\})? (\S+)$/.exec(line) ?? assert.fail(line);
    const family = families.get(sample) ?? families.get(sample.replace(/_(bucket|sum|count)$/, ''));
    assert.ok(family, `${sample} has no TYPE`);
    assert.ok(Number.isFinite(Number(value)), line);
    family.samples += 1;
    for (const [, label, text] of (labels ?? '').matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)) {
      if (!family.labels.has(label)) family.labels.set(label, new Set());
      family.labels.get(label).add(text);
    }
  }
  return families;
}

// Names with the labels that an expression wants of them: those in braces, and those it groups by.
function wanted(expression) {
  const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, names]) => names.split(/\s*,\s*/));
  return [...expression.matchAll(/\b((?:traction|process)_[a-z_]+)(?:\{([^}]*)\})?/g)].map(([, name, selectors]) => ({
    name, labels: [...new Set([...grouped, ...[...(selectors ?? '').matchAll(/([a-z_]+)[=!]/g)].map(([, label]) => label)])],
  }));
}
const given = ['job', 'instance']; // by Prometheus itself

const dashboard = JSON.parse(read('deploy/grafana/dashboard.json'));
const collector = parse(read('deploy/otel/collector.yaml'));
const rules = parse(read('deploy/grafana/alerts.yaml')).groups.flatMap((group) => group.rules);

test('every part of the collector is there and in use', () => {
  const { extensions, pipelines } = collector.service;
  assert.deepEqual(extensions, Object.keys(collector.extensions));
  for (const kind of ['receivers', 'processors', 'exporters']) {
    const used = new Set(Object.values(pipelines).flatMap((pipeline) => pipeline[kind]));
    assert.deepEqual([...used].sort(), Object.keys(collector[kind]).sort(), kind);
  }
  assert.deepEqual(Object.keys(pipelines), ['logs', 'metrics', 'traces']);
});

// What GitHub makes of a heading: its words in lower case, joined by hyphens.
const anchor = (heading) => heading.toLowerCase().replace(/[^a-z0-9 _-]/g, '').replaceAll(' ', '-');
const headings = (text) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);

describe('runbooks', () => {
  const file = 'docs/runbooks.md';
  const sections = read(file).split(/^## /m).slice(1).map((text) => ({ name: text.slice(0, text.indexOf('\n')), text }));

  test('are one for each alert, in the same order', () => {
    assert.deepEqual(sections.map(({ name }) => name), rules.map(({ alert }) => alert));
  });

  test('say what it means, how to look, what to do, and when it is over', () => {
    for (const { name, text } of sections) {
      const parts = [...text.matchAll(/^\*\*(.+?)\*\*/gm)].map(([, part]) => part);
      assert.ok(['Meaning. Look. Do. Over', 'Meaning. Look and do. Over'].includes(parts.join(' ')), `${name}: ${parts}`);
    }
  });

  test('are named by the alerts, which say the first thing to do', () => {
    for (const { alert, annotations } of rules) {
      assert.equal(annotations.runbook, `${file}#${anchor(alert)}`);
      for (const text of [annotations.action, annotations.description]) assert.match(text ?? '', /\S/, alert);
      assert.match(annotations.action, /^[A-Z].*\.$/, alert);
    }
  });

  test('lead to sections that are there', () => {
    for (const [, page, part] of read(file).matchAll(/\]\(([a-z-]+\.md)(?:#([^)]+))?\)/g)) {
      const text = read(`docs/${page}`);
      assert.ok(!part || headings(text).map(anchor).includes(part), `${page}#${part}`);
    }
  });
});

describe('metrics of a stack that has had something to do', () => {
  const stack = new Stack();
  const all = new Map();
  before(async () => {
    await stack.start();
    const headers = { authorization: `Bearer ${sign(claimsOf({ tenant: 'metrics', user: 'u1', name: 'Ann' }), stack.secret)}`, 'content-type': 'application/json' };
    const ask = (path, options) => fetch(stack.url + path, { headers, ...options });
    const made = await ask('/goals', { method: 'POST', body: JSON.stringify({ title: 'Seen', horizon: 'year', owner_id: 'u1' }) });
    const goal = (await made.json()).data.id;
    for (let i = 0; i < 5; i++) await ask(`/goals/${randomUUID()}`);
    await ask(`/no/such/${randomUUID()}`);
    for (const format of ['pdf', 'docx']) assert.equal((await ask(`/reports/company?format=${format}`)).status, 200);
    const end = new AbortController();
    await ask(`/realtime/goals/${goal}/activity`, { signal: end.signal });
    end.abort();
    for (const name of programs) {
      const answer = await fetch(`http://127.0.0.1:${stack.adminPorts[name]}/metrics`);
      assert.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
      all.set(name, parseMetrics(await answer.text()));
    }
  });
  after(async () => assert.deepEqual(await stack.stop(), []));

  test('have names as Prometheus wants them, in base units', () => {
    for (const [program, families] of all) {
      assert.ok(families.size > 10, program);
      for (const [name, { type, help, labels }] of families) {
        assert.ok(help?.endsWith('.'), `${name}: help`);
        assert.match(name, /^(traction|process)_[a-z_]+$/);
        assert.equal(type === 'counter', name.endsWith('_total'), `${name} is a ${type}`);
        assert.doesNotMatch(name, /_(ms|us|millis|minutes|kb|mb|percent)(_|$)/, 'base units');
        if (type === 'histogram') assert.match(name, /_seconds$/);
        for (const label of labels.keys()) assert.match(label, /^[a-z_]+$/);
      }
      for (const name of ['traction_build_info', 'process_start_time_seconds', 'process_cpu_seconds_total', 'process_resident_memory_bytes']) {
        assert.ok(families.get(name)?.samples, `${program}: ${name}`);
      }
    }
  });

  test('have labels of few values: nothing of a request is in them', () => {
    for (const families of all.values()) {
      for (const [name, { labels }] of families) {
        for (const [label, values] of labels) {
          assert.ok(values.size <= 100, `${name} ${label}`);
          for (const value of values) assert.doesNotMatch(value, /[0-9a-f]{8}-[0-9a-f]{4}|metrics|u1|\?/, `${name} ${label}`);
        }
      }
    }
    const routes = all.get('gateway').get('traction_http_requests_total').labels.get('route');
    assert.ok(routes.has('/goals/{id}') && routes.has(''), [...routes].join());
  });

  test('of tenants are apart, and of the gateway alone', async () => {
    const ask = (name) => fetch(`http://127.0.0.1:${stack.adminPorts[name]}/metrics/tenants`);
    const families = parseMetrics(await (await ask('gateway')).text());
    assert.deepEqual([...families.keys()], ['traction_tenant_request_seconds']);
    assert.deepEqual([...families.get('traction_tenant_request_seconds').labels.get('tenant')], ['metrics']);
    assert.equal((await ask('svc-goals')).status, 404);
  });

  test('say how long reports take, by format and outcome', async () => {
    const { type, labels } = all.get('svc-analytics').get('traction_report_seconds');
    assert.equal(type, 'histogram');
    assert.deepEqual([[...labels.get('format')].sort(), [...labels.get('outcome')].sort()], [['docx', 'pdf'], ['abandoned', 'failed', 'made']]);
    const text = await (await fetch(`http://127.0.0.1:${stack.adminPorts['svc-analytics']}/metrics`)).text();
    const value = (name, format, outcome) => Number(new RegExp(`^${name}{format="${format}",outcome="${outcome}"} (\\S+)$`, 'm').exec(text)[1]);
    for (const format of ['pdf', 'docx']) {
      assert.equal(value('traction_report_seconds_count', format, 'made'), 1);
      const seconds = value('traction_report_seconds_sum', format, 'made');
      assert.ok(seconds > 0.001 && seconds < 60, `${seconds}`);
      assert.equal(value('traction_report_seconds_count', format, 'failed'), 0);
    }
  });

  const check = (expression, where) => {
    for (const { name, labels } of wanted(expression)) {
      const family = name.replace(/_(bucket|sum|count)$/, '');
      const found = [...all.values()].map((families) => families.get(name) ?? families.get(family)).filter(Boolean);
      assert.ok(found.length > 0, `${where}: there is no ${name}`);
      const known = new Set([...given, ...found.flatMap((one) => [...one.labels.keys()])]);
      for (const label of labels) assert.ok(known.has(label), `${where}: ${name} has no label ${label}`);
    }
  };

  test('are all that the dashboard asks for', () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    assert.ok(panels.length >= 20);
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { title, targets } of panels) {
      assert.ok(targets.length > 0, title);
      for (const { expr } of targets) {
        assert.ok(wanted(expr).length > 0, `${title}: ${expr}`);
        check(expr, title);
      }
    }
  });

  test('are all that the alerts ask for', () => {
    assert.ok(rules.length >= 10);
    for (const { alert, expr, labels, annotations } of rules) {
      assert.ok(['page', 'ticket'].includes(labels.severity), alert);
      assert.ok(annotations.summary, alert);
      check(expr, alert);
    }
  });

  test('are scraped by the collector, of every program', () => {
    const jobs = collector.receivers.prometheus.config.scrape_configs;
    assert.deepEqual(jobs.map(({ job_name: name }) => name), ['gateway', ...services]);
    const ports = jobs.map(({ static_configs: [{ targets: [target] }] }) => Number(target.split(':')[1]));
    assert.deepEqual(ports, jobs.map((_, i) => Number(/^TRACTION_ADMIN_PORT=(\d+)$/m.exec(read('deploy/debian/etc/gateway.env'))[1]) + i));
  });

  test('come with lines of log that have what the collector reads of them', () => {
    const { operators } = collector.receivers.filelog;
    const named = [...JSON.stringify(operators).matchAll(/"attributes\.(\w+)"/g)].map(([, name]) => name);
    const always = ['time', 'level', 'process', 'pid', 'message'], ofRequests = ['trace_id', 'span_id'];
    assert.deepEqual([...new Set(named)].sort(), [...always, ...ofRequests].sort());
    for (const name of programs) {
      for (const line of readFileSync(stack.log(name), 'utf8').trim().split('\n').map((text) => JSON.parse(text))) {
        for (const field of always) assert.ok(field in line, `${name}: ${field}`);
        assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        if (line.operation && line.requestId) for (const field of ofRequests) assert.match(line[field], /^[0-9a-f]+$/, JSON.stringify(line));
      }
    }
  });

  test('a metric that is not there would be seen', () => {
    assert.throws(() => check('rate(traction_http_request_total[5m])', 'a mistake'), /there is no/);
    assert.throws(() => check('sum by (tenant) (traction_http_requests_total)', 'a mistake'), /no label tenant/);
  });
});
