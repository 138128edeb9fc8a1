import { createApi, send, sessionFrom, type Api, type Keeper, type Session } from '../../shared/api';
import { onlyOne, PATIENCE } from '../../shared/locks';
import { uuidv7 } from '../../shared/uuid';
import type { Claim, ClaimBody, Uuid } from '../../shared/wire';
import { db, type Db } from './db';
import { isLocked, keysIn } from './keys';
import { changeSession, joinedHere, readSession, writeSession } from './own';
import { fitting, full, unlessFull } from './quota.svelte';
import type { Joining, StoredSession } from './stored';

// Who has joined on this phone. `current` is what the views see; IndexedDB is what is true.

/** `locked`: somebody has joined, and the app does not know more of them until it is unlocked. */
export const session = $state<{ current: StoredSession | null; locked: boolean }>({ current: null, locked: false });

export const zone = (): string => session.current?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

export async function loadSession(): Promise<void> {
  const store = await db();
  const own = await joinedHere(store);
  const open = session.current !== null;
  session.locked = Boolean(own && isLocked(await keysIn(store, own.client_id)));
  session.current = session.locked ? null : await stored();
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

async function stored(): Promise<StoredSession | null> {
  const row = await readSession(await db());
  return row && newest(row);
}
/** From what is stored, so that two tabs never undo each other's news. */
async function keep(clientId: Uuid, change: Partial<StoredSession>): Promise<void> {
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

/** Our server has refused the contact key too: this phone can hardly send anything. Only a revocation is a reason to delete what it keeps. */
export async function markRevoked(clientId: Uuid, code: string): Promise<void> {
  if (code === 'device_revoked') await import('./leaving').then(({ revokedHere }) => revokedHere(clientId));
  else await keep(clientId, { over: 'revoked' });
}

/** It takes the key after all: asking for contact works again. */
export const keyIsGood = (clientId: Uuid): Promise<void> => keep(clientId, { over: 'ended' });

/** The same for the same code, though the app was closed in between: an answer that was lost on the way uses nothing up. */
let asked: Joining | null = null;
async function idFor(code: string, store: Db): Promise<Uuid> {
  asked ??= ((await store.get('kept', 'joining')) as Joining | undefined) ?? null;
  if (asked?.code === code) return asked.id;
  const now = (asked = { code, id: uuidv7() });
  await fitting(store, () => store.put('kept', now, 'joining')).catch(unlessFull);
  return now.id;
}

/** Takes part with a code. What an earlier person read on this phone is cleared; what they had not sent stays theirs. */
export async function join(code: string, deviceName: string): Promise<void> {
  await onlyOne('session-client', async () => {
    // Before the code is used up: a part of the app that cannot come now must not be missed after it.
    const { forgetOthers } = await import('./forgetting');
    const store_ = await db();
    const body: ClaimBody = { code, device_name: deviceName, device_id: await idFor(code, store_) };
    const claim = await send<Claim>('POST', '/auth/claim', { body });
    await forgetOthers(store_, claim.client.id);
    const own: StoredSession = {
      ...sessionFrom(claim, Date.now()),
      client_id: claim.client.id,
      contact_key: claim.contact_key,
      preferred_name: claim.client.preferred_name,
      language: claim.client.language,
      time_zone: claim.client.time_zone,
      over: null,
    };
    await fitting(store_, () => writeSession(store_, own));
    for (const done of ['lost', 'joining']) await store_.delete('kept', done);
    asked = null;
    // Somebody who comes back to what they had locked here has to open it first.
    await loadSession();
  }, PATIENCE, () => Promise.reject(new Error('Another tab holds the session.')));
  // Ask the phone not to clear what is stored; it may say no, and nothing depends on it.
  void navigator.storage?.persist?.().catch(() => false);
}

/** Deletes everything of this person from the phone at once, and tells the server if it can be reached. A locked app cannot tell it. */
export async function signOut(): Promise<void> {
  const own = await joinedHere(await db());
  if (!own) return;
  const row = await stored().catch(() => null);
  await import('./leaving').then(({ leave }) => leave(own.client_id));
  Object.assign(session, { current: null, locked: false });
  if (row && !row.over) void tellServer(row);
}

/** With the tokens in memory only: nothing of them is on the phone any more. */
async function tellServer(tokens: Session): Promise<void> {
  const keeper: Keeper = {
    read: async () => tokens,
    write: async (next) => void (tokens = next),
    ended: async () => undefined,
  };
  await createApi('signing-out', keeper).post('/auth/sign-out').catch(() => undefined);
}
