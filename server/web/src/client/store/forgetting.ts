import type { Uuid } from '../../shared/wire';
import { PERSONAL, whole, type Db, type StoreName, type Unreadable } from './db';
import type { Told } from './leaving';
import type { StoredOwn, StoredRow } from './stored';

// What lies on the phone of one person is deleted.

type Clearing = { objectStore(name: StoreName): { index(name: 'client'): { getAllKeys(of: Uuid): Promise<IDBValidKey[]> }; delete(key: IDBValidKey): Promise<void> } };
async function deleteAll(tx: Clearing, stores: readonly StoreName[], clientId: Uuid): Promise<void> {
  for (const name of stores) {
    const store = tx.objectStore(name);
    for (const key of await store.index('client').getAllKeys(clientId)) await store.delete(key);
  }
}

/** All but what they had not sent. */
const OF_OTHERS = ['cache', 'requests', 'photos', 'received', 'unreadable'] as const satisfies StoreName[];

/** Of whoever was here before this person: what they read, and what was received of them. */
export async function forgetOthers(db: Db, clientId: Uuid): Promise<void> {
  for (const person of await peopleIn(db)) {
    if (person === clientId) continue;
    const tx = db.transaction(OF_OTHERS, 'readwrite');
    await deleteAll(tx as never, OF_OTHERS, person);
    await tx.done;
  }
}

/** Lets go of what was received before then, unopened. */
export async function forgetReceived(db: Db, before: string): Promise<void> {
  const tx = db.transaction('received', 'readwrite');
  for (const key of await tx.store.index('received').getAllKeys(IDBKeyRange.upperBound(before, true))) await tx.store.delete(key);
  await tx.done;
}

/** What lies here of one person, as it lies: what would be lost is counted by it. */
export type Lying = { outbox: StoredRow[]; cache: StoredRow[]; unreadable: Unreadable[] };

/**
 * Everything of one person, with their keys, as one: their answers, their requests and what was waiting to be sent. The crisis lines stay.
 * `told` is asked what to leave in its place, and shown the very rows that go: what another tab saved a moment before is among them.
 */
export async function wipe(db: Db, clientId: Uuid, told?: (lying: Lying) => Told): Promise<void> {
  const tx = db.transaction([...PERSONAL, 'kept', 'keys', 'unreadable'], 'readwrite', { durability: 'strict' });
  await whole(tx, async () => {
    const of = async (name: keyof Lying) => (await tx.objectStore(name).index('client').getAll(clientId)) as never;
    const leaves = told?.({ outbox: await of('outbox'), cache: await of('cache'), unreadable: await of('unreadable') });
    await deleteAll(tx as never, [...PERSONAL, 'unreadable'], clientId);
    const kept = tx.objectStore('kept');
    if (((await kept.get('session')) as StoredOwn | undefined)?.client_id === clientId) for (const key of ['session', 'contact', 'tries', 'push']) await kept.delete(key);
    await tx.objectStore('keys').delete(clientId);
    if (leaves) await kept.put(leaves, 'lost');
  });
}

/** People whose rows are on this phone. */
async function peopleIn(db: Db): Promise<Uuid[]> {
  const people = new Set<Uuid>();
  for (const store of [...PERSONAL, 'unreadable'] as const) {
    const clients = db.transaction(store as 'cache').store.index('client');
    for (let one = await clients.openKeyCursor(null, 'nextunique'); one; one = await one.continue()) people.add(one.key);
  }
  return [...people];
}
