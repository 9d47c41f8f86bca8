// A managed PostgreSQL: TLS with a CA of its own, few connections, and an owner who is no superuser and does not
// bypass row level security. The stack runs; a dump, a restore, a tenant's export and erasure are whole.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { claimsOf, sign } from '../api/support/token.mjs';
import { noDump, postgresBin } from '../support/postgres_bin.mjs';
import { Containers } from './support/containers.mjs';
import { bin, root } from './support/programs.mjs';

const password = 'of-the-owner';

const key = (name) => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];

// Rights as docs/operations.md names them.
class Managed extends Containers {
  async mountSecrets() {
    await super.mountSecrets();
    this.openssl('req', '-x509', ...key('ca'), '-days', '2', '-subj', '/CN=ca', '-out', 'ca.crt');
    this.openssl('req', '-x509', ...key('other-ca'), '-days', '2', '-subj', '/CN=ca', '-out', 'other-ca.crt');
    for (const name of this.names) {
      for (const file of readdirSync(join(this.folder, 'mounts', name))) {
        const path = join(this.folder, 'mounts', name, file);
        const text = readFileSync(path, 'utf8').trim();
        if (text.startsWith('postgresql://')) writeFileSync(path, `${text}?${this.verified()}`);
      }
    }
    writeFileSync(join(this.folder, 'mounts/migrate/owner-url'), this.url('traction_owner', 'traction'), { mode: 0o444 });
  }

  openssl(...words) { execFileSync('openssl', words, { cwd: this.folder, stdio: 'pipe' }); }

  verified(ca = 'ca') { return `sslmode=verify-full&sslrootcert=${join(this.folder, `${ca}.crt`)}`; }

  // A certificate for its address, and nobody gets in by TCP without TLS.
  secure() {
    const data = join(this.folder, 'pg');
    const { uid, gid } = statSync(data);
    writeFileSync(join(this.folder, 'names'), `subjectAltName=IP:${this.address('postgres')}`);
    this.openssl('req', ...key('pg/server'), '-subj', '/CN=database', '-out', 'server.csr');
    this.openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', 'pg/server.crt');
    for (const name of ['server.key', 'server.crt']) chownSync(join(data, name), uid, gid);
    writeFileSync(join(data, 'pg_hba.conf'), 'local all all trust\nhostssl all all all scram-sha-256\n');
    this.sql('postgres', 'traction', 'ALTER SYSTEM SET ssl = on');
    this.sql('postgres', 'traction', 'SELECT pg_reload_conf()');
  }

  async startPostgres() {
    await super.startPostgres();
    this.secure();
    this.sql('postgres', 'traction', `CREATE ROLE traction_owner LOGIN CREATEROLE PASSWORD '${password}'; ALTER DATABASE traction OWNER TO traction_owner`);
  }

