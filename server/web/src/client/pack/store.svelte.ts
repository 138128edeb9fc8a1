import type { Api } from '../../shared/api';
import type { Instant, Uuid } from '../../shared/wire';
import type { Addition, Mark, MyPack, MyPackAnswer, PackResource } from '../../shared/wire-my-pack';
import type { Text } from '../../shared/wire-pack';
import { db, type Cached as Row } from '../store/db';
import { doubt, ifStands, inDoubt, type Doubts, type Guard } from '../store/outbox/doubts';
import type { EntryOf } from '../store/outbox';
import { change as changeRows, get, type Turn } from '../store/rows';
import { EMPTY, withAddition, withFirstAid, withMark, withoutAddition } from './changes';

// The pack on this phone. Small, because it is part of the first load; the views and the search come when they are opened.

const NAME = 'pack';
const DUE = 'pack_due';
/** No address grows longer than a proxy takes; what is not named comes once more, which costs only data. */
const MOST_NAMED = 300;

/** Whether two answers are the same list, whatever texts came with them. */
function same({ texts: _, ...list }: MyPackAnswer, told: unknown): boolean {
  const { texts: __, ...other } = (told ?? {}) as Partial<MyPackAnswer>;
  return JSON.stringify(list) === JSON.stringify(other);
}

class PackShelf {
  readonly name = NAME;
  data = $state.raw<MyPack | null>(null);
  at = $state<Instant | null>(null);
  /** Every text, once a view has asked for them. */
  texts = $state.raw<Map<string, Text> | null>(null);
  #owner: Uuid | null = null;
  #etag: string | null = null;
  /** Counts how often what is shown became another. */
  #taken = 0;
  /** Counts what was learnt from answers to our own changes. */
  learnt = 0;
  #picturesDue = true;
  /** The server has a newer one, which this phone has not got: what is shown is not as of any later than it says. */
  due = false;

