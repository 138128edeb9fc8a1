import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Session } from '../../shared/api';
import type { ContactByKey, ContactRequest, ContactRequestBody, Instant, Language, Provider, Uuid } from '../../shared/wire';
import type { Entry } from './outbox';

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
};

export type Cached = { client_id: Uuid; name: string; data: unknown; etag: string | null; at: Instant };

export type Preferences = { language: Language | null; one_a_screen: boolean };

interface Schema extends DBSchema {
  /** Things of the phone, not of a person: the session, the provider with its crisis lines, preferences. */
  kept: { key: string; value: StoredSession | { data: Provider; etag: string | null } | Preferences };
  cache: { key: [Uuid, string]; value: Cached; indexes: { client: Uuid } };
  outbox: { key: Uuid; value: Entry; indexes: { client: Uuid } };
  requests: { key: Uuid; value: KnownRequest; indexes: { client: Uuid } };
}
export type Db = IDBPDatabase<Schema>;

export const PERSONAL = ['cache', 'outbox', 'requests'] as const;

let opened: Promise<Db> | null = null;

export function db(): Promise<Db> {
  opened ??= open();
  // A failure is not remembered: the next use tries again.
  opened.catch(() => (opened = null));
  return opened;
}

export function open(name = 'companion'): Promise<Db> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('kept');
      for (const [store, keyPath] of [['cache', ['client_id', 'name']], ['outbox', 'id'], ['requests', 'id']] as const) {
        db.createObjectStore(store, { keyPath: keyPath as string }).createIndex('client', 'client_id');
      }
    },
    terminated: () => (opened = null),
  });
}

/** Keeps something of a person only while they are the one who has joined: an answer that comes after signing out is let go. */
export async function remember(db: Db, row: Cached): Promise<boolean> {
  const tx = db.transaction(['kept', 'cache'], 'readwrite');
  const own = (await tx.objectStore('kept').get('session')) as StoredSession | undefined;
  const still = own?.client_id === row.client_id;
  if (still) await tx.objectStore('cache').put(row);
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
