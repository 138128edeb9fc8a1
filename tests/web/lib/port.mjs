// A port that is one story's for as long as it lasts, also while its server is killed and not yet started again. Stories are told beside each
// other, and a port that is only looked for and let go can be given to two of them: the second would speak to the first one's server.
// It is held by listening on its twin, HOLD below. Both lie under what systems give out by themselves (from 32768 on Linux).
// tests/src/port.rs goes by the same rule.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const [FIRST, END, HOLD] = [22_000, 32_000, 10_000];

export class Port {
  static async hold() {
    for (;;) {
      const number = randomInt(FIRST, END);
      const held = await listens(number - HOLD);
      if (!held) continue;
      const probe = await listens(number);
      if (probe) {
        await closed(probe);
        // What failed without letting go keeps no run from ending.
        held.unref();
        return Object.assign(new Port(), { number, letGo: () => closed(held) });
      }
      await closed(held);
    }
  }
}

/** Null where somebody else listens already. */
const listens = (port) =>
  new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? done(null) : fail(error)));
    server.listen(port, '127.0.0.1', () => done(server));
  });

const closed = (server) => new Promise((done) => server.close(done));
