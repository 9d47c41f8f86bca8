// Fills a tenant by the product's own interface, so that every table and projection has its part.
import { Agent, request as send } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export class Tenant {
  constructor(stack, name) {
    this.name = name;
    this.port = stack.port;
    this.token = stack.token(name);
  }

  // Answers `data` of the answer.
  async ask(method, path, body) {
    const text = body && JSON.stringify(body);
    const { status, json } = await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }) };
      const request = send({ host: '127.0.0.1', port: this.port, method, path, headers, agent }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => resolve({ status: answer.statusCode, json: JSON.parse(Buffer.concat(parts)) }));
      });
      request.once('error', reject);
      request.end(text);
    });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return json.data;
  }

  // `count` answers of `make(i)`, 32 at a time, in order.
  async many(count, make) {
    const results = [];
    let next = 0;
    const worker = async () => {
      while (next < count) {
        const i = next++;
        results[i] = await make(i);
      }
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    return results;
  }

  goals(count, more = {}) {
    return this.many(count, (i) => this.ask('POST', '/goals', {
      title: `Goal number ${i}`, intent: 'Because the plan says so', owner_id: `user-${i % 5}`, horizon: 'quarter', status: 'active', ...more }));
  }

  // One after the other, since they are numbered.
  async strategies(goal, count, text) {
    const made = [];
    for (let i = 0; i < count; i++) made.push(await this.ask('POST', `/goals/${goal.id}/strategies`, { description: `${i} ${text}` }));
    return made;
  }
}
