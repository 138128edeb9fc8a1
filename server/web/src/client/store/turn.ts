import type { Uuid } from '../../shared/wire';
import { whole, type Db, type Personal, type Rows, type StoreName } from './db';
import { keysFor } from './keys';
import { keyOf, openedAll, place, rowsOf, sealed, stamps, type Key } from './opening';
import { stamp } from './seal';
import type { StoredOwn, StoredRow } from './stored';

export type KeyOf<S extends Personal> = S extends 'cache' ? [Uuid, string] : Uuid;

/** A transaction over whatever stores a turn touches. */
export type AnyTx = { objectStore(name: StoreName): AnyStore; abort(): void; done: Promise<void> };
type AnyStore = {
  get(key: unknown): Promise<never>;
  getAllKeys(): Promise<never[]>;
  put(row: unknown, key?: string): Promise<unknown>;
  delete(key: unknown): Promise<void>;
  index(name: 'client'): { getAll(key: Uuid): Promise<StoredRow[]> };
};


/** One go at a change (rows.ts): what was read, and what is to be written if that still is so. */
export class Turn {
  #db: Db;
  #clientId: Uuid;
  #seen = new Map<string, { store: Personal; key: Key; stamp: string }>();
  #listed = new Map<Personal, string>();
  #todo = new Map<string, { store: Personal; key: Key; row: Rows[Personal] | null }>();
  #also: { stores: StoreName[]; work: (tx: AnyTx) => Promise<unknown> }[] = [];

  constructor(db: Db, clientId: Uuid) {
    this.#db = db;
    this.#clientId = clientId;
  }

  /** As it will be after this turn. Another person's row is not there. */
  async get<S extends Personal>(store: S, key: KeyOf<S>): Promise<Rows[S] | undefined> {
    const mine = this.#todo.get(place(store, key));
    if (mine) return (mine.row as Rows[S] | null) ?? undefined;
    const row = await this.#db.get(store, key as never);
    this.#seen.set(place(store, key), { store, key, stamp: stamp(row) });
    return row?.client_id === this.#clientId ? (await openedAll(this.#db, store, [row]))[0] : undefined;
  }

  async all<S extends Personal>(store: S): Promise<Rows[S][]> {
    const rows = await rowsOf(this.#db, store, this.#clientId);
    this.#listed.set(store, stamps(store, rows));
    const after = new Map((await openedAll(this.#db, store, rows)).map((row) => [place(store, keyOf(store, row)), row]));
    for (const [where, { store: of, row }] of this.#todo) {
      if (of !== store) continue;
      if (row) after.set(where, row as Rows[S]);
      else after.delete(where);
    }
    return [...after.values()];
  }

  put<S extends Personal>(store: S, row: Rows[S]): void {
    if (row.client_id !== this.#clientId) throw new Error('A change is about one person.');
    const key = keyOf(store, row);
    this.#todo.set(place(store, key), { store, key, row });
  }

  delete<S extends Personal>(store: S, key: KeyOf<S>): void {
    this.#todo.set(place(store, key), { store, key, row: null });
  }

  /** Something that is not sealed, in the same transaction; it waits for nothing but the transaction. */
  also(stores: StoreName[], work: (tx: AnyTx) => Promise<unknown>): void {
    this.#also.push({ stores, work });
  }

  /** `again`: something that was read, or the key, has changed meanwhile. `left`: this person has not joined, or no longer. */
  async write(joined: boolean, durability: IDBTransactionDurability): Promise<'written' | 'again' | 'left'> {
    const keys = await keysFor(this.#db, this.#clientId, joined);
    if (!keys) return 'left';
    const todo = await Promise.all([...this.#todo.values()].map(async ({ store, key, row }) => ({ store, key, row: row && (await sealed(keys, store, row)) })));
    const stores = new Set<StoreName>(['kept', 'keys', ...this.#listed.keys(), ...[...todo, ...this.#seen.values()].map(({ store }) => store), ...this.#also.flatMap((one) => one.stores)]);
    const tx = this.#db.transaction([...stores], 'readwrite', { durability }) as unknown as AnyTx;
    let outcome: 'written' | 'again' | 'left' = 'written';
    await whole(tx, async () => {
      if (joined && ((await tx.objectStore('kept').get('session')) as StoredOwn | undefined)?.client_id !== this.#clientId) return void (outcome = 'left');
      if ((await tx.objectStore('keys').get(this.#clientId) as { id: string } | undefined)?.id !== keys.id || !(await this.#stillSo(tx))) return void (outcome = 'again');
      for (const { store, key, row } of todo) await (row ? tx.objectStore(store).put(row) : tx.objectStore(store).delete(key));
      for (const { work } of this.#also) await work(tx);
    });
    return outcome;
  }

  async #stillSo(tx: AnyTx): Promise<boolean> {
    for (const { store, key, stamp: before } of this.#seen.values()) if (stamp(await tx.objectStore(store).get(key)) !== before) return false;
    for (const [store, before] of this.#listed) if (stamps(store, await tx.objectStore(store).index('client').getAll(this.#clientId)) !== before) return false;
    return true;
  }
}
