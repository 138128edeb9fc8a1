// The real server in a folder of its own: begun by `companion init`, killed and started again as a story wants.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Port } from './port.mjs';
import { signIn } from './session.mjs';

export const PASSWORD = 'correct horse battery';
export const BINARY = resolve(process.env.COMPANION_BIN ?? new URL('../../../target/debug/companion', import.meta.url).pathname);

export class Provider {
  name = 'Harbour Support';
  phone = '01632 960 000';
  #server = null;

  static async begin() {
    const provider = new Provider();
    provider.folder = await mkdtemp(join(tmpdir(), 'companion-story-'));
    provider.held = await Port.hold();
    provider.port = provider.held.number;
    provider.url = `http://127.0.0.1:${provider.port}`;
    // As the demonstration does: Welsh waits for a native speaker, and is offered only where a provider says so.
    await writeFile(join(provider.folder, 'companion.toml'), 'languages = ["en", "cy"]\n');
    await promisify(execFile)(
      BINARY,
      ['init', '--name', provider.name, '--phone', provider.phone, '--phone-hours', 'every day, 8 till 10 at night',
        '--admin-email', 'ada@harbour.example', '--admin-name', 'Ada Office', '--public-url', provider.url],
      { cwd: provider.folder, env: { ...process.env, COMPANION_ADMIN_PASSWORD: PASSWORD } },
    );
    try {
      await provider.start();
      provider.admin = await signIn(provider.url, 'ada@harbour.example', PASSWORD);
    } catch (error) {
      // A server that is left running keeps the story's process from ending.
      await provider.end();
      throw error;
    }
    return provider;
  }

  async start() {
    const server = spawn(BINARY, ['serve', '--listen', `127.0.0.1:${this.port}`, '--public-url', this.url], { cwd: this.folder });
    this.#server = server;
    let said = '';
    await new Promise((listening, fail) => {
      for (const stream of [server.stdout, server.stderr]) {
        stream.on('data', (words) => {
          said += words;
          if (/\blistening\b/.test(said)) listening();
        });
      }
      server.once('exit', () => fail(new Error(`The server ended.\n${said}`)));
    });
  }

  /** As a power cut does it. */
  async kill() {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((done) => server.once('exit', done));
    server.kill('SIGKILL');
    await gone;
  }

  async end() {
    await this.kill();
    await this.held.letGo();
    await rm(this.folder, { recursive: true, force: true });
  }
}
