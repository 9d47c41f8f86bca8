// The peer of the operations scenarios: Fastify and pg listing actions and searching issues out of the
// same tables. Written the way a good Node team would write it for speed: one flight of prepared
// (named) statements, compiled serialisers, cached tokens, the words' own index. It leaves out what
// would only slow it down in a comparison: row level security, request ids, logs.
import { decode } from '@msgpack/msgpack';
import { pagination, paginationSchema, serve } from './peer.mjs';

const types = [['Personnel', '#FF6B6B', 'users'], ['Financial', '#2ECC71', 'dollar-sign'], ['Process', '#3498DB', 'cogs'],
  ['Legal', '#9B59B6', 'gavel'], ['Customer', '#F39C12', 'handshake'], ['Technical', '#34495E', 'server'], ['General', '#95A5A6', 'tag']];
const statuses = [['Open', '#3498db', 'inbox', 'open'], ['Backlog', '#7F8C8D', 'list', 'open'], ['In Progress', '#F39C12', 'play', 'active'],
  ['In Review', '#9B59B6', 'eye', 'active'], ['Blocked', '#E74C3C', 'ban', 'active'], ['On Hold', '#E67E22', 'pause', 'inactive'],
  ['Deferred', '#95A5A6', 'calendar', 'inactive'], ['Resolved', '#2ECC71', 'check', 'closed'], ['Closed', '#34495E', 'archive', 'closed'],
  ['Duplicate', '#BDC3C7', 'copy', 'closed'], ["Won't Fix", '#7F8C8D', 'times', 'closed']];
const system = new Map();
types.forEach(([name, color, icon], i) => {
  const id = `01941f29-7c00-7000-8000-0000000001${(i + 1).toString(16).padStart(2, '0')}`;
  system.set(id, { id, name, category: null, color, icon });
});
statuses.forEach(([name, color, icon, category], i) => {
  const id = `01941f29-7c00-7000-8000-0000000002${(i + 1).toString(16).padStart(2, '0')}`;
  system.set(id, { id, name, category, color, icon });
});

