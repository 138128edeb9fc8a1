// What stands before the server where phones come in: TLS and HTTP/2, as a provider's proxy speaks them. It counts what each request weighs on
// the wire, as the browser wrote it: its header frames, packed, and its body.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as ask } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';

const PREFACE = 24;
const FRAME = 9;
const [DATA, HEADERS, CONTINUATION] = [0, 1, 9];

export class SecureLine {
  /** Of each request to the API: what it was, and how many bytes it took. */
  seen = [];
  #sockets = new Set();
  #servers = [];

  static async to(provider) {
    const line = new SecureLine();
    // By the port of the inner connection, and the number of the stream on it.
    const sizes = new Map();
    const sizesOf = (from) => sizes.get(from) ?? sizes.set(from, new Map()).get(from);
    line.sizeOf = ({ stream }) => sizesOf(stream.session.socket.remotePort).get(stream.id);
    const inner = createHttp2((request, answer) => line.#carry(provider, request, answer));
    const outer = createTls({ ...certificate(), ALPNProtocols: ['h2'] }, (phone) => {
      const server = connect(inner.address().port, '127.0.0.1', () => pass(phone, server, weigher(sizesOf(server.localPort))));
      for (const one of [phone, server]) {
        line.#sockets.add(one);
        one.on('error', () => [phone, server].forEach((socket) => socket.destroy()));
      }
    });
    line.#servers = [inner, outer];
    await new Promise((done) => inner.listen(0, '127.0.0.1', done));
    await new Promise((done) => outer.listen(0, '127.0.0.1', done));
    line.url = `https://localhost:${outer.address().port}`;
    return line;
  }

  /** The line breaks. What is asked next goes over a new one, on which nothing has been said that could be left out. */
  breaks() {
    this.#sockets.forEach((socket) => socket.destroy());
    this.#sockets.clear();
  }

  async #carry(provider, request, answer) {
    const body = [];
    for await (const part of request) body.push(part);
    if (request.url.startsWith('/api/')) this.seen.push({ method: request.method, path: request.url, body: Buffer.concat(body), bytes: this.sizeOf(request), stream: request.stream.id });
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(':')));
    const asked = ask({ host: '127.0.0.1', port: provider.port, method: request.method, path: request.url, headers }, (got) => {
      const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...kept } = got.headers;
      answer.writeHead(got.statusCode, kept);
      got.pipe(answer);
    });
    asked.on('error', () => answer.destroy());
    asked.end(Buffer.concat(body));
  }

  async end() {
    this.breaks();
    for (const server of this.#servers) await new Promise((done) => server.close(done));
  }
}

function pass(phone, server, weigh) {
  phone.on('data', (bytes) => (weigh(bytes), server.write(bytes)));
  server.on('data', (bytes) => phone.write(bytes));
  phone.on('close', () => server.destroy());
  server.on('close', () => phone.destroy());
}

/** Adds up the frames of each stream. */
function weigher(sizes) {
  let rest = Buffer.alloc(0);
  let skip = PREFACE;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      if (rest.length < skip + FRAME) return;
      const length = rest.readUIntBE(skip, 3);
      if (rest.length < skip + FRAME + length) return;
      const [type, stream] = [rest[skip + 3], rest.readUInt32BE(skip + 5) & 0x7fffffff];
      if ([DATA, HEADERS, CONTINUATION].includes(type)) sizes.set(stream, (sizes.get(stream) ?? 0) + FRAME + length);
      rest = rest.subarray(skip + FRAME + length);
      skip = 0;
    }
  };
}

function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'companion-certificate-'));
  try {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
