import { deleteDB, openDB } from 'idb';
import { uuidv7 } from '../../../shared/uuid';
import type { Entry, Kind } from '../outbox';
import { operation } from '../outbox/operation';
import { KEPT } from '../outbox/rules';
import { ids } from '../rows';
import { ModelPhone, type Fate, type World } from './phone.test-only';
import { ModelServer, needs, type Poison } from './server.test-only';

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
type Tap = { phone: number; kind: Kind; target: string | null; saved: boolean; gone: boolean };
/** Words for a request, say, or that it is no longer needed: said where there is one. */
const ABOUT_ANOTHER: Kind[] = ['contact_addition', 'contact_cancel', 'plan_agree', 'pack_addition_gone'];
/** What fails by itself for ever is set aside by then. */
const HOURS_AT_THE_END = 10;
const YEAR = 365 * 86_400_000;
let stores = 0;

export class History {
  readonly world: World = { server: new ModelServer(), now: Date.parse('2026-11-22T12:00:00Z'), later: [] };
  readonly phones: ModelPhone[];
  readonly taps = new Map<string, Tap>();
  #made = 0;

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
    for (const id of await ids(first!.db, 'outbox', 'jo')) this.taps.set(id, { phone: 0, kind: 'check_in', target: null, saved: true, gone: false });
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
      // Each meets as bad a line as the other.
      await Promise.all([phone.round('contact', [...step.line]), phone.round('rest', [...step.line]), phone.round('rest', [...step.line].reverse())]);
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
    if (kind === 'contact_request') {
      const id = await phone.ask(`tap ${++this.#made}`);
      if (id) this.taps.set(id, { phone: n, kind, target: null, saved: true, gone: false });
    } else {
      const entry = this.#entry(kind, n, of);
      if (ABOUT_ANOTHER.includes(kind) && !entry.target) return;
      const tap: Tap = { phone: n, kind, target: entry.target, saved: false, gone: false };
      this.taps.set(entry.id, tap);
      tap.saved = await phone.tap(entry, kind === 'occurrence' || kind === 'pack_feedback' || kind === 'pack_first_aid');
    }
    const after = new Set(await ids(phone.db, 'outbox', 'jo'));
    for (const id of before) if (!after.has(id)) this.taps.get(id)!.gone = true;
  }

  #entry(kind: Kind, phone: number, of: number): Entry {
    const [now, tap] = [this.phones[phone]!.now(), ++this.#made];
    const id = `${uuidv7(now)}-${kind}`;
    const mine = (wanted: Kind) => [...this.taps].filter(([, tap]) => tap.phone === phone && tap.kind === wanted && tap.saved && !tap.gone).map(([one]) => one);
    const some = (wanted: Kind) => mine(wanted)[of % (mine(wanted).length || 1)] ?? null;
    const shape = {
      contact_addition: { target: some('contact_request'), body: { id, message: 'and' } },
      contact_cancel: { target: mine('contact_request').at(-1) ?? null, body: { id } },
      plan_agree: { target: some('plan_draft'), body: { id } },
      pack_addition_gone: { target: some('pack_addition'), body: {} },
      baseline_answer: { target: `usual-${of % 2}`, body: { id, answer: 'yes' } },
      occurrence: { target: `tablets-${of % 2}`, body: { id, act: 'done' } },
      pack_feedback: { target: `sleep-${of % 2}`, body: { bookmarked: true } },
      plan_draft: { target: null, body: { id, based_on: some('plan_draft') } },
      pack_addition: { target: null, body: { title: 'Walk', replaces: some('pack_addition') } },
      pack_first_aid: { target: null, body: { ids: mine('pack_addition') } },
    }[kind as string] ?? { target: null, body: {} };
    return { ...shape, body: { ...shape.body, tap }, id, client_id: 'jo', kind, created_at: new Date(now).toISOString(), state: 'waiting', reason: null } as unknown as Entry;
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
    for (let hours = 0; hours < HOURS_AT_THE_END; hours++) {
      this.world.now += 61 * 60_000;
      for (const phone of this.phones) if (hours === 0 || (await phone.entries()).length > 0) for (const lane of ['contact', 'rest'] as const) await phone.round(lane, []);
    }
    await this.isTrue();
    const waiting = await this.#entries();
    for (const entry of waiting.values()) this.#isRightlyHere(entry, waiting);
    for (const [id, { saved, gone }] of this.taps) {
      if (!saved || gone || waiting.has(id) || server.has(id) || !server.ever.has(id) || this.#isUnwanted(id) || this.#isOverruled(id, waiting)) continue;
      if (this.world.now - server.ever.get(id)! < KEPT) throw new Error(`${id} was taken, lost by the server, and not offered again`);
    }
    for (const n of this.phones.keys()) this.#lastWordStands(n, waiting);
    for (const phone of this.phones) {
      phone.db.close();
      await deleteDB(phone.name);
    }
  }

  /** A search that the server does not want is let go. */
  #isUnwanted(id: string): boolean {
    return id.includes('pack_search') && this.world.server.poison.get(id) === 'refused';
  }

  /** What is not with the server by now stands on the phone as what it is: refused, set aside, or waiting for one of those. */
  #isRightlyHere(entry: Entry, waiting: Map<string, Entry>): void {
    const on = needs(operation(entry).body);
    if (entry.state === 'refused') return this.#isRightlyRefused(entry.id, on, waiting);
    if (on.some((id) => waiting.has(id))) return;
    const poison = this.world.server.poison.get(entry.id);
    if (!poison || poison === 'refused') throw new Error(`${entry.id} still waits (${entry.state}, ${entry.tries} tries) for no reason`);
    if (entry.state !== 'set_aside') throw new Error(`${entry.id} fails again and again, and is not set aside`);
  }

  /** The server said so for good: not because it had lost for a moment what this is about, which the phone still had. */
  #isRightlyRefused(id: string, on: string[], waiting: Map<string, Entry>): void {
    const { refused, ever } = this.world.server;
    const said = refused.get(id);
    if (!said) throw new Error(`${id} is called refused, and the server never said so`);
    const isLost = (one: string) => waiting.get(one)?.state === 'refused' || (ever.has(one) && said.at - ever.get(one)! >= KEPT);
    if (said.why === 'lost' && !on.some(isLost)) throw new Error(`${id} is called refused, and what it is about could have been offered again`);
  }

  /** Of asking for contact and of no longer needing it, what somebody said last on this phone is what stands. */
  #lastWordStands(n: number, waiting: Map<string, Entry>): void {
    const { server, now } = this.world;
    const words = [...this.taps].filter(([, { phone, kind, saved }]) => phone === n && saved && (kind === 'contact_request' || kind === 'contact_cancel'));
    const [id, last] = words.findLast(([, { gone }]) => !gone) ?? [];
    // With a clock that was put back in between, the ids do not tell which was last; but what a cancel names came before it.
    const inOrder = words.every(([one], at) => at === 0 || words[at - 1]![0] < one) || words.every(([, { kind }], at) => kind === 'contact_cancel' || at === 0);
    if (!id || !last || !inOrder || waiting.has(id) || this.#isOverruled(id, waiting) || now - server.ever.get(id)! >= KEPT) return;
    if (last.kind === 'contact_cancel' && server.stands(last.target!)) throw new Error(`${id} was said last, and the request is open`);
    // The other phone is in the same hands.
    const others = [...this.taps.values()].some(({ phone, kind }) => phone !== n && kind === 'contact_cancel');
    if (last.kind === 'contact_request' && !others && !server.stands(id)) throw new Error(`${id} was asked for last, and nobody is asked to answer`);
  }

  /** A cancel, where another request of this phone reached the server after it or is still to reach it: that one counts. */
  #isOverruled(cancel: string, waiting: Map<string, Entry>): boolean {
    const { latest } = this.world.server;
    const { phone, kind, target } = this.taps.get(cancel)!;
    const isAfter = (id: string) => waiting.has(id) || latest.get(id)! - latest.get(cancel)! > 0 || (latest.get(id) === latest.get(cancel) && id > cancel);
    return kind === 'contact_cancel' && [...this.taps].some(([id, one]) => one.phone === phone && one.kind === 'contact_request' && id !== target && isAfter(id));
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
