// The line between a phone and its provider, as bad as a story wants it: slow, cut, losing what goes either way. It lies outside the
// browser, so a service worker goes through it too.
import { createServer, request as ask } from 'node:http';

export class Line {
  /** Written down of each request to the API: what it was and how large, and when its answer went back to the phone. */
  seen = [];
  /** Decides about each request to the API: `through`, `lost` (it never comes to the server), `answer lost`, or how many ms it takes. */
  fate = () => 'through';
  /** How many ms each request to the API takes beside that, to come through or to be lost. */
  slow = () => 0;
  /** Other files than the provider's own, by their path: `(text) => text`. */
  files = {};
  #server;

  static async to(provider) {
    const line = new Line();
    line.#server = createServer((request, answer) => line.#carry(new URL(provider.url), request, answer).catch(() => answer.destroy()));
    await new Promise((done) => line.#server.listen(0, '127.0.0.1', done));
    line.url = `http://127.0.0.1:${line.#server.address().port}`;
    line.provider = Object.assign(Object.create(provider), { url: line.url });
    return line;
  }

  async #carry(to, request, answer) {
    const body = [];
    for await (const part of request) body.push(part);
    const sent = Buffer.concat(body);
    const api = request.url.startsWith('/api/');
    const fate = api ? this.fate({ method: request.method, path: request.url, body: sent, headers: request.headers }) : 'through';
    const noted = { method: request.method, path: request.url, bytes: sent.length + head(request), headers: request.headers, body: sent, fate, answered: null };
    if (api) this.seen.push(noted);
    const takes = (typeof fate === 'number' ? fate : 0) + (api ? this.slow() : 0);
    if (takes) await new Promise((later) => setTimeout(later, takes));
    if (fate === 'lost') return void request.socket.destroy();
    const file = this.files[new URL(request.url, this.url).pathname];
    const headers = { ...request.headers, ...(file ? { 'accept-encoding': 'identity' } : {}) };
    // Another file has another tag: the server's own says nothing of it, or it would answer that nothing is new.
    if (file) delete headers['if-none-match'];
    const [got, back] = await new Promise((done, fail) => {
      const asked = ask({ host: to.hostname, port: to.port, method: request.method, path: request.url, headers }, async (got) => {
        const parts = [];
        got.on('data', (part) => parts.push(part));
        got.on('end', () => done([got, Buffer.concat(parts)]));
        got.on('error', fail);
      });
      asked.on('error', fail);
      asked.end(sent);
    });
    if (fate === 'answer lost') return void request.socket.destroy();
    const text = file ? Buffer.from(file(back.toString())) : back;
    const { 'transfer-encoding': _, ...kept } = got.headers;
    if (file) delete kept.etag;
    noted.answered = Date.now();
    answer.writeHead(got.statusCode, { ...kept, 'content-length': text.length });
    answer.end(text);
  }

  end() {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(done));
  }
}

const head = ({ method, url, rawHeaders }) => method.length + url.length + 12 + rawHeaders.join('').length + rawHeaders.length * 2;
