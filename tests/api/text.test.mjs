// Text that people see, as Unicode has it: what is equal, what is nothing, and the order.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, invalid, newTenant, ok } from './support/client.mjs';

describe('text', () => {
  test('names that differ by white space, case or normal form alone are one', async () => {
    const client = newTenant();
    const kpi = (name) => client.post('/kpis', { name, direction: 'up' });
    assert.equal(created(await kpi(' MRR ')).data.name, 'MRR');
    for (const name of ['MRR', 'MRR ', 'mrr\u00a0']) fails(await kpi(name), 409, 'DUPLICATE_NAME');
    created(await kpi('Straße é'));
    for (const name of ['STRASSE É', 'strasse e\u0301']) fails(await kpi(name), 409, 'DUPLICATE_NAME');
    fails(await client.post('/api/operations/issue-statuses', { name: 'Open ', category: 'open' }), 409, 'DUPLICATE_NAME');
    fails(await client.post('/api/operations/issue-types', { name: 'general\u3000' }), 409, 'DUPLICATE_NAME');
  });

  test('a title wants something that can be seen', async () => {
    const client = newTenant();
    for (const title of ['\u2060', '\u200c', '\u200d', '\u200e', '\u00ad', '\u3164', '\u2800', ' \u0301', '\ufe0f']) {
      invalid(await client.post('/goals', { title, owner_id: 'o', horizon: 'year' }), 'title');
      invalid(await client.post('/api/operations/actions', { title }), 'title');
      invalid(await client.post('/api/operations/issues', { title }), 'title');
    }
  });

  test('is found and sorted as people read it', async () => {
    const client = newTenant();
    for (const title of ['Zebra', 'Äpfel', 'Apfel', 'Straße']) await client.goal({ title });
    const titles = async (query) => ok(await client.get(`/goals?${query}`)).data.map((goal) => goal.title);
    assert.deepEqual(await titles('sort=title'), ['Apfel', 'Äpfel', 'Straße', 'Zebra']);
    assert.deepEqual(await titles('search=STRASSE'), ['Straße']);
    assert.deepEqual(await titles('search=A%CC%88PFEL'), ['Äpfel']);
  });
});
