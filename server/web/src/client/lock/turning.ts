import type { Uuid } from '../../shared/wire';
import { PERSONAL, whole, type Db, type Personal, type Rows } from '../store/db';
import { holdKey, keysFor } from '../store/keys';
import { openedAll, rowsOf, sealed, stamps } from '../store/opening';
import { readSession, sealedOwn } from '../store/own';
import { newKey, stamp } from '../store/seal';
import type { Keys, StoredOwn, StoredRow, Wrap } from '../store/stored';
import type { AnyTx } from '../store/turn';
import { lockedKey } from './wrap';

// The lock is turned on or off: a new data key, and everything sealed anew with it, in one transaction. Whenever it is stopped, either all of
// it has happened or nothing. What another tab has written meanwhile makes it begin again.

export async function turnOn(db: Db, clientId: Uuid, wrap: Wrap, wrapping: CryptoKey, after: number): Promise<void> {
  await sealAnew(db, clientId, async (id) => {
    const { lock, key } = await lockedKey(clientId, id, wrap, wrapping, after);
    return { key, row: { data: null, lock } };
  });
  await closeShown().catch(() => undefined);
}

/** What is shown already may say a reminder in the person's own words; from now on none does. */
async function closeShown(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration('/');
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
}

export const turnOff = (db: Db, clientId: Uuid): Promise<void> =>
  sealAnew(db, clientId, async () => {
    const key = await newKey();
    return { key, row: { data: key, lock: null } };
  });

type Made = { key: CryptoKey; row: Pick<Keys, 'data' | 'lock'> };

async function sealAnew(db: Db, clientId: Uuid, make: (id: string) => Promise<Made>): Promise<void> {
  const id = crypto.randomUUID();
  const { key, row } = await make(id);
  for (;;) {
    const before = await keysFor(db, clientId);
    const own = (await db.get('kept', 'session')) as StoredOwn | undefined;
    const session = own?.client_id === clientId ? await readSession(db) : null;
    const stores: { store: Personal; before: string; rows: StoredRow[] }[] = [];
    const opened: { store: Personal; rows: Rows[Personal][] }[] = [];
    for (const store of PERSONAL) {
      const there = await rowsOf(db, store, clientId);
      opened.push({ store, rows: await openedAll(db, store, there) });
      stores.push({ store, before: stamps(store, there), rows: [] });
    }
    // From here on this tab can open what it is about to write.
    holdKey(id, key);
    const keys: Keys = { ...before, ...row, id };
    for (const [n, { store, rows }] of opened.entries()) for (const one of rows) stores[n]!.rows.push(await sealed(keys, store, one));
    const boxes = session && (await sealedOwn(keys, session));
    const tx = db.transaction([...PERSONAL, 'kept', 'keys'], 'readwrite', { durability: 'strict' }) as unknown as AnyTx;
    let same = false;
    await whole(tx, async () => {
      same = (await tx.objectStore('keys').get(clientId) as Keys | undefined)?.id === before.id && stamp(await tx.objectStore('kept').get('session')) === stamp(own);
      for (const { store, before } of stores) same &&= stamps(store, await tx.objectStore(store).index('client').getAll(clientId)) === before;
      if (!same) return;
      for (const { store, rows } of stores) for (const one of rows) await tx.objectStore(store).put(one);
      if (boxes) await tx.objectStore('kept').put(boxes.own, 'session');
      await tx.objectStore('keys').put(keys);
    });
    if (same) return;
  }
}
