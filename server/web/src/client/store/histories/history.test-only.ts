import { openDB } from 'idb';
import type { Entry, Kind } from '../outbox';
import { KEPT } from '../outbox/rules';
import { ids } from '../rows';
import { ModelPhone, type Fate, type World } from './phone.test-only';
import { ModelServer, type Poison } from './server.test-only';

// One history: what people, phones, lines and servers do, told step by step, and what must be true all the while.

export type Step =
  | { tap: Kind; phone: number; of: number }
  | { sends: number; line: Fate[]; killedAfter?: number }
  | { twoTabsSend: number; line: Fate[]; killedAfter?: number }
  | { arrivesLate: number }
  | { minutes: number }
  | { clockIsOff: number; phone: number }
  | { restarts: number }
  | { signsOutAndJoins: number }
  | { sessionEnds: number }
  | { joinsAgain: number }
  | { backsUp: true }
  | { restores: number }
  | { poison: Poison; phone: number; of: number }
  | { full: boolean; phone: number };

/** `gone`: by what the person did themselves. */
type Tap = { phone: number; saved: boolean; gone: boolean };
const YEAR = 365 * 86_400_000;
let stores = 0;

export class History {
  readonly world: World = { server: new ModelServer(), now: Date.parse('2026-11-22T12:00:00Z'), later: [] };
  readonly phones: ModelPhone[];
  readonly taps = new Map<string, Tap>();

  constructor() {
    this.phones = [0, 1].map(() => new ModelPhone(`history-${stores++}`, this.world));
  }

