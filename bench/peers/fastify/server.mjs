// The peer that the product is compared with: Fastify and pg doing the same job for the three goal
// scenarios out of the same tables. Written the way a good Node team would write it for speed: one
// round trip where it can, prepared (named) statements, a pool, compiled serialisers, cached tokens.
// It leaves out what would only slow it down in a comparison: row level security, request ids, logs.
import { randomBytes, createHash } from 'node:crypto';
import { decode, encode } from '@msgpack/msgpack';
import { pagination, paginationSchema, serve } from './peer.mjs';

await serve((app, pool) => {
  const text = { type: ['string', 'null'] };
  const number = { type: ['number', 'null'] };
  const texts = { type: 'array', items: { type: 'string' } };
  const strategySchema = {
    type: 'object',
    properties: {
      id: { type: 'string' }, goalId: { type: 'string' }, title: text, name: { type: 'string' }, description: { type: 'string' },
      status: { type: 'string' }, order: { type: 'integer' }, ownerId: text, ownerName: text, priority: text, dueDate: text, tags: texts,
      aiGenerated: { type: 'boolean' }, validationScore: number, validationFeedback: text,
      createdAt: text, updatedAt: text, createdBy: text, updatedBy: text,
    },
  };
  const kpiSchema = {
    type: 'object',
    properties: {
      id: { type: 'string' }, linkId: { type: 'string' }, goalId: { type: 'string' }, sharedKpiId: { type: 'string' },
      kpiId: { type: 'string' }, measureId: { type: 'string' }, name: { type: 'string' }, description: text, category: text, unit: text,
      direction: { type: 'string' }, threshold: { type: 'number' }, thresholdPct: { type: 'number' }, riskThresholdPct: { type: 'number' },
      isPrimary: { type: 'boolean' }, order: { type: 'integer' }, strategyId: text, strategyTitle: text,
      baselineValue: number, currentValue: number, targetValue: number, progress: { type: 'number' },
      onTrack: { type: 'boolean' }, linkedAt: text, createdAt: text, updatedAt: text, createdBy: text, updatedBy: text,
    },
  };
  const goalSchema = {
    type: 'object',
    properties: {
      id: { type: 'string' }, title: { type: 'string' }, intent: text, description: text, ownerId: text, ownerName: text,
      horizon: { type: 'string' }, type: { type: 'string' }, status: { type: 'string' }, valueTags: texts,
      strategies: { type: 'array', items: strategySchema },
      kpis: { type: 'array', items: kpiSchema },
      progress: { type: 'number' }, metadata: { type: 'object', additionalProperties: true },
      startDate: text, dueDate: text, endDate: text, completedAt: text, cancelledAt: text, deletedAt: text,
      allowedTransitions: { type: 'array', items: { type: 'string' } },
      createdAt: text, updatedAt: text, createdBy: text, updatedBy: text,
    },
  };
  const one = { type: 'object', properties: { success: { type: 'boolean' }, data: goalSchema } };
  const many = {
    type: 'object',
    properties: {
      success: { type: 'boolean' }, data: { type: 'array', items: goalSchema }, pagination: paginationSchema,
    },
  };

  const transitions = {
    draft: ['activate', 'cancel'], active: ['pause', 'complete', 'cancel'], paused: ['activate', 'cancel'],
    completed: [], cancelled: [], archived: ['cancel'],
  };
  const iso = (date) => date && date.toISOString();
  const strategy = (row) => ({
    id: row.id, goalId: row.goal_id, title: row.title, name: row.title || row.description.slice(0, 80), description: row.description,
    status: row.status, order: Number(row.order_index), ownerId: row.owner_id, ownerName: row.owner_name, priority: row.priority,
    dueDate: iso(row.due_date), tags: row.tags, aiGenerated: row.ai_generated, validationScore: row.validation_score,
    validationFeedback: row.validation_feedback,
    createdAt: iso(row.created_at), updatedAt: iso(row.updated_at), createdBy: row.created_by, updatedBy: row.updated_by,
  });
  const kpi = (row, order) => {
    const { baseline_value: baseline, current_value: current, target_value: target } = row;
    const way = target - baseline;
    const reached = row.direction === 'up' ? current >= target : current <= target;
    const progress = current === null || target === null ? 0
      : way === 0 ? (reached ? 100 : 0) : Math.min(100, Math.max(0, ((current - baseline) / way) * 100));
    return {
      id: row.id, linkId: row.id, goalId: row.goal_id, sharedKpiId: row.kpi_id, kpiId: row.kpi_id, measureId: row.kpi_id, name: row.name,
      description: row.description, category: row.category, unit: row.unit, direction: row.direction, threshold: row.threshold,
      thresholdPct: row.threshold, riskThresholdPct: Math.min(row.risk_threshold ?? 50, row.threshold), isPrimary: row.is_primary,
      order: order + 1, strategyId: row.strategy_id, strategyTitle: row.strategy_title, baselineValue: baseline,
      currentValue: current, targetValue: target, progress, onTrack: progress >= row.threshold, linkedAt: iso(row.created_at),
      createdAt: iso(row.created_at), updatedAt: iso(row.updated_at), createdBy: row.created_by, updatedBy: row.updated_by,
    };
  };
  const progressOf = (row, kpis) => {
    if (row.status === 'completed') return 100;
    const counting = kpis.filter((each) => each.targetValue !== null);
    return counting.length === 0 ? 0 : counting.reduce((sum, each) => sum + each.progress, 0) / counting.length;
  };
  const goal = (row, strategies, kpis = []) => ({
    id: row.id, title: row.title, intent: row.intent, description: row.description, ownerId: row.owner_id, ownerName: row.owner_name,
    horizon: row.horizon, type: row.horizon, status: row.status, valueTags: row.value_tags, strategies, kpis,
    progress: progressOf(row, kpis), metadata: decode(row.metadata),
    startDate: iso(row.start_date), dueDate: iso(row.due_date), endDate: iso(row.due_date), completedAt: iso(row.completed_at),
    cancelledAt: iso(row.cancelled_at), deletedAt: null, allowedTransitions: transitions[row.status],
    createdAt: iso(row.created_at), updatedAt: iso(row.updated_at), createdBy: row.created_by, updatedBy: row.updated_by,
  });

  const goalColumns = `g.id, g.title, g.intent, g.description, g.owner_id, p.name AS owner_name, g.horizon, g.status, g.value_tags,
    g.metadata, g.start_date, g.due_date, g.completed_at, g.cancelled_at, g.version,
    g.created_at, g.updated_at, g.created_by, g.updated_by`;
  const strategyColumns = `s.id, s.goal_id, s.title, s.description, s.status, s.order_index, s.owner_id, o.name AS owner_name, s.priority,
    s.due_date, s.tags, s.ai_generated, s.validation_score, s.validation_feedback, s.created_at, s.updated_at, s.created_by, s.updated_by`;
  const strategyTables = 'goals.strategies s LEFT JOIN goals.people o ON o.tenant_id = s.tenant_id AND o.user_id = s.owner_id';
  const people = 'LEFT JOIN goals.people p ON p.tenant_id = g.tenant_id AND p.user_id = g.owner_id';

  const oneGoal = { name: 'one_goal', text: `SELECT ${goalColumns} FROM goals.goals g ${people}
    WHERE g.tenant_id = $1 AND g.id = $2 AND g.deleted_at IS NULL` };
  const goalStrategies = { name: 'goal_strategies', text: `SELECT ${strategyColumns} FROM ${strategyTables}
    WHERE s.tenant_id = $1 AND s.goal_id = $2 AND s.deleted_at IS NULL ORDER BY s.order_index` };
  const pageOfGoals = { name: 'page_of_goals', text: `SELECT ${goalColumns} FROM goals.goals g ${people}
    WHERE g.tenant_id = $1 AND g.deleted_at IS NULL ORDER BY g.created_at DESC, g.id DESC LIMIT $2 OFFSET $3` };
  const countOfGoals = { name: 'count_of_goals', text: `SELECT count(*)::int AS total FROM goals.goals
    WHERE tenant_id = $1 AND deleted_at IS NULL` };
  const pageStrategies = { name: 'page_strategies', text: `SELECT ${strategyColumns} FROM ${strategyTables}
    WHERE s.tenant_id = $1 AND s.goal_id = ANY($2) AND s.deleted_at IS NULL ORDER BY s.goal_id, s.order_index` };
  const linkedKpis = `SELECT l.id, l.goal_id, l.kpi_id, k.name, k.description, k.category, k.unit, k.direction, l.threshold,
      l.risk_threshold, l.is_primary, l.strategy_id, s.title AS strategy_title,
      coalesce(l.baseline_value, k.baseline_value, k.first_value) AS baseline_value, k.current_value,
      coalesce(l.target_value, k.target_value) AS target_value, l.created_at, l.updated_at, l.created_by, l.updated_by
    FROM kpis.links l JOIN kpis.kpis k ON k.tenant_id = $1 AND k.id = l.kpi_id
    LEFT JOIN kpis.strategies s ON s.tenant_id = $1 AND s.id = l.strategy_id WHERE l.tenant_id = $1`;
  const goalKpis = { name: 'goal_kpis', text: `${linkedKpis} AND l.goal_id = $2 ORDER BY l.created_at, l.id` };
  const pageKpis = { name: 'page_kpis', text: `${linkedKpis} AND l.goal_id = ANY($2) ORDER BY l.goal_id, l.created_at, l.id` };
  const insertCommand = { name: 'insert_command', text: `INSERT INTO bench.commands (tenant_id, key, fingerprint, answer, expires_at)
    VALUES ($1, $2, $3, $4, now() + interval '10 minutes')` };
  const insertGoal = { name: 'insert_goal', text: `INSERT INTO goals.goals (tenant_id, id, title, intent, owner_id, horizon, status,
    value_tags, metadata, start_date, due_date, version, created_at, updated_at, created_by, updated_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $10, $10, $12, $12)` };
  const insertOutbox = { name: 'insert_outbox', text: `INSERT INTO bench.outbox (tenant_id, type, entity_id, version, payload, created_at)
    VALUES ($1, $2, $3, 1, $4, now())` };
  const learned = { name: 'learned', text: 'SELECT name FROM goals.people WHERE tenant_id = $1 AND user_id = $2' };

  app.get('/goals/:id', { schema: { response: { 200: one } } }, async (request, reply) => {
    const tenant = request.caller.tenant_id;
    const values = [tenant, request.params.id];
    const client = await pool.connect();
    try {
      // The queries are queued at once on one connection, the nearest pg has to a pipeline.
      const [found, strategies, kpis] = await Promise.all([client.query({ ...oneGoal, values }),
        client.query({ ...goalStrategies, values }), client.query({ ...goalKpis, values })]);
      if (found.rowCount === 0)
        return reply.code(404).send({ success: false, error: 'Goal not found', code: 'GOAL_NOT_FOUND' });
      const data = goal(found.rows[0], strategies.rows.map(strategy), kpis.rows.map(kpi));
      reply.header('etag', `"${found.rows[0].version}-${createHash('md5').update(found.rows[0].id).digest('hex')}"`);
      return { success: true, data };
    } finally {
      client.release();
    }
  });

  app.get('/goals', { schema: {
    querystring: { type: 'object', properties: { page: { type: 'integer', minimum: 1, default: 1 },
      size: { type: 'integer', minimum: 1, default: 20 } } },
    response: { 200: many },
  } }, async (request) => {
    const tenant = request.caller.tenant_id;
    const { page, size } = request.query;
    const client = await pool.connect();
    try {
      const [rows, count] = await Promise.all([
        client.query({ ...pageOfGoals, values: [tenant, size, (page - 1) * size] }),
        client.query({ ...countOfGoals, values: [tenant] })]);
      const values = [tenant, rows.rows.map((row) => row.id)];
      const [strategies, kpis] = await Promise.all([
        client.query({ ...pageStrategies, values }), client.query({ ...pageKpis, values })]);
      const byGoal = new Map(rows.rows.map((row) => [row.id, { strategies: [], kpis: [] }]));
      for (const row of strategies.rows) byGoal.get(row.goal_id).strategies.push(strategy(row));
      for (const row of kpis.rows) {
        const its = byGoal.get(row.goal_id).kpis;
        its.push(kpi(row, its.length));
      }
      const total = count.rows[0].total;
      return { success: true, data: rows.rows.map((row) => goal(row, byGoal.get(row.id).strategies, byGoal.get(row.id).kpis)),
        pagination: pagination(page, size, total) };
    } finally {
      client.release();
    }
  });

  app.post('/goals', { schema: {
    body: {
      type: 'object', required: ['title', 'owner_id', 'horizon'],
      properties: {
        title: { type: 'string', minLength: 1, maxLength: 200 }, intent: { type: ['string', 'null'], maxLength: 2000 },
        owner_id: { type: 'string', minLength: 1, maxLength: 128 }, horizon: { enum: ['year', 'quarter', 'month'] },
        status: { enum: ['draft', 'active', 'paused'], default: 'draft' },
        value_tags: { type: 'array', maxItems: 20, items: { type: 'string', minLength: 1, maxLength: 50 }, default: [] },
        metadata: { type: 'object', default: {} },
      },
    },
    response: { 201: one },
  } }, async (request, reply) => {
    const { tenant_id: tenant, user_id: user } = request.caller;
    const body = request.body;
    const now = new Date();
    const due = new Date(now);
    due.setUTCMonth(due.getUTCMonth() + { year: 12, quarter: 3, month: 1 }[body.horizon]);
    const row = {
      id: uuid7(now), title: body.title, intent: body.intent ?? null, description: null, owner_id: body.owner_id, horizon: body.horizon,
      status: body.status, value_tags: body.value_tags, metadata: encode(body.metadata), start_date: now, due_date: due,
      completed_at: null, cancelled_at: null, created_at: now, updated_at: now, created_by: user, updated_by: user,
    };
    const client = await pool.connect();
    try {
      const known = client.query({ ...learned, values: [tenant, body.owner_id] });
      const fingerprint = createHash('sha256').update(JSON.stringify(body)).digest();
      const event = encode({ type: 'goal.created', tenant, data: row });
      row.owner_name = (await known).rows[0]?.name ?? null;
      const data = goal(row, []);
      // One flight of queries, one transaction.
      await Promise.all([
        client.query('BEGIN'),
        client.query({ ...insertCommand, values: [tenant, randomBytes(32), fingerprint, encode(data)] }),
        client.query({ ...insertGoal, values: [tenant, row.id, row.title, row.intent, row.owner_id, row.horizon, row.status,
          row.value_tags, row.metadata, now, due, user] }),
        client.query({ ...insertOutbox, values: [tenant, 'goal.created', row.id, event] }),
        client.query('COMMIT')]);
      reply.code(201).header('location', `/goals/${row.id}`).header('etag', `"1-${fingerprint.toString('hex', 0, 8)}"`);
      return { success: true, data };
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  });
});

function uuid7(now) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
