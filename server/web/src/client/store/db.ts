import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import type { ContactByKey, ContactRequest, ContactRequestBody, Instant, Language, Provider, Uuid } from '../../shared/wire';
import type { Kept } from '../../shared/push/push.svelte';
import type { Text } from '../../shared/wire-pack';
import type { Exit } from '../discreet/name';
import type { Told } from './leaving';
import type { Entry } from './outbox';
import type { Joining, Keys, StoredContact, StoredOwn, StoredRow, Tries } from './stored';

// Everything the phone remembers. Rows of a person carry their client id: another person who joins on the same phone
// never sees or sends them. They are sealed; rows.ts reads and writes them, and nothing else does.

/** A request for contact as the phone knows it: what was asked, and the server's last word about it. */
export type KnownRequest = {
  id: Uuid;
  client_id: Uuid;
  body: ContactRequestBody;
  answer: ContactRequest | null;
  /** What the contact key may learn, when there is no session. */
  by_key: ContactByKey | null;
  heard_at: Instant | null;
  /**
   * Since when the provider has it, by this phone's clock: their first answer, or that to a later tap that joined it. How long somebody
   * has waited is reckoned from it, as no two clocks agree. Missing in what an older app has stored.
   */
  waits_since?: Instant;
};

export type Cached = { client_id: Uuid; name: string; data: unknown; etag: string | null; at: Instant };

export type TextSize = 'usual' | 'larger' | 'largest';
/**
 * What was chosen on this phone; `null`: nothing was, and what their record says counts (suits.svelte.ts). `easy_read` is about texts of the
 * pack, `easy` about the whole app.
 */
export type Preferences = { language: Language | null; one_a_screen: boolean; text_size: TextSize | null; easy_read: boolean | null; easy: boolean | null; read_aloud: boolean | null; discreet: boolean; exit: Exit; at_lock?: Looks | null };
/** How the app suited its person when it was last open, for in front of their lock (lock/looks.ts): how it looks, speaks and rings, and nothing of why. */
export type Looks = { easy: boolean; text_size: TextSize; read_aloud: boolean; text_first: boolean; relay?: boolean };

/** Bytes and their type, not a Blob: some phones lose blobs that were stored. */
export type Picture = { id: Uuid; type: string; bytes: ArrayBuffer };
export type Photo = Picture & { client_id: Uuid };

/** What the server has taken, kept for thirty days, to be offered again to a server that was restored from an older backup. */
export type Received = Entry & { received_at: Instant };

/** What belongs to a person, by the store it is in. */
export type Rows = { cache: Cached; outbox: Entry; requests: KnownRequest; photos: Photo; received: Received };
export type Personal = keyof Rows;

/**
 * What of a person's row can be read without their key, and why. Everything else in it is sealed.
 * `client_id` everywhere: whose it is, to find and forget it, and so that nobody else's is opened. `id` and `name`: a row is found by them.
 * `received_at`: what is old enough goes without being opened. `kind` of what waits to be sent: what would be lost can be told by kind and number
 * by an app that is locked or revoked.
 * In `kept`: of the session (own.ts) who has joined, whether it is over and in which language, which the service worker must know for a
 * notification; the provider with its crisis lines, which stand in front of every lock; preferences, which a locked app is drawn by; whether
 * this phone is told (push), and a code until it has let somebody in (joining). `texts` and `images` are the same for everybody. `keys`: see keys.ts.
 */
export const CLEAR = {
  cache: ['client_id', 'name'],
  outbox: ['client_id', 'id', 'kind'],
  requests: ['client_id', 'id'],
  photos: ['client_id', 'id'],
  received: ['client_id', 'id', 'received_at'],
} as const satisfies { [S in Personal]: readonly (keyof Rows[S])[] };
export const PERSONAL = Object.keys(CLEAR) as Personal[];

/** A row that does not open: put aside as it is, so that it stands in nobody's way. */
export type Unreadable = { store: string; key: IDBValidKey; client_id: Uuid; row: unknown; at: Instant };

