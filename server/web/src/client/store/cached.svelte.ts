import type { Api } from '../../shared/api';
import type { Instant, Uuid } from '../../shared/wire';
import { db, type Cached as Row } from './db';
import { ifStands, inDoubt, type Doubts, type Guard } from './outbox/doubts';
import { change, get } from './rows';

/**
 * One thing the server knows and the phone remembers: read from IndexedDB at once, brought up to date beside.
 * `at` says as of when, so that an old answer is never shown as a new one.
 */
export class Cached<T> {
  data = $state.raw<T | null>(null);
  at = $state<Instant | null>(null);
  readonly name: string;
  #path: string;
  #isPart: boolean;
  #owner: Uuid | null = null;
  #etag: string | null = null;
  /** Counts how often what is shown became another. */
  #taken = 0;

  /** `isPart`: of what a sync tells. */
  constructor(name: string, path: string, isPart = true) {
    this.name = name;
    this.#path = path;
    this.#isPart = isPart;
  }

  async load(clientId: Uuid): Promise<void> {
    const taken = ++this.#taken;
    const row = await get(await db(), 'cache', [clientId, this.name]);
    // What came while it was read is newer.
    if (taken === this.#taken) this.#take(clientId, row ?? null);
  }

  /** Out of all that this phone remembers of the person, which was last known to be so at `asOf`. */
  show(clientId: Uuid, rows: Map<string, Row>, asOf: Instant | null): void {
    this.#take(clientId, rows.get(this.name) ?? null);
    if (asOf && asOf > (this.at ?? '')) this.confirm(clientId, asOf);
  }

  /** The server's word, from the list of what changed. Resolves to whether it is kept: not if something newer was learnt since it was put in doubt. */
  take(clientId: Uuid, data: T, at: Instant, doubts: Doubts): Promise<boolean> {
    return this.#store({ client_id: clientId, name: this.name, data, etag: null, at }, ifStands(clientId, this.name, doubts));
  }

  /** The server was asked, and it is still so. */
  confirm(clientId: Uuid, at: Instant): void {
    if (this.#owner === clientId && this.data !== null) this.at = at;
  }

  async refresh(api: Api, clientId: Uuid): Promise<void> {
    const fresh = await api.getIfNew<T>(this.#path, this.#owner === clientId ? this.#etag : null);
    const at = new Date().toISOString();
    if (fresh) await this.#store({ client_id: clientId, name: this.name, data: fresh.data, etag: fresh.etag, at }, this.#learnt(clientId));
    else if (this.#owner === clientId && this.data !== null) this.at = at;
  }

  /** Something we now know to be true, before the next answer says so. */
  async set(clientId: Uuid, data: T): Promise<void> {
    await this.#store({ client_id: clientId, name: this.name, data, etag: null, at: this.at ?? new Date().toISOString() }, this.#learnt(clientId));
  }

  clear(): void {
    this.#take(null, null);
  }

  #learnt = (clientId: Uuid): Guard => (this.#isPart ? inDoubt(clientId, this.name) : async () => true);

  async #store(row: Row, may: Guard): Promise<boolean> {
    let goes = false;
    const kept = await change(await db(), row.client_id, async (turn) => {
      goes = await may(turn);
      if (goes) turn.put('cache', row);
    }, { joined: true });
    if (kept && goes) this.#take(row.client_id, row);
    return kept && goes;
  }

  #take(owner: Uuid | null, row: Row | null): void {
    this.#taken++;
    this.#owner = owner;
    this.#etag = row?.etag ?? null;
    this.data = (row?.data as T | undefined) ?? null;
    this.at = row?.at ?? null;
  }
}
