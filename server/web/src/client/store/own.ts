import type { Uuid } from '../../shared/wire';
import { whole, type Db } from './db';
import { deviceKey, keysFor, keysIn, openingKey, sealingKey } from './keys';
import { isSealed, seal, stamp, unseal } from './seal';
import type { Keys, StoredContact, StoredOwn, StoredSession } from './stored';

// Who has joined on this phone, as it is stored. The contact key has a box of its own, which opens while the app is locked.

const place = (key: 'session' | 'contact', client_id: Uuid) => ({ store: 'kept', key, client_id });

/** Who it is, and what else needs no key. */
export const joinedHere = async (db: Db): Promise<Pick<StoredOwn, 'client_id' | 'over' | 'language'> | null> => ((await db.get('kept', 'session')) as StoredOwn | undefined) ?? null;

/** `null` also where it does not open any more: then a new code is needed, and what was written stays. */
export async function readSession(db: Db): Promise<StoredSession | null> {
  const { own, keys } = await readOwn(db);
  return own && openSession(own, keys);
}

/** Who has joined, with their keys. */
export async function readOwn(db: Db): Promise<{ own: StoredOwn | null; keys: Keys | undefined }> {
  const tx = db.transaction(['kept', 'keys']);
  const [own, keys] = await Promise.all([tx.objectStore('kept').get('session') as Promise<StoredOwn | undefined>, tx.objectStore('keys').getAll()]);
  return { own: own ?? null, keys: keys.find(({ client_id }) => client_id === own?.client_id) };
}

export async function openSession(row: StoredOwn, keys: Keys | undefined): Promise<StoredSession | null> {
  if (!isSealed(row)) return row as unknown as StoredSession;
  const key = openingKey(keys, row);
  return key ? unseal<StoredSession>(row, key, place('session', row.client_id)).catch(() => null) : null;
}

export async function sealedOwn(keys: Keys, session: StoredSession): Promise<{ own: StoredOwn; contact: StoredContact }> {
  const { client_id, over, language, contact_key } = session;
  return {
    own: { client_id, over, language, ...(await seal(session, sealingKey(keys, 'kept', session), place('session', client_id))) },
    contact: { client_id, ...(await seal({ contact_key }, deviceKey(keys), place('contact', client_id))) },
  };
}

export async function writeSession(db: Db, session: StoredSession): Promise<void> {
  const { own, contact } = await sealedOwn(await keysFor(db, session.client_id), session);
  const tx = db.transaction('kept', 'readwrite', { durability: 'strict' });
  await whole(tx, async () => {
    await tx.store.put(own, 'session');
    await tx.store.put(contact, 'contact');
  });
}

/** From what is stored and not from what this tab remembers. `null`: this person has not joined, or no longer. */
export async function changeSession(db: Db, clientId: Uuid, how: (session: StoredSession) => StoredSession): Promise<StoredSession | null> {
  for (;;) {
    const row = (await db.get('kept', 'session')) as StoredOwn | undefined;
    const before = row?.client_id === clientId ? await openSession(row, await keysIn(db, clientId)) : null;
    if (!before) return null;
    const after = how(before);
    const { own, contact } = await sealedOwn(await keysFor(db, clientId), after);
    const tx = db.transaction('kept', 'readwrite', { durability: 'strict' });
    let same = false;
    await whole(tx, async () => {
      same = stamp((await tx.store.get('session')) as StoredOwn | undefined) === stamp(row);
      if (!same) return;
      await tx.store.put(own, 'session');
      await tx.store.put(contact, 'contact');
    });
    if (same) return after;
  }
}

/** The key that asks for contact and can do nothing else; a locked app has it too. */
export async function contactKey(db: Db, clientId: Uuid): Promise<string | null> {
  const row = (await db.get('kept', 'contact')) as StoredContact | undefined;
  const key = row?.client_id === clientId ? openingKey(await keysIn(db, clientId), row) : undefined;
  return key ? unseal<{ contact_key: string }>(row!, key, place('contact', clientId)).then((one) => one.contact_key, () => null) : null;
}
