import { vi } from 'vitest';
import { Problem, Unreachable } from '../../../shared/api';
import { open, type Db } from '../db';
import { wipe } from '../forgetting';
import { keep, keepNewest, keepRequest, mine, type Entry } from '../outbox';
import { change, doubtParts, read } from '../outbox/disk';
import { operation } from '../outbox/operation';
import type { Lane, SyncAnswer, SyncRequest } from '../outbox/request';
import { keepAnswer, runRound, type Host } from '../outbox/run';
import { sealOlder } from '../older';
import { writeSession } from '../own';
import type { StoredSession } from '../stored';
import type { ModelServer } from './server.test-only';

// A phone with the real store and the real rules, and a line that does to it what lines do.

/**
 * What becomes of one request. `delayed`: it comes to the server later, when the phone has long given up. `late`: so does the answer. `dies`: the
 * server does, between doing what it was sent and remembering that it did.
 */
export type Fate = 'through' | 'lost' | 'answer lost' | 'delayed' | 'late' | 'twice' | 'busy' | 'broken' | 'dies';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};

export class Killed extends Error {}

export type World = { server: ModelServer; now: number; later: (() => Promise<unknown>)[] };

export class ModelPhone {
  readonly name: string;
  readonly world: World;
  db!: Db;
  /** How wrong its clock is. */
  off = 0;
  over = false;
  full = false;
  /** What it does from now on ends after so many steps. */
  fuse = Infinity;

  constructor(name: string, world: World) {
    this.name = name;
    this.world = world;
  }

  now = (): number => this.world.now + this.off;

  async switchOn(): Promise<void> {
    this.db = await open(this.name);
    if (!(await this.db.get('kept', 'sealed'))) await sealOlder(this.db);
    this.fuse = Infinity;
  }
  async join(): Promise<void> {
    this.over = false;
    await writeSession(this.db, JO);
  }
  async signOut(): Promise<void> {
    await wipe(this.db, 'jo');
  }

  entries = (): Promise<Entry[]> => mine(this.db, 'jo');

  /** Whether it was saved is all that the person is told. */
  tap = (entry: Entry, newest: boolean): Promise<boolean> => this.#saved(() => (newest ? keepNewest : keep)(this.db, entry)).then((saved) => saved !== null);
  /** Resolves to its id, if it was saved. */
  ask = (words: string): Promise<string | null> =>
    this.#saved(() => {
      vi.setSystemTime(this.now());
      return keepRequest(this.db, 'jo', 'now', 'call', words).finally(() => vi.useRealTimers());
    });

  #saved = <T>(work: () => Promise<T>): Promise<T | null> =>
    this.step(work, true).catch((error: unknown) => (error instanceof DOMException ? null : Promise.reject(error)));

  /** One round in one tab, as the app has it in each lane, until it ends, the phone is killed or its disk is full. */
  async round(lane: Lane, line: Fate[]): Promise<void> {
    await runRound(this.#host(line), lane, lane === 'contact' ? { beside: [] } : { beside: null, alone: null }).catch(ends);
  }

  /** Between any two things that it does, and before and after each, it may be killed. */
  async step<T>(work: () => Promise<T>, writes = false): Promise<T> {
    if (this.fuse-- <= 0) throw new Killed();
    if (writes && this.full) throw new DOMException('Full.', 'QuotaExceededError');
    const result = await work();
    if (this.fuse-- <= 0) throw new Killed();
    return result;
  }

  /** `line`: what becomes of its requests, one after the other. */
  #host(line: Fate[]): Host<Entry> {
    const fate = (): Fate => line.shift() ?? 'through';
    const host: Host<Entry> = {
      now: this.now,
      read: () => this.step(() => read(this.db, 'jo')),
      change: (at, work) => this.step(() => change(this.db, 'jo', { at, asOf: null }, work), true),
      doubt: (parts) => this.step(() => doubtParts(this.db, 'jo', parts), true),
      accept: () => this.step(async () => undefined),
      take: (_request, _answer, told) => this.step(async () => told),
      inTurn: (work) => work(),
      byKey: (entry) => this.step(() => this.#byKey(entry, fate())),
      send: (request) => this.step(() => this.#send(host, request, fate)),
    };
    return host;
  }

  async #byKey(entry: Entry, fate: Fate): Promise<string> {
    if (fate === 'busy') throw new Problem(503, {});
    // The page of a proxy, which knows nothing of what was sent.
    if (fate === 'broken') throw new Problem(413, {});
    if (!['through', 'answer lost', 'dies'].includes(fate)) throw new Unreachable();
    const status = this.world.server.byKey(this.name, operation(entry), this.world.now);
    if (fate !== 'through') throw new Unreachable();
    if (status !== 201) throw new Problem(status, { code: 'no' });
    return new Date(this.world.now).toISOString();
  }

  async #send(host: Host<Entry>, request: SyncRequest, fate: () => Fate): Promise<SyncAnswer> {
    // As it travels: what is changed on the phone meanwhile does not change it.
    const sent = structuredClone(request);
    const { server } = this.world;
    const ask = () => server.sync(this.name, sent, this.world.now);
    const answered = (answer: SyncAnswer | null) => answer ?? Promise.reject(new Problem(sent.operations.length > 1 ? 400 : 500, {}));
    if (this.over) throw new Problem(401, { code: 'session_ended' });
    switch (fate()) {
      case 'busy':
        throw new Problem(503, {});
      case 'broken':
        throw new Problem(500, {});
      case 'lost':
        throw new Unreachable();
      case 'dies':
        server.dies(this.name, sent, this.world.now);
        throw new Unreachable();
      case 'delayed':
        this.world.later.push(async () => ask());
        throw new Unreachable();
      case 'answer lost':
        ask();
        throw new Unreachable();
      case 'late': {
        const answer = ask();
        if (answer) this.world.later.push(() => keepAnswer(host, sent, answer, {}).catch(ends));
        throw new Unreachable();
      }
      case 'twice':
        ask();
        return answered(ask());
      case 'through':
        return answered(ask());
    }
  }
}

function ends(error: unknown): void {
  if (!(error instanceof Killed) && !(error instanceof DOMException)) throw error;
}