type Sealed<Key extends IDBValidKey> = { key: Key; value: StoredRow; indexes: { client: Uuid } };
interface Schema extends DBSchema {
  /** Things of the phone. By their name: session, contact, joining (until that is done), tries (of the PIN), lost (by a revocation), provider, preferences, push, and that all rows are sealed. */
  kept: { key: string; value: StoredOwn | StoredContact | { data: Provider; etag: string | null } | Preferences | Kept | Tries | Told | Joining | { sealed: true } };
  cache: Sealed<[Uuid, string]>;
  outbox: Sealed<Uuid>;
  requests: Sealed<Uuid>;
  received: Sealed<Uuid> & { indexes: { received: Instant } };
  /** The person's own photos, by the id of the addition. */
  photos: Sealed<Uuid>;
  /** Texts of the pack by their hash, and the pictures in them: the same for everybody, and no sign of who reads what. */
  texts: { key: string; value: { hash: string; text: Text } };
  images: { key: Uuid; value: Picture };
  keys: { key: Uuid; value: Keys };
  unreadable: { key: number; value: Unreadable; indexes: { client: Uuid } };
}
export type Db = IDBPDatabase<Schema>;
export type StoreName = StoreNames<Schema>;

let opened: Promise<Db> | null = null;

export function db(): Promise<Db> {
  if (opened) return opened;
  opened = open();
  // Beside everything else: nobody waits for their crisis lines until an old photo is sealed, and one that finds no room stops nothing.
  opened.then(allSealed).catch((error) => console.warn('sealing', error));
  // A failure is not remembered: the next use tries again.
  opened.catch((error: unknown) => {
    opened = null;
    if ((error as Error | null)?.name === 'VersionError') elsewhere.newer();
  });
  return opened;
}

/** Another tab with an older app holds the store in its old shape, and must be closed first. */
export const elsewhere = {
  open: () => {},
  /** One with a newer app has the store in a newer shape, which this one does not know. */
  newer: () => {},
};

export function open(name = 'companion'): Promise<Db> {
  return openDB<Schema>(name, 3, {
    // Each version adds to the one before and takes nothing away.
    upgrade(db, from) {
      const personal = (store: Personal, keyPath: string | string[]) => {
        const made = db.createObjectStore(store, { keyPath });
        made.createIndex('client', 'client_id');
        return made;
      };
      if (from < 1) {
        db.createObjectStore('kept');
        personal('cache', ['client_id', 'name']);
        personal('outbox', 'id');
        personal('requests', 'id');
      }
      if (from < 2) {
        db.createObjectStore('texts', { keyPath: 'hash' });
        db.createObjectStore('images', { keyPath: 'id' });
        personal('photos', 'id');
      }
      if (from < 3) {
        db.createObjectStore('keys', { keyPath: 'client_id' });
        personal('received', 'id').createIndex('received' as 'client', 'received_at');
        db.createObjectStore('unreadable', { autoIncrement: true }).createIndex('client', 'client_id');
      }
    },
    blocked: () => elsewhere.open(),
    // A newer app wants to widen the store: this one lets go of it and stands in nobody's way.
    blocking(_from, _to, event) {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated: () => (opened = null),
  });
}

/** An app of before this one wrote rows in clear. Until all of them are sealed they are looked for at each start. */
async function allSealed(db: Db): Promise<void> {
  if (!(await db.get('kept', 'sealed'))) await import('./older').then(({ sealOlder }) => sealOlder(db));
}

type Writable<S extends StoreName> = IDBPTransaction<Schema, ('kept' | S)[], 'readwrite'>;

/** All of `work` or nothing, in one transaction that begins by looking who has joined. For what is not sealed. */
export async function whileJoined<S extends StoreName>(db: Db, clientId: Uuid, stores: S[], work: (tx: Writable<S>) => Promise<unknown>, durability: IDBTransactionDurability = 'default'): Promise<boolean> {
  const tx: Writable<S> = db.transaction(['kept', ...stores], 'readwrite', { durability });
  const own = (await tx.objectStore('kept').get('session')) as StoredOwn | undefined;
  const still = own?.client_id === clientId;
  return whole(tx, still ? () => work(tx) : async () => undefined).then(() => still);
}

/** All of it or nothing: what fails in the middle undoes what came before. */
export async function whole(tx: { abort(): void; done: Promise<void> }, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It has ended by itself already, as it does when the phone is full.
    }
    // Why it ended says more than the request that it took with it.
    throw await tx.done.then(() => error, (reason: unknown) => (isAbort(error) ? reason : error));
  }
  await tx.done;
}
const isAbort = (error: unknown): boolean => (error as Error | null)?.name === 'AbortError';