  /** Out of all that this phone remembers of the person, which was last known to be so at `asOf`. Another tab may have brought newer texts. */
  async show(clientId: Uuid, rows: Map<string, Row>, asOf: Instant | null): Promise<void> {
    const taken = ++this.#taken;
    const texts = this.texts && (await stored());
    // Something newer came while they were read, or the person has left.
    if (taken !== this.#taken) return;
    this.due = rows.has(DUE);
    this.#take(clientId, rows.get(NAME) ?? null);
    if (texts) this.texts = texts;
    if (asOf && asOf > (this.at ?? '')) this.confirm(clientId, asOf);
  }

  clear(): void {
    this.#take(null, null);
    this.texts = null;
    this.due = false;
    this.#picturesDue = true;
  }

  /** Reads the texts from the phone. A page that is open keeps the text it holds, whatever comes later. */
  async open(): Promise<void> {
    this.texts ??= await stored();
  }

  /**
   * The index, from the list of what changed. No list is kept without its texts: where it names one that this phone does not have, both
   * are asked for afterwards (`complete`), and that they are due is kept until then. Resolves to whether that much is kept: not if something
   * newer was learnt since it was put in doubt.
   */
  async take(clientId: Uuid, index: MyPackAnswer, at: Instant, doubts: Doubts): Promise<boolean> {
    const may = ifStands(clientId, NAME, doubts);
    this.#picturesDue = true;
    const due = !(await hasTexts(index));
    this.#taken++;
    if (!due) {
      const kept = await this.#store(clientId, index, null, at, may);
      if (kept) this.due = false;
      return kept;
    }
    this.due = true;
    let goes = false;
    const kept = await changeRows(await db(), clientId, async (turn) => {
      goes = await may(turn);
      if (goes) turn.put('cache', { client_id: clientId, name: DUE, data: index, etag: null, at });
    }, { joined: true });
    return kept && goes;
  }

  confirm(clientId: Uuid, at: Instant): void {
    if (this.#owner === clientId && this.data && !this.due) this.at = at;
  }

  /** Resolves to whether this phone has the pack as it is now. `told`: the list that its texts were due of, which the cursor stands for. */
  async refresh(api: Api, clientId: Uuid, told: unknown = null, once = false): Promise<boolean> {
    const learnt = this.learnt;
    const have = await (await db()).getAllKeys('texts');
    const whole = this.data?.resources.every((one) => Object.values(one.editions).every((hash) => have.includes(hash)));
    const path = have.length ? `/me/pack?have=${have.slice(0, MOST_NAMED).join(',')}` : '/me/pack';
    const fresh = await api.getIfNew<MyPackAnswer>(path, this.#owner === clientId && whole ? this.#etag : null);
    const at = new Date().toISOString();
    // What the server answered to a change meanwhile is newer than this, so this is asked again; if that happens twice, in the
    // next round.
    if (learnt !== this.learnt) return once ? false : this.refresh(api, clientId, told, true);
    if (fresh) {
      const isTold = same(fresh.data, told);
      await this.#store(clientId, fresh.data, fresh.etag, at, (turn) => this.#isDue(turn, clientId, told).then((is) => (is && isTold) || inDoubt(clientId, NAME)(turn)));
    } else if (this.#owner === clientId && this.data) {
      if (told) await changeRows(await db(), clientId, inDoubt(clientId, NAME), { joined: true });
      this.at = at;
    }
    this.due = false;
    if (fresh || this.#picturesDue) await this.#pictures(api, clientId).catch(() => undefined);
    return true;
  }

  /** Something the server has just said, before the next answer says so. */
  async learn(clientId: Uuid, change: (pack: MyPack) => MyPack): Promise<void> {
    this.learnt++;
    let data = EMPTY;
    let row: Row | null = null;
    const kept = await changeRows(await db(), clientId, async (turn) => {
      // From what is stored and not from what this tab remembers: another one may have heard more since.
      const before = await turn.get('cache', [clientId, NAME]);
      data = change((before?.data as MyPack | undefined) ?? EMPTY);
      row = { client_id: clientId, name: NAME, data, etag: null, at: before?.at ?? new Date().toISOString() };
      turn.put('cache', row);
      await doubt(turn, clientId, [NAME]);
    }, { joined: true });
    if (!kept) return;
    const isNew = (one: PackResource) => Object.values(one.editions).some((hash) => !this.texts?.has(hash));
    const texts = this.texts && data.resources.some(isNew) ? await stored() : this.texts;
    this.#take(clientId, row);
    this.texts = texts;
  }

  /** The pack and its texts in one transaction: no list without its texts, and no text that no list names. */
  async #store(clientId: Uuid, { texts, ...data }: MyPackAnswer, etag: string | null, at: Instant, may: Guard): Promise<boolean> {
    const row: Row = { client_id: clientId, name: NAME, data, etag, at };
    const named = new Set(data.resources.flatMap((one) => Object.values(one.editions)));
    let goes = false;
    const kept = await changeRows(await db(), clientId, async (turn) => {
      goes = await may(turn);
      if (!goes) return;
      turn.put('cache', row);
      turn.also(['texts'], async (tx) => {
        const store = tx.objectStore('texts');
        for (const [hash, text] of Object.entries(texts)) if (named.has(hash)) await store.put({ hash, text });
        for (const hash of await store.getAllKeys()) if (!named.has(hash)) await store.delete(hash);
      });
    }, { joined: true });
    if (!kept || !goes) return false;
    this.#take(clientId, row);
    if (this.texts) this.texts = await stored();
    return true;
  }

  /** Whether it is still this list whose texts are due: another tab may have been told of a newer one. */
  async #isDue(turn: Turn, clientId: Uuid, told: unknown): Promise<boolean> {
    return JSON.stringify((await turn.get('cache', [clientId, DUE]))?.data) === JSON.stringify(told);
  }

  /** What this phone lacks: texts of a newer list, or what a full phone let go of. */
  async complete(api: Api, clientId: Uuid): Promise<void> {
    const due = await get(await db(), 'cache', [clientId, DUE]);
    if (due || (this.data && !(await hasTexts(this.data)))) {
      if (!(await this.refresh(api, clientId, due?.data)) || !due) return;
      await changeRows(await db(), clientId, async (turn) => {
        if (await this.#isDue(turn, clientId, due.data)) turn.delete('cache', [clientId, DUE]);
      });
    } else if (this.#picturesDue && this.data) await this.#pictures(api, clientId);
  }

  /** Beside everything else: a picture that cannot come now comes another time. */
  async #pictures(api: Api, clientId: Uuid): Promise<void> {
    this.#picturesDue = true;
    const part = await import('./pictures').catch(() => null);
    if (!part) return;
    await part.keepPictures(api, clientId, this.data?.additions ?? []);
    this.#picturesDue = false;
  }

  #take(owner: Uuid | null, row: Row | null): void {
    this.#taken++;
    this.#owner = owner;
    this.#etag = row?.etag ?? null;
    this.data = (row?.data as MyPack | undefined) ?? null;
    this.at = row?.at ?? null;
  }
}

async function hasTexts(index: MyPack): Promise<boolean> {
  const have = new Set(await (await db()).getAllKeys('texts'));
  return index.resources.every((one) => Object.values(one.editions).every((hash) => have.has(hash)));
}

const stored = async (): Promise<Map<string, Text>> => new Map((await (await db()).getAll('texts')).map(({ hash, text }) => [hash, text]));

export const pack = new PackShelf();

/** What the server says to one change of the pack. */
export async function acceptPackEntry(entry: EntryOf<PackKind>, answer: unknown): Promise<void> {
  const target = entry.target ?? '';
  switch (entry.kind) {
    case 'pack_feedback':
      return pack.learn(entry.client_id, (one) => withMark(one, target, answer as Mark));
    case 'pack_first_aid':
      return pack.learn(entry.client_id, (one) => withFirstAid(one, (answer as { ids: Uuid[] }).ids));
    case 'pack_addition':
      return pack.learn(entry.client_id, (one) => withAddition(one, answer as Addition, entry.body.replaces));
    case 'pack_addition_gone':
      return pack.learn(entry.client_id, (one) => withoutAddition(one, target));
  }
}
export type PackKind = 'pack_feedback' | 'pack_first_aid' | 'pack_addition' | 'pack_addition_gone';
