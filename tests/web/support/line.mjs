// A line to the stack that can be cut and mended: a browser that is set offline keeps its open streams.
import { connect, createServer } from 'node:net';
import { stack } from '../../api/support/client.mjs';

export async function openLine() {
  const sockets = new Set();
  const { hostname, port } = new URL(stack.url);
  const server = createServer((from) => {
    const to = connect(Number(port), hostname);
    for (const [one, other] of [[from, to], [to, from]]) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => { sockets.delete(one); other.destroy(); });
    }
  });
  const listen = (at) => new Promise((done) => server.listen(at, '127.0.0.1', done));
  await listen(0);
  const own = server.address().port;
  return {
    url: `http://127.0.0.1:${own}`,
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    mend: () => listen(own),
  };
}
