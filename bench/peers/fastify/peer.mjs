// What the peers share: their processes, the pool and the caller's token. What a peer leaves out, since it
// would only slow it down in a comparison: row level security, request ids, logs.
import cluster from 'node:cluster';
import Fastify from 'fastify';
import { createVerifier } from 'fast-jwt';
import pg from 'pg';

// Serves in PEER_PROCESSES processes; `routes(app, pool)` adds to each what it answers.
export async function serve(routes) {
  const processes = Number(process.env.PEER_PROCESSES ?? 1);
  if (processes > 1 && cluster.isPrimary) {
    for (let i = 0; i < processes; i++) cluster.fork();
    process.on('SIGTERM', () => process.exit(0));
    return;
  }
  const connections = Math.max(1, Math.floor(Number(process.env.PEER_CONNECTIONS ?? 32) / processes));
  const pool = new pg.Pool({ connectionString: process.env.PEER_DATABASE_URL, max: connections });
  const verify = createVerifier({ key: process.env.PEER_JWT_SECRET, algorithms: ['HS256'], cache: 10000 });
  const app = Fastify({ logger: false, bodyLimit: 1048576 });
  app.addHook('onRequest', async (request, reply) => {
    try {
      request.caller = verify(request.headers.authorization?.slice(7) ?? '');
    } catch {
      reply.code(401).send({ success: false, error: 'A valid bearer token is required', code: 'UNAUTHENTICATED' });
    }
  });
  routes(app, pool);
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PEER_PORT) });
  process.on('SIGTERM', () => app.close().then(() => process.exit(0)));
}

// What an answer says of its page.
export const paginationSchema = {
  type: 'object',
  properties: { page: { type: 'integer' }, size: { type: 'integer' }, limit: { type: 'integer' }, pageSize: { type: 'integer' },
    total: { type: 'integer' }, totalPages: { type: 'integer' }, hasMore: { type: 'boolean' }, hasNextPage: { type: 'boolean' },
    hasPreviousPage: { type: 'boolean' } },
};

export function pagination(page, size, total) {
  const totalPages = Math.ceil(total / size);
  const more = page < totalPages;
  return { page, size, limit: size, pageSize: size, total, totalPages, hasMore: more, hasNextPage: more, hasPreviousPage: page > 1 };
}
