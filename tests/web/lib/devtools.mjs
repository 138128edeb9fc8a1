// Chromium spoken to directly, through a pipe, with nothing of a test's own in its pages: for what has to be measured.
import { spawn } from 'node:child_process';
import { chromiumInPath, FLAGS } from './browser.mjs';

/** Opens a browser with this profile. `open(url, prepare)` is a page as `prepare(ask)` has made it; `ask(method, params)` is a command to it. */
export async function openBrowser(folder) {
  const program = spawn(chromiumInPath(), [...FLAGS, `--user-data-dir=${folder}`, '--remote-debugging-pipe', 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , , to, from] = program.stdio;
  const waiting = new Map();
  const heard = new Set();
  let rest = '';
  from.setEncoding('utf8').on('data', (text) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop();
    for (const { id, result, error, method, params, sessionId } of messages.map((one) => JSON.parse(one))) {
      if (id) waiting.get(id)(result ?? Promise.reject(new Error(error.message)));
      else for (const listener of heard) listener(method, params, sessionId);
    }
  });
  let last = 0;
  const ask = (method, params = {}, sessionId = undefined) =>
    new Promise((done) => {
      waiting.set(++last, done);
      to.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
  return {
    async open(url, prepare = async () => {}) {
      const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
      const own = (method, params) => ask(method, params, sessionId);
      const listen = (method, listener) => heard.add((name, params, whose) => whose === sessionId && name === method && listener(params));
      await prepare(own, listen);
      await own('Page.navigate', { url });
      return {
        /** What a function of this page answers. */
        run: async (work, ...given) => {
          const { result, exceptionDetails } = await own('Runtime.evaluate', { expression: `(${work})(...${JSON.stringify(given)})`, awaitPromise: true, returnByValue: true });
          if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
          return result.value;
        },
        close: () => ask('Target.closeTarget', { targetId }),
      };
    },
    close: () => new Promise((done) => program.once('exit', done) && void ask('Browser.close')),
  };
}
