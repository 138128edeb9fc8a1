import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import type { Session } from '../../shared/api';
import type { ContactByKey, ContactRequest, ContactRequestBody, Instant, Language, Provider, Uuid } from '../../shared/wire';
import type { Kept } from '../../shared/push/push.svelte';
import type { Text } from '../../shared/wire-pack';
import type { Entry } from './outbox';
import type { Received } from './outbox/request';

export type ReceivedEntry = Received & { client_id: Uuid };

// Everything the phone remembers. Rows of a person carry their client id: another person who joins on the same phone
// never sees or sends them.

export type StoredSession = Session & {
  client_id: Uuid;
  contact_key: string;
  preferred_name: string;
  language: Language;
  time_zone: string;
  /** The server ended the session; `revoked` when the contact key was refused as well. */
  over: null | 'ended' | 'revoked';
};

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
export type Preferences = { language: Language | null; one_a_screen: boolean; text_size: TextSize; easy_read: boolean };

/** Bytes and their type, not a Blob: some phones lose blobs that were stored. */
export type Picture = { id: Uuid; type: string; bytes: ArrayBuffer };

interface Schema extends DBSchema {
  /** Things of the phone, not of a person: the session, the provider with its crisis lines, preferences, and whether it shall be told (push). */
  kept: { key: string; value: StoredSession | { data: Provider; etag: string | null } | Preferences | Kept };
  cache: { key: [Uuid, string]; value: Cached; indexes: { client: Uuid } };
  outbox: { key: Uuid; value: Entry; indexes: { client: Uuid } };
  received: { key: Uuid; value: ReceivedEntry; indexes: { client: Uuid } };
  requests: { key: Uuid; value: KnownRequest; indexes: { client: Uuid } };
  /** Texts of the pack by their hash, and the pictures in them: the same for everybody, and no sign of who reads what. */
  texts: { key: string; value: { hash: string; text: Text } };
  images: { key: Uuid; value: Picture };
  /** The person's own photos, by the id of the addition. */
  photos: { key: Uuid; value: Picture & { client_id: Uuid }; indexes: { client: Uuid } };
}
export type Db = IDBPDatabase<Schema>;

export const PERSONAL = ['cache', 'outbox', 'received', 'requests', 'photos'] as const;

let opened: Promise<Db> | null = null;

export function db(): Promise<Db> {
  opened ??= open();
  // A failure is not remembered: the next use tries again.
  opened.catch(() => (opened = null));
  return opened;
}

/** Another tab with an older app holds the store in its old shape, and must be closed first. */
export const elsewhere = { open: () => {} };

export function open(name = 'companion'): Promise<Db> {
  return openDB<Schema>(name, 3, {
    // Each version adds to the one before and takes nothing away.
    upgrade(db, from) {
      const personal = (store: (typeof PERSONAL)[number], keyPath: string | string[]) =>
        db.createObjectStore(store, { keyPath }).createIndex('client', 'client_id');
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
      if (from < 3) personal('received', 'id');
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

/** Keeps something of a person only while they are the one who has joined: an answer that comes after signing out is let go. */
export async function remember(db: Db, row: Cached): Promise<boolean> {
  return whileJoined(db, row.client_id, ['cache'], (tx) => tx.objectStore('cache').put(row));
}

type Writable<S extends StoreNames<Schema>> = IDBPTransaction<Schema, ('kept' | S)[], 'readwrite'>;

/** All of `work` or nothing, in one transaction that begins by looking who has joined. */
export async function whileJoined<S extends StoreNames<Schema>>(db: Db, clientId: Uuid, stores: S[], work: (tx: Writable<S>) => Promise<unknown>): Promise<boolean> {
  const tx: Writable<S> = db.transaction(['kept', ...stores], 'readwrite');
  const own = (await tx.objectStore('kept').get('session')) as StoredSession | undefined;
  const still = own?.client_id === clientId;
  try {
    if (still) await work(tx);
  } catch (error) {
    tx.abort();
    await tx.done.catch(() => undefined);
    throw error;
  }
  await tx.done;
  return still;
}

/** Forget one person: their answers, their requests and what was waiting to be sent. The crisis lines stay. */
export async function forget(db: Db, clientId: Uuid, stores: readonly (typeof PERSONAL)[number][] = PERSONAL): Promise<void> {
  const tx = db.transaction([...stores], 'readwrite');
  for (const store of stores) {
    for (const key of await tx.objectStore(store).index('client').getAllKeys(clientId)) await tx.objectStore(store).delete(key as never);
  }
  await tx.done;
}

/** People whose rows are on this phone. */
export async function peopleIn(db: Db): Promise<Uuid[]> {
  const people = new Set<Uuid>();
  for (const store of PERSONAL) for (const row of await db.getAll(store)) people.add(row.client_id);
  return [...people];
}