await serve((app, pool) => {
  const text = { type: ['string', 'null'] };
  const number = { type: ['number', 'null'] };
  const ids = { type: 'array', items: { type: 'string' } };
  const record = { createdAt: text, updatedAt: text, createdBy: text, updatedBy: text };
  const list = (item) => ({ 200: {
    type: 'object',
    properties: {
      success: { type: 'boolean' }, data: { type: 'array', items: { type: 'object', properties: item } },
      pagination: paginationSchema,
    },
  } });
  const actionSchema = {
    id: { type: 'string' }, title: { type: 'string' }, description: text, startDate: text, dueDate: text, priority: { type: 'string' },
    status: { type: 'string' }, assignedPersonId: text, assignedPersonName: text, progress: { type: 'number' },
    estimatedHours: number, actualHours: number, tags: ids, dateEntered: text, statusReason: text,
    connections: { type: 'object', properties: { goalIds: ids, strategyIds: ids, issueIds: ids } }, completedAt: text, ...record,
  };
  const config = { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' }, category: text, color: text, icon: text } };
  const issueSchema = {
    id: { type: 'string' }, title: { type: 'string' }, description: text, typeConfigId: { type: 'string' }, statusConfigId: { type: 'string' },
    statusId: { type: 'string' }, status: config, type: config, impact: text, businessImpact: text, priority: text, reporterId: text,
    reporterName: text, reportedBy: text, reportedByName: text, assignedPersonId: text, assignedPersonName: text, dueDate: text,
    dateReported: text, resolvedAt: text, statusReason: text, environment: text, stepsToReproduce: text, expectedBehavior: text, actualBehavior: text,
    estimatedHours: number, actualHours: number, tags: ids, displayOrder: { type: ['integer', 'null'] },
    connections: { type: 'object', properties: { goalIds: ids, strategyIds: ids, actionIds: ids } }, rootCauseAnalysis: {}, resolutionNotes: text,
    ...record,
  };

  const iso = (date) => date && date.toISOString();
  const recorded = (row) => ({ createdAt: iso(row.created_at), updatedAt: iso(row.updated_at), createdBy: row.created_by, updatedBy: row.updated_by });
  const action = (row) => ({
    id: row.id, title: row.title, description: row.description, startDate: iso(row.start_date), dueDate: iso(row.due_date), priority: row.priority,
    status: row.status, assignedPersonId: row.assigned_person_id, assignedPersonName: row.assigned_person_name, progress: row.progress,
    estimatedHours: row.estimated_hours, actualHours: row.actual_hours, tags: row.tags, dateEntered: iso(row.date_entered ?? row.created_at),
    statusReason: row.status_reason,
    connections: { goalIds: row.goal_ids, strategyIds: row.strategy_ids, issueIds: row.issue_ids }, completedAt: iso(row.completed_at), ...recorded(row),
  });
  const issue = (row) => {
    const status = system.get(row.status_config_id)
      ?? { id: row.status_config_id, name: row.status_name, category: row.status_category, color: row.status_color, icon: row.status_icon };
    return {
      id: row.id, title: row.title, description: row.description, typeConfigId: row.type_config_id, statusConfigId: row.status_config_id,
      statusId: row.status_config_id,
      status,
      type: system.get(row.type_config_id) ?? { id: row.type_config_id, name: row.type_name, category: null, color: row.type_color, icon: row.type_icon },
      impact: row.impact, businessImpact: row.impact, priority: row.priority, reporterId: row.reporter_id, reporterName: row.reporter_name,
      reportedBy: row.reporter_id, reportedByName: row.reporter_name, assignedPersonId: row.assigned_person_id, assignedPersonName: row.assigned_person_name,
      dueDate: iso(row.due_date), dateReported: iso(row.date_reported ?? row.created_at), resolvedAt: iso(row.resolved_at ?? (status.category === 'closed' ? row.updated_at : null)),
      statusReason: row.status_reason, environment: row.environment, stepsToReproduce: row.steps_to_reproduce,
      expectedBehavior: row.expected_behavior, actualBehavior: row.actual_behavior, estimatedHours: row.estimated_hours, actualHours: row.actual_hours, tags: row.tags,
      displayOrder: row.display_order === null ? null : Number(row.display_order),
      connections: { goalIds: row.goal_ids, strategyIds: row.strategy_ids, actionIds: row.action_ids },
      rootCauseAnalysis: row.root_cause_analysis && decode(row.root_cause_analysis), resolutionNotes: row.resolution_notes, ...recorded(row),
    };
  };

  // The functions say what an action and an issue show besides their rows; for their owner there are no policies.
  const wantedActions = `tenant_id = $1 AND status = ANY($2) AND priority = ANY($3) AND (due_date IS NULL OR due_date >= $4)
    AND (start_date IS NULL OR start_date <= $5)`;
  const pageOfActions = { name: 'page_of_actions', text: `SELECT a.*, l.*
    FROM (SELECT * FROM operations.actions WHERE ${wantedActions} AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $6 OFFSET $7) a,
      LATERAL operations.action_links(a.tenant_id, a.id, a.assigned_person_id) l
    ORDER BY a.created_at DESC, a.id DESC` };
  const countOfActions = { name: 'count_of_actions', text: `SELECT count(*)::int AS total FROM operations.actions
    WHERE ${wantedActions} AND deleted_at IS NULL` };
  const hasWords = `tenant_id = $1 AND operations.text_key(title || chr(1) || coalesce(description, '')) LIKE $2`;
  const pageOfIssues = { name: 'page_of_issues', text: `SELECT i.*, l.*
    FROM (SELECT * FROM operations.issues WHERE ${hasWords} AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4) i,
      LATERAL operations.issue_links(i.tenant_id, i.id, i.type_config_id, i.status_config_id, i.reporter_id, i.assigned_person_id) l
    ORDER BY i.created_at DESC, i.id DESC` };
  const countOfIssues = { name: 'count_of_issues', text: `SELECT count(*)::int AS total FROM operations.issues WHERE ${hasWords} AND deleted_at IS NULL` };

  async function listed(page, count, { page: at, size }, make) {
    const client = await pool.connect();
    try {
      // Both queries are queued at once on one connection, the nearest pg has to a pipeline.
      const [rows, counted] = await Promise.all([client.query(page), client.query(count)]);
      const { total } = counted.rows[0];
      return { success: true, data: rows.rows.map(make), pagination: pagination(at, size, total) };
    } finally {
      client.release();
    }
  }

  const paging = (size) => ({ page: { type: 'integer', minimum: 1, default: 1 }, size: { type: 'integer', minimum: 1, default: size } });

  app.get('/api/operations/actions', { schema: {
    querystring: { type: 'object', properties: { ...paging(100), status: { type: 'string' }, priority: { type: 'string' },
      startDate: { type: 'string' }, endDate: { type: 'string' } }, required: ['status', 'priority', 'startDate', 'endDate'] },
    response: list(actionSchema),
  } }, (request) => {
    const { query } = request;
    const filters = [request.caller.tenant_id, query.status.split(','), query.priority.split(','), query.startDate, query.endDate];
    return listed({ ...pageOfActions, values: [...filters, query.size, (query.page - 1) * query.size] },
      { ...countOfActions, values: filters }, query, action);
  });

  app.get('/api/operations/issues', { schema: {
    querystring: { type: 'object', properties: { ...paging(20), search: { type: 'string' } }, required: ['search'] }, response: list(issueSchema),
  } }, (request) => {
    const { query } = request;
    const filters = [request.caller.tenant_id, `%${query.search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`];
    return listed({ ...pageOfIssues, values: [...filters, query.size, (query.page - 1) * query.size] },
      { ...countOfIssues, values: filters }, query, issue);
  });
});
