// One connection that asks one request at a time, with little work of its own, so that times are the server's.
import { connect } from 'node:net';
import { once } from 'node:events';

export class Client {
  static async open(port, token) {
    const client = new Client();
    client.token = token;
    client.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    client.socket.on('data', (part) => client.take(part));
    client.socket.on('close', () => client.failed?.(new Error('the connection was closed')));
    client.socket.on('error', (error) => client.failed?.(error));
    await once(client.socket, 'connect');
    return client;
  }

  // Answers {status, ms, body}.
  ask({ method = 'GET', path, body }, token = this.token) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const more = body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) throw new Error('the connection was closed');
      this.parts = [];
      this.missing = NaN; // until the head is there
      this.failed = reject;
      const began = performance.now();
      this.answered = () => {
        const ms = performance.now() - began;
        resolve({ status: this.status, ms, body: Buffer.concat(this.parts).toString() });
      };
      this.socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${more}\r\n${text}`);
    });
  }

  take(part) {
    if (Number.isNaN(this.missing)) {
      this.parts.push(part);
      const all = Buffer.concat(this.parts);
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = all.toString('latin1', 0, end);
      this.status = Number(head.slice(9, 12));
      const length = /^content-length: *(\d+)/im.exec(head);
      if (!length && this.status !== 204) {
        this.failed(new Error(`an answer without Content-Length: ${head}`));
        return;
      }
      this.parts = [all.subarray(end + 4)];
      this.missing = Number(length?.[1] ?? 0) - this.parts[0].length;
    } else {
      this.parts.push(part);
      this.missing -= part.length;
    }
    if (this.missing <= 0) this.answered();
  }

  close() {
    this.failed = undefined;
    this.socket.destroy();
  }
}