  /** `older`: so many things were tapped with an app of before. */
  async begin(older: number): Promise<void> {
    const [first] = this.phones;
    if (older > 0) await writtenByVersionTwo(first!.name, Array.from({ length: older }, (_, n) => this.#entry('check_in', 0, n)));
    for (const phone of this.phones) {
      await phone.switchOn();
      await phone.join();
    }
    for (const id of await ids(first!.db, 'outbox', 'jo')) this.taps.set(id, { phone: 0, saved: true, gone: false });
  }

  async step(step: Step): Promise<void> {
    this.world.now += 1_000;
    if ('tap' in step) return this.#tap(step.phone, step.tap, step.of);
    if ('sends' in step) return this.#send(step.sends, step.killedAfter, async (phone) => {
      const line = [...step.line];
      await phone.round('contact', line);
      await phone.round('rest', line);
    });
    if ('twoTabsSend' in step) return this.#send(step.twoTabsSend, step.killedAfter, async (phone) => {
      await Promise.all([phone.round('contact', [...step.line]), phone.round('rest', [...step.line]), phone.round('rest', [])]);
    });
    if ('arrivesLate' in step) return void (await this.world.later.splice(step.arrivesLate % (this.world.later.length || 1), 1)[0]?.());
    if ('minutes' in step) return void (this.world.now += step.minutes * 60_000);
    if ('clockIsOff' in step) return void (this.phones[step.phone]!.off = step.clockIsOff * YEAR);
    if ('restarts' in step) return this.#restart(this.phones[step.restarts]!);
    if ('signsOutAndJoins' in step) {
      await this.phones[step.signsOutAndJoins]!.signOut();
      for (const tap of this.taps.values()) if (tap.phone === step.signsOutAndJoins) tap.gone = true;
      return this.phones[step.signsOutAndJoins]!.join();
    }
    if ('sessionEnds' in step) return void (this.phones[step.sessionEnds]!.over = true);
    if ('joinsAgain' in step) return this.phones[step.joinsAgain]!.join();
    if ('backsUp' in step) return this.world.server.backUp();
    // What is on its way to it meanwhile may arrive minutes later, and the copy may be of before or after another that was put back.
    if ('restores' in step) return this.world.server.restore(step.restores);
    if ('full' in step) return void (this.phones[step.phone]!.full = step.full);
    const waiting = await ids(this.phones[step.phone]!.db, 'outbox', 'jo');
    const one = waiting[step.of % (waiting.length || 1)];
    if (one) this.world.server.poison.set(one, step.poison);
  }

  async #tap(n: number, kind: Kind, of: number): Promise<void> {
    const phone = this.phones[n]!;
    const before = await ids(phone.db, 'outbox', 'jo');
    const entry = this.#entry(kind, n, of);
    const tap: Tap = { phone: n, saved: false, gone: false };
    this.taps.set(entry.id, tap);
    tap.saved = await phone.tap(entry, kind === 'occurrence' || kind === 'pack_feedback' || kind === 'pack_first_aid');
    const after = new Set(await ids(phone.db, 'outbox', 'jo'));
    for (const id of before) if (!after.has(id)) this.taps.get(id)!.gone = true;
  }

  #entry(kind: Kind, phone: number, of: number): Entry {
    const id = `${phone === 0 ? 'a' : 'b'}${String(this.taps.size + of).padStart(3, '0')}-${kind}-${this.taps.size}`;
    const mine = (wanted: string) => [...this.taps].filter(([one, tap]) => tap.phone === phone && one.includes(wanted)).map(([one]) => one);
    const some = (wanted: string) => mine(wanted)[of % (mine(wanted).length || 1)] ?? null;
    const shape = {
      contact_addition: { target: some('contact_request'), body: { id, message: 'and' } },
      contact_cancel: { target: some('contact_request'), body: { id } },
      occurrence: { target: `tablets-${of % 2}`, body: { id, act: 'done' } },
      pack_feedback: { target: `sleep-${of % 2}`, body: { bookmarked: true } },
      plan_draft: { target: null, body: { id, based_on: some('plan_draft') } },
      pack_addition: { target: null, body: { title: 'Walk', replaces: some('pack_addition-') } },
      pack_first_aid: { target: null, body: { ids: mine('pack_addition-') } },
    }[kind as string] ?? { target: null, body: { tapped: this.taps.size } };
    return { ...shape, id, client_id: 'jo', kind, created_at: new Date(this.phones[phone]!.now()).toISOString(), state: 'waiting', reason: null } as unknown as Entry;
  }

  async #send(n: number, killedAfter: number | undefined, work: (phone: ModelPhone) => Promise<void>): Promise<void> {
    const phone = this.phones[n]!;
    phone.fuse = killedAfter ?? Infinity;
    await work(phone);
    if (killedAfter !== undefined) await this.#restart(phone);
  }

  async #restart(phone: ModelPhone): Promise<void> {
    phone.db.close();
    await phone.switchOn();
  }

  /** Nothing is ever called received before the server had it, and nothing that was saved is anywhere but on its way or there. */
  async isTrue(): Promise<void> {
    const [waiting, received] = [await this.#ids('outbox'), await this.#ids('received')];
    for (const [id, { saved, gone }] of this.taps) {
      if (received.has(id) && !this.world.server.ever.has(id)) throw new Error(`${id} is called received, and the server never had it`);
      if (received.has(id) && waiting.has(id)) throw new Error(`${id} is called received and waits`);
      if (saved && !gone && !this.#isUnwanted(id) && !waiting.has(id) && !this.world.server.ever.has(id)) throw new Error(`${id} was saved, and is nowhere`);
      if (!saved && waiting.has(id)) throw new Error(`${id} was not called saved, and waits`);
    }
  }

  /** Everything works again and time goes by: then each tap is with the server, or stands on the phone as not sent. */
  async endsWell(): Promise<void> {
    const { server } = this.world;
    for (const late of this.world.later.splice(0)) await late();
    for (const phone of this.phones) {
      Object.assign(phone, { full: false, fuse: Infinity });
      await phone.join();
    }
    for (let hours = 0; hours < 14 && (hours < 2 || (await this.#waitsForNothing())); hours++) {
      this.world.now += 61 * 60_000;
      for (const phone of this.phones) for (const lane of ['contact', 'rest'] as const) await phone.round(lane, []);
    }
    await this.isTrue();
    const forNothing = await this.#waitsForNothing();
    if (forNothing) throw new Error(`${forNothing.id} still waits (${forNothing.state}, ${forNothing.tries} tries) for no reason`);
    for (const { id, state } of (await this.#entries()).values()) if (state === 'refused' && !server.refused.has(id)) throw new Error(`${id} is called refused, and the server never said so`);
    const waiting = await this.#ids('outbox');
    for (const [id, { saved, gone }] of this.taps) {
      if (!saved || gone || this.#isUnwanted(id) || waiting.has(id) || server.known.has(id) || !server.acceptedAt.has(id)) continue;
      if (this.world.now - server.acceptedAt.get(id)! < KEPT) throw new Error(`${id} was taken, lost by the server, and not offered again`);
    }
    for (const phone of this.phones) phone.db.close();
  }

  /** A search that the server does not want is let go. */
  #isUnwanted(id: string): boolean {
    return id.includes('pack_search') && this.world.server.poison.get(id) === 'refused';
  }

  /** One that waits though the server would take it, and what it hangs on. */
  async #waitsForNothing(): Promise<Entry | undefined> {
    const waiting = await this.#entries();
    const poisoned = (id: string) => ['never', 'breaks'].includes(this.world.server.poison.get(id) ?? '');
    return [...waiting.values()].find((entry) => entry.state !== 'refused' && ![entry.id, ...hangers(waiting, entry)].some(poisoned));
  }

  async #ids(store: 'outbox' | 'received'): Promise<Set<string>> {
    const each = await Promise.all(this.phones.map(({ db }) => ids(db, store, 'jo')));
    return new Set(each.flat());
  }

  async #entries(): Promise<Map<string, Entry>> {
    const each = await Promise.all(this.phones.map((phone) => phone.entries()));
    return new Map(each.flat().map((entry) => [entry.id, entry]));
  }
}

/** What an entry waits for, and what that waits for. */
function hangers(waiting: Map<string, Entry>, { target, body }: Entry): string[] {
  const { based_on, replaces, ids } = body as { based_on?: string | null; replaces?: string | null; ids?: string[] };
  const on = [target, based_on, replaces, ...(ids ?? [])].filter((id): id is string => Boolean(id) && waiting.has(id!));
  return on.flatMap((id) => [id, ...hangers(waiting, waiting.get(id)!)]);
}

/** As the app of before had it: without what this one keeps beside, and nothing of what was received. */
async function writtenByVersionTwo(name: string, entries: Entry[]): Promise<void> {
  const old = await openDB(name, 2, {
    upgrade(db) {
      db.createObjectStore('kept');
      const personal = [['cache', ['client_id', 'name']], ['outbox', 'id'], ['requests', 'id'], ['photos', 'id']] as const;
      for (const [store, keyPath] of personal) db.createObjectStore(store, { keyPath: keyPath as string }).createIndex('client', 'client_id');
      db.createObjectStore('texts', { keyPath: 'hash' });
      db.createObjectStore('images', { keyPath: 'id' });
    },
  });
  for (const entry of entries) await old.put('outbox', entry);
  old.close();
}
