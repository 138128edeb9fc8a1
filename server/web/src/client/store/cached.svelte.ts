import type { Api } from '../../shared/api';
import type { Instant, Uuid } from '../../shared/wire';
import { db, type Cached as Row } from './db';
import { doubt } from './outbox/doubts';
import { change, get, type Turn } from './rows';

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

  /** The server's word, from the list of what changed. */
  take(clientId: Uuid, data: T, at: Instant): Promise<void> {
    return this.#store({ client_id: clientId, name: this.name, data, etag: null, at }, false);
  }

  /** The server was asked, and it is still so. */
  confirm(clientId: Uuid, at: Instant): void {
    if (this.#owner === clientId && this.data !== null) this.at = at;
  }

  async refresh(api: Api, clientId: Uuid): Promise<void> {
    const fresh = await api.getIfNew<T>(this.#path, this.#owner === clientId ? this.#etag : null);
    const at = new Date().toISOString();
    if (fresh) await this.#store({ client_id: clientId, name: this.name, data: fresh.data, etag: fresh.etag, at }, this.#isPart);
    else if (this.#owner === clientId && this.data !== null) this.at = at;
  }

  /** Something we now know to be true, before the next answer says so. */
  async set(clientId: Uuid, data: T): Promise<void> {
    await this.#store({ client_id: clientId, name: this.name, data, etag: null, at: this.at ?? new Date().toISOString() }, this.#isPart);
  }

  clear(): void {
    this.#take(null, null);
  }

  /** `doubted`: not from the list of what changed, so the cursor knows nothing of it. */
  async #store(row: Row, doubted: boolean): Promise<void> {
    const work = async (turn: Turn) => {
      turn.put('cache', row);
      if (doubted) await doubt(turn, row.client_id, this.name);
    };
    if (await change(await db(), row.client_id, work, { joined: true })) this.#take(row.client_id, row);
  }

  #take(owner: Uuid | null, row: Row | null): void {
    this.#taken++;
    this.#owner = owner;
    this.#etag = row?.etag ?? null;
    this.data = (row?.data as T | undefined) ?? null;
    this.at = row?.at ?? null;
  }
}
