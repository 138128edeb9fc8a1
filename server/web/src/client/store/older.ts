import { PERSONAL, whole, type Db, type Personal, type Rows } from './db';
import { keysFor } from './keys';
import { keyOf, sealed } from './opening';
import { changeSession } from './own';
import { isSealed } from './seal';
import type { StoredOwn } from './stored';

// What an app before this one wrote in clear, sealed beside the first start. Row by row, each in the place of the one in clear and in one
// transaction: whenever it is stopped, every row is there once, in clear or sealed, and the next start goes on. What finds no room is left for that.

export async function sealOlder(db: Db): Promise<void> {
  const failures: unknown[] = [];
  const tried = (work: Promise<unknown>) => work.catch((error: unknown) => failures.push(error));
  const own = (await db.get('kept', 'session')) as StoredOwn | undefined;
  // From what is stored then: somebody may be renewing their tokens in this moment.
  if (own && !isSealed(own as object)) await tried(changeSession(db, own.client_id, (session) => session));
  for (const store of PERSONAL) for (const key of await db.getAllKeys(store)) await tried(sealOne(db, store, key as never));
  if (failures.length) throw failures[0];
  await db.put('kept', { sealed: true }, 'sealed');
}

async function sealOne<S extends Personal>(db: Db, store: S, key: never): Promise<void> {
  const row = (await db.get(store, key)) as Rows[S] | undefined;
  if (!row || isSealed(row)) return;
  const box = await sealed(await keysFor(db, row.client_id), store, row);
  const tx = db.transaction(store, 'readwrite', { durability: 'strict' });
  await whole(tx, async () => {
    const now = await tx.store.get(keyOf(store, row) as never);
    // It may have been written anew, or let go of, meanwhile.
    if (now && !isSealed(now)) await tx.store.put(box as never);
  });
}