  url(role, database) {
    return role === 'postgres' ? `postgresql://postgres@/${database}?host=${join(this.folder, 'pg')}`
      : `postgresql://${role}:${password}@${this.address('postgres')}/${database}?${this.verified()}`;
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

  test('is talked to by TLS alone, with its own CA', () => {
    assert.equal(stack.sql('postgres', 'traction', `SELECT count(DISTINCT usename) || ' ' || bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
      WHERE usename LIKE 'svc_%'`), '5 true');
    const migrate = (url) => spawnSync(join(bin, 'svc-goals'), ['--migrate'], { env: { PATH: process.env.PATH, TRACTION_MIGRATE_DATABASE_URL: url }, encoding: 'utf8' });
    const url = stack.url('traction_owner', 'traction');
    const good = migrate(url);
    assert.equal(good.status, 0, good.stderr);
    const wrong = migrate(url.replace(stack.verified(), stack.verified('other-ca')));
    assert.notEqual(wrong.status, 0);
    assert.match(wrong.stderr, /certificate verify failed/);
    const plain = migrate(url.replace('verify-full', 'disable'));
    assert.notEqual(plain.status, 0);
    assert.match(plain.stderr, /no encryption/);
  });

  // What it says of the managed database.
  function doctor(file = join(stack.folder, 'mounts/migrate/owner-url')) {
    const { stdout } = spawnSync(join(root, 'deploy/local/doctor'), ['--data', join(stack.folder, 'none')],
      { env: { PATH: process.env.PATH, TRACTION_MIGRATE_DATABASE_URL_FILE: file }, encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes('managed: '));
  }

  test('is well for the doctor, unless rights or connections are missing', () => {
    stack.sql('postgres', 'traction', 'ALTER DATABASE traction CONNECTION LIMIT 150');
    assert.deepEqual(doctor().map((line) => line.replace(/PostgreSQL \d+\.\d+.*/, 'PostgreSQL')), ['ok     managed: PostgreSQL',
      'ok     managed: no pooler is between', 'ok     managed: its owner has all rights that are needed']);
    stack.sql('postgres', 'traction', 'ALTER ROLE traction_owner NOCREATEROLE; ALTER DATABASE traction CONNECTION LIMIT 140; ALTER DATABASE traction OWNER TO postgres');
    const said = doctor().join('\n');
    stack.sql('postgres', 'traction', 'ALTER ROLE traction_owner CREATEROLE; ALTER DATABASE traction CONNECTION LIMIT -1; ALTER DATABASE traction OWNER TO traction_owner');
    for (const fault of ['it allows 140 connections; the services may open 145', 'traction_owner may not make roles', 'traction_owner may not make schemas']) {
      assert.ok(said.includes(`WRONG  managed: ${fault}`), `${fault}: ${said}`);
    }
  });

  test('is not used through a pooler that keeps no sessions', async () => {
    const folder = join(stack.folder, 'pooler');
    const { uid, gid } = statSync(join(stack.folder, 'pg'));
    mkdirSync(folder);
    chownSync(folder, uid, gid);
    writeFileSync(join(folder, 'users'), '"svc_goals" ""\n"traction_owner" ""\n');
    writeFileSync(join(folder, 'ini'), `[databases]\n* = host=${join(stack.folder, 'pg')}\n[pgbouncer]\npool_mode = transaction\nunix_socket_dir = ${folder}\n`
      + `listen_port = 6432\nauth_type = trust\nauth_file = ${join(folder, 'users')}\n`);
    const pooler = spawn('/usr/sbin/pgbouncer', ['-q', join(folder, 'ini')], { uid, gid, cwd: '/', stdio: 'ignore' });
    try {
      for (let i = 0; i < 200 && !existsSync(join(folder, '.s.PGSQL.6432')); i += 1) await new Promise((done) => { setTimeout(done, 50); });
      const url = (role) => `postgresql://${role}@/traction?host=${folder}&port=6432`;
      const bus = join(stack.folder, 'bus');
      mkdirSync(bus, { mode: 0o700 });
      const refused = spawnSync(join(bin, 'svc-goals'), [], { encoding: 'utf8',
        env: { PATH: process.env.PATH, TRACTION_DATABASE_URL: url('svc_goals'), TRACTION_BUS_DIR: bus, TRACTION_ADMIN_PORT: '0' } });
      assert.notEqual(refused.status, 0);
      assert.match(refused.stderr, /^traction: TRACTION_DATABASE_URL: a pooler .*pool_mode = session.*$/m);
      writeFileSync(join(folder, 'owner-url'), url('traction_owner'));
      assert.ok(doctor(join(folder, 'owner-url')).includes('WRONG  managed: a pooler is between that does not keep sessions; PgBouncer needs pool_mode = session'));
    } finally {
      pooler.kill();
    }
  });

  test('may have fewer connections than the services would open', async () => {
    stack.sql('postgres', 'traction', `ALTER ROLE svc_goals CONNECTION LIMIT 4`);
    stack.sql('postgres', 'traction', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'svc_goals'`);
    const titles = Array.from({ length: 24 }, (_, i) => `Goal ${i}`);
    await Promise.all(titles.map((title) => ask('limited', 'POST', '/goals', { title, horizon: 'year', owner_id: 'u1' })));
    const { data } = await ask('limited', 'GET', '/goals');
    assert.deepEqual(data.map(({ title }) => title).sort(), titles.sort());
    assert.match(stack.log('svc-goals'), /too many connections for role/);
    stack.sql('postgres', 'traction', 'ALTER ROLE svc_goals CONNECTION LIMIT -1');
  });

  test('leaves searches and lists to each tenant', async () => {
    for (const tenant of ['mine', 'others']) {
      const { data } = await ask(tenant, 'GET', '/goals?search=goal');
      assert.deepEqual(data.map(({ title }) => title), [`Goal of ${tenant}`]);
    }
  });

  test('dumps everything and restores it', { skip: noDump }, async () => {
    const file = join(stack.folder, 'dump');
    // What consumers say of themselves now and then is not to come in between.
    let rows = '';
    for (let i = 0; i < 20 && stack.rows('traction') !== rows; i += 1) {
      rows = await settle();
      stack.postgres('pg_dump', '-Fc', '-f', file, '-d', stack.url('traction_owner', 'traction'));
    }
    assert.ok(rows.split('\n').length > 25, rows);
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
