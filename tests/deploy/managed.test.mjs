// A managed PostgreSQL, whose owner is no superuser and does not bypass row level security: the stack
// runs, and a dump, a restore, a tenant's export and erasure are whole.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { claimsOf, sign } from '../api/support/token.mjs';
import { postgresBin } from '../support/postgres_bin.mjs';
import { Containers } from './support/containers.mjs';
import { root } from './support/programs.mjs';

const password = 'of-the-owner';

// Rights as docs/operations.md names them.
class Managed extends Containers {
  async mountSecrets() {
    await super.mountSecrets();
    writeFileSync(join(this.folder, 'mounts/migrate/owner-url'), this.url('traction_owner', 'traction'), { mode: 0o444 });
  }

  async startPostgres() {
    await super.startPostgres();
    this.sql('postgres', 'traction', `CREATE ROLE traction_owner LOGIN CREATEROLE PASSWORD '${password}'; ALTER DATABASE traction OWNER TO traction_owner`);
  }

  url(role, database) {
    return role === 'postgres' ? `postgresql://postgres@/${database}?host=${join(this.folder, 'pg')}`
      : `postgresql://${role}:${password}@${this.address('postgres')}/${database}`;
  }

  postgres(program, ...words) {
    return execFileSync(join(postgresBin, program), words, { encoding: 'utf8', maxBuffer: 1 << 26 });
  }

  sql(role, database, text, ...words) {
    return execFileSync(join(postgresBin, 'psql'), ['-qXAt', '-v', 'ON_ERROR_STOP=1', ...words, '-f', '-', this.url(role, database)],
      { input: text, encoding: 'utf8', maxBuffer: 1 << 26 }).trim();
  }

  care(name, tenant, database = 'traction') {
    return this.sql('traction_owner', database, readFileSync(join(root, 'deploy/care', `${name}.sql`), 'utf8'), '-v', `tenant=${tenant}`);
  }

  // Every table with the number of its rows, as a superuser sees them; with a tenant those of the tenant.
  rows(database, tenant = null) {
    return this.sql('postgres', database, `SELECT format('SELECT %L, count(*) FROM %I.%I %s HAVING count(*) > 0', n.nspname || '.' || c.relname, n.nspname,
        c.relname, ${tenant ? `'WHERE tenant_id = ''${tenant}'''` : '\'\''}) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE EXISTS (SELECT FROM pg_class l WHERE l.relnamespace = n.oid AND l.relname = 'event_log') AND c.relkind = 'r'
        AND (${!tenant} OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')) ORDER BY 1 \\gexec`);
  }
}

describe('an owner that is no superuser', () => {
  let stack;
  before(async () => {
    stack = new Managed();
    await stack.upAll();
    for (const tenant of ['mine', 'others']) await fill(tenant);
  });
  after(() => stack.remove());

  // On a busy machine the stack is unavailable at times: then again, as clients do.
  async function ask(tenant, method, path, body) {
    const secret = readFileSync(join(stack.folder, 'mounts/gateway/jwt-secret'), 'utf8').trim();
    const token = sign(claimsOf({ tenant, user: 'u1', name: 'Ann' }), secret);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close', 'idempotency-key': randomUUID() };
    for (let i = 0; ; i += 1) {
      const answer = await fetch(`http://${stack.address('gateway')}:8002${path}`, { method, body: body && JSON.stringify(body), headers });
      const text = await answer.text();
      if (answer.ok) return JSON.parse(text);
      assert.ok(answer.status >= 503 && i < 20, `${method} ${path}: ${text}`);
      await new Promise((done) => { setTimeout(done, 500); });
    }
  }

  async function fill(tenant) {
    const { data: goal } = await ask(tenant, 'POST', '/goals', { title: `Goal of ${tenant}`, horizon: 'year', owner_id: 'u1' });
    const { data: kpi } = await ask(tenant, 'POST', '/kpis', { name: 'Letters', direction: 'up', targetValue: 10 });
    await ask(tenant, 'POST', `/goals/${goal.id}/kpis:link`, { kpi_id: kpi.id, threshold_pct: 50 });
    await ask(tenant, 'POST', `/kpis/${kpi.id}/readings`, { period: '2025-01', value: 4 });
    const { data: action } = await ask(tenant, 'POST', '/api/operations/actions', { title: 'Do', connections: { goalIds: [goal.id] } });
    await ask(tenant, 'POST', '/api/operations/issues', { title: 'Trouble', connections: { actionIds: [action.id] } });
  }

  // Until nothing is on its way: outboxes, and what others make of events.
  async function settle() {
    for (let before = '', i = 0; i < 100; i += 1) {
      const now = stack.rows('traction');
      if (now === before && !now.includes('.outbox|')) return now;
      before = now;
      await new Promise((done) => { setTimeout(done, 500); });
    }
    throw new Error('it does not come to rest');
  }

  test('is one indeed, and is no service\'s', () => {
    assert.equal(stack.sql('traction_owner', 'traction', 'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user'), 'f|f');
    assert.equal(stack.sql('traction_owner', 'traction', `SELECT count(*) FROM pg_roles WHERE rolname LIKE 'svc_%' AND pg_has_role(oid, 'traction_owner', 'MEMBER')`), '0');
    assert.equal(stack.sql('postgres', 'traction', 'SET ROLE svc_goals; SELECT count(*) FROM goals.goals'), '0', 'without a tenant a service sees nothing');
  });

  test('leaves searches and lists to each tenant', async () => {
    for (const tenant of ['mine', 'others']) {
      const { data } = await ask(tenant, 'GET', '/goals?search=goal');
      assert.deepEqual(data.map(({ title }) => title), [`Goal of ${tenant}`]);
    }
  });

  const noDump = !existsSync(join(postgresBin, 'pg_dump')) && 'this PostgreSQL comes without pg_dump';
  test('dumps everything and restores it', { skip: noDump }, async () => {
    const rows = await settle();
    assert.ok(rows.split('\n').length > 25, rows);
    const file = join(stack.folder, 'dump');
    stack.postgres('pg_dump', '-Fc', '-f', file, '-d', stack.url('traction_owner', 'traction'));
    assert.ok(statSync(file).size > 0);
    stack.sql('postgres', 'postgres', 'CREATE DATABASE copy OWNER traction_owner');
    stack.postgres('pg_restore', '--exit-on-error', '--single-transaction', '-d', stack.url('traction_owner', 'copy'), file);
    stack.sql('traction_owner', 'copy', readFileSync(join(root, 'deploy/care/after-restore.sql'), 'utf8'));
    assert.equal(stack.rows('copy'), rows);
  });

  test('exports a tenant whole, and nobody else', async () => {
    await settle();
    const lines = stack.care('tenant-export', 'mine').split('\n').map((line) => JSON.parse(line));
    assert.equal(lines.shift().tenant, 'mine');
    const counts = new Map();
    for (const { table, row } of lines) {
      assert.equal(row.tenant_id, 'mine', table);
      counts.set(table, (counts.get(table) ?? 0) + 1);
    }
    assert.equal([...counts].sort().map(([table, count]) => `${table}|${count}`).join('\n'), stack.rows('traction', 'mine').split('\n').sort().join('\n'));
  });

  test('erases a tenant whole, and nobody else', async () => {
    const others = (await settle(), stack.rows('traction', 'others'));
    assert.ok(Number(stack.care('tenant-erase', 'mine')) > 10);
    assert.equal(stack.rows('traction', 'mine'), '');
    assert.equal(stack.rows('traction', 'others'), others);
  });
});
