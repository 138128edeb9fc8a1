import type { Instant, Uuid } from '../../../shared/wire';
import { whileJoined, type Db } from '../db';
import type { Entry } from '../outbox';
import { waitingAgain, type Change } from './answer';
import { isOld, type Received } from './request';
import { NEW_BOOK, type Book } from './rules';

// The outbox, what was received and the book of the talk with the server, as they are in the store.

/** Where the book lies: with what was learnt, so that both are forgotten together, and everything is asked for anew. */
export const BOOK = 'sync';

export async function read(db: Db, clientId: Uuid): Promise<{ entries: Entry[]; received: Pick<Received, 'id' | 'received_at'>[]; book: Book }> {
  const tx = db.transaction(['outbox', 'received', 'cache']);
  const [entries, received, row] = await Promise.all([
    tx.objectStore('outbox').index('client').getAll(clientId),
    tx.objectStore('received').index('client').getAll(clientId),
    tx.objectStore('cache').get([clientId, BOOK]),
  ]);
  return { entries, received, book: (row?.data as Book | undefined) ?? NEW_BOOK };
}

/** `at`: the moment by the server's clock. `asOf`: when all that is shown was last confirmed. */
export async function change(db: Db, clientId: Uuid, { at, asOf }: { at: Instant | null; asOf: Instant | null }, work: (entries: Entry[], book: Book) => Change<Entry>): Promise<void> {
  await whileJoined(db, clientId, ['outbox', 'received', 'cache'], async (tx) => {
    const [outbox, received, cache] = [tx.objectStore('outbox'), tx.objectStore('received'), tx.objectStore('cache')];
    const row = await cache.get([clientId, BOOK]);
    const before = (row?.data as Book | undefined) ?? NEW_BOOK;
    const made = work(await outbox.index('client').getAll(clientId), before);

    for (const entry of made.put) {
      // A search that the server does not want is nothing that the person has to know or could mend.
      if (entry.kind === 'pack_search' && entry.state === 'refused') await outbox.delete(entry.id);
      else await outbox.put(entry);
    }
    for (const { state: _, reason: __, tries: ___, not_before: ____, ...entry } of made.received) {
      await outbox.delete(entry.id);
      await received.put({ ...entry, received_at: at ?? entry.created_at });
    }
    for (const id of made.again) {
      const kept = await received.get(id);
      if (kept?.client_id !== clientId) continue;
      const { received_at: _, ...entry } = kept;
      await received.delete(id);
      await outbox.put(waitingAgain(entry) as Entry);
    }
    if (at) for (const old of await received.index('client').getAll(clientId)) if (isOld(old, at)) await received.delete(old.id);
    await cache.put({ client_id: clientId, name: BOOK, data: made.book, etag: null, at: asOf ?? row?.at ?? '' });
  });
}

/** When all that is shown was last confirmed. */
export const readAsOf = async (db: Db, clientId: Uuid): Promise<Instant | null> => (await db.get('cache', [clientId, BOOK]))?.at || null;
