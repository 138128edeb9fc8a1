import { createApi, type Api, type Keeper } from '../../shared/api';
import type { Language, Uuid } from '../../shared/wire';
import { db } from './db';
import { isLocked } from './keys';
import { changeSession, openSession, readOwn, readSession } from './own';
import { fitting, full, unlessFull } from './quota.svelte';
import type { StoredSession } from './stored';

// Who has joined on this phone. `current` is what the views see; IndexedDB is what is true.

/** `locked`: somebody has joined, and the app does not know more of them until it is unlocked, but in which language to speak. */
export const session = $state<{ current: StoredSession | null; locked: boolean; language?: Language | null }>({ current: null, locked: false });

/** What is read or answered late is shown only to whom it is about. */
export const isHere = (clientId: Uuid | null): boolean => clientId === (session.current?.client_id ?? null);

export const zone = (): string => session.current?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

export async function loadSession(): Promise<void> {
  const store = await db();
  const { own, keys } = await readOwn(store);
  const open = session.current !== null;
  session.locked = Boolean(own && isLocked(keys));
  session.language = session.locked ? own?.language : null;
  const row = own && !session.locked ? await openSession(own, keys) : null;
  session.current = row && newest(row);
  // Locked in another tab: a page that is loaded anew knows nothing of anybody.
  if (session.locked && open) location.reload();
}

/**
 * What a full phone would not take, in the place of what is stored: the server has given out new tokens, and whoever shows it the old ones
 * once more ends the session. `was`: the stored token that it takes the place of; once something newer is stored, that is what counts.
 */
let unwritten: { was: string; now: StoredSession } | null = null;
const newest = (row: StoredSession): StoredSession =>
  unwritten?.was === row.refresh_token && unwritten.now.client_id === row.client_id ? { ...unwritten.now, over: row.over ?? unwritten.now.over } : row;

export async function stored(): Promise<StoredSession | null> {
  const row = await readSession(await db());
  return row && newest(row);
}
/** From what is stored, so that two tabs never undo each other's news. */
export async function keep(clientId: Uuid, change: Partial<StoredSession>): Promise<void> {
  const store = await db();
  const tried: NonNullable<typeof unwritten>[] = [];
  const changed = (row: StoredSession) => {
    tried.push({ was: row.refresh_token, now: { ...newest(row), ...change } });
    return tried.at(-1)!.now;
  };
  const written = await fitting(store, () => changeSession(store, clientId, changed)).catch(unlessFull);
  if (written === undefined) full.said = true;
  unwritten = written === undefined ? tried.at(-1)! : null;
  if (written !== null) session.current = tried.at(-1)!.now;
}

/** An API that only ever speaks for this one person: if someone else has joined meanwhile, it has no session at all. */
export function apiFor(clientId: Uuid): Api {
  const own = async () => {
    if (unwritten) await keep(clientId, {});
    const row = await stored();
    // Another tab may have learnt that the session is over; this one shows it too.
    if (row && row.client_id === session.current?.client_id && row.over !== session.current.over) session.current = row;
    return row?.client_id === clientId && !row.over ? row : null;
  };
  const keeper: Keeper = {
    read: own,
    write: async (tokens) => {
      if (await own()) await keep(clientId, tokens);
    },
    ended: async () => {
      if (await own()) await keep(clientId, { over: 'ended' });
    },
    revoked: () => import('./leaving').then(({ revokedHere }) => revokedHere(clientId)),
  };
  return createApi('client', keeper);
}
