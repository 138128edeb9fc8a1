import { createApi, type Keeper, type Session } from '../../shared/api';
import { onlyOne, PATIENCE } from '../../shared/locks';
import type { Instant, Uuid } from '../../shared/wire';
import { db, type Db } from './db';
import { wipe, type Lying } from './forgetting';
import type { Kind } from './outbox';
import { rowsOf } from './opening';
import { joinedHere } from './own';
import { prefer, preferences } from './preferences.svelte';
import { unlessFull } from './quota.svelte';
import { session, stored } from './session.svelte';
import { tellTabs } from './tabs';

// What goes from this phone with somebody: everything of theirs and their keys. The crisis lines stay. What nobody else has is told before
// it is lost, or after a revocation once: by kind and number, and without a word of it, so that it can be told of a locked app too.

export const KINDS = ['contact', 'check_in', 'answer', 'plan', 'pack', 'begun'] as const;
export type Lost = Partial<Record<(typeof KINDS)[number], number>>;
export type Told = { lost: Lost; at: Instant };

const OF: Record<Kind, (typeof KINDS)[number] | null> = {
  contact_request: 'contact', contact_addition: 'contact', contact_cancel: 'contact', check_in: 'check_in', flag_answer: 'answer', baseline_answer: 'answer', occurrence: 'answer',
  plan_draft: 'plan', plan_agree: 'plan', pack_addition: 'pack', pack_addition_gone: 'pack', pack_feedback: 'pack', pack_first_aid: 'pack', pack_search: null,
};
const isBegun = (name: string): boolean => ['draft', 'plan_writing', 'typed'].includes(name) || /^(adding|exercise):/.test(name);

/** What waited to be sent, and cannot be opened any more: it never goes. */
const unopenedIn = (aside: Lying['unreadable']): Kind[] => aside.filter(({ store }) => store === 'outbox').map(({ row }) => (row as { kind: Kind }).kind);
export const unopenedHere = async (db: Db, clientId: Uuid): Promise<Kind[]> => unopenedIn(await db.getAllFromIndex('unreadable', 'client', clientId));

export const wouldBeLost = async (db: Db, clientId: Uuid): Promise<Lost> =>
  lostOf({ outbox: await rowsOf(db, 'outbox', clientId), cache: await rowsOf(db, 'cache', clientId), unreadable: await db.getAllFromIndex('unreadable', 'client', clientId) });

function lostOf({ outbox, cache, unreadable }: Lying): Lost {
  const lost: Lost = {};
  const count = (kind: (typeof KINDS)[number] | null | undefined) => {
    if (kind) lost[kind] = (lost[kind] ?? 0) + 1;
  };
  const unsent = outbox.map(({ kind }) => kind as Kind);
  for (const kind of [...unsent, ...unopenedIn(unreadable)]) count(kind ? OF[kind] : 'answer');
  for (const { name } of cache) if (isBegun(name ?? '')) count('begun');
  return lost;
}

/** Everything of this person, off this phone. What the browser shows or would be sent goes first, while it is known whose it is, and holds nothing up. */
export async function leave(clientId: Uuid, told?: (lying: Lying) => Told): Promise<void> {
  const store = await db();
  const quiet = import('../push/push.svelte').then(({ push }) => push.leave()).catch(() => undefined);
  await Promise.race([quiet, new Promise((done) => setTimeout(done, 3_000))]);
  await wipe(store, clientId, told);
  // How the app suited them. By itself: a phone too full to write anything is wiped all the same, and lets go of this at its next start.
  if (preferences.at_lock) await prefer({ at_lock: null }).catch(() => undefined);
  await forgetTold(clientId).catch(() => undefined);
}

/** Deletes everything of this person from the phone at once, and tells the server if it can be reached. A locked app cannot tell it. */
export async function signOut(): Promise<void> {
  const own = await joinedHere(await db());
  if (!own) return;
  const row = await stored().catch(() => null);
  await leave(own.client_id);
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

/** The service worker's note of which reminders it has told of. It is the worker's store: only it makes it. */
async function forgetTold(clientId: Uuid): Promise<void> {
  const known = await indexedDB.databases?.();
  if (!known?.some(({ name }) => name === 'companion-push-client')) return;
  const { own } = await import('../../sw/receipts');
  await own('client', 'readwrite', 'told', async (store) => void store.delete(clientId));
}

/** The provider has taken this very phone off their list. Both lanes, the contact key and other tabs may hear of it in the same moment: what was lost is counted by the first. */
export const revokedHere = (clientId: Uuid): Promise<void> => onlyOne('revoked', () => goneFrom(clientId), PATIENCE);

async function goneFrom(clientId: Uuid): Promise<void> {
  const store = await db();
  if ((await joinedHere(store))?.client_id !== clientId) return;
  let told: Told | null = null;
  const tell = (lying: Lying) => (told = { lost: lostOf(lying), at: new Date().toISOString() });
  // With the wiping, as one. On a phone so full that not even this finds room, it is wiped first, and told if it can be.
  await leave(clientId, tell).catch(async (error: unknown) => {
    unlessFull(error);
    await leave(clientId);
    await store.put('kept', told!, 'lost').catch(unlessFull);
  });
  // A page that is loaded anew knows nothing of anybody; other tabs look again.
  session.current = null;
  tellTabs();
  location.reload();
}

/** Told until a person says that they have read it, or joins anew: a page that was closed or loaded anew in between has told nobody. */
export async function toldHere(): Promise<Told | null> {
  const store = await db();
  if (await joinedHere(store)) return null;
  return ((await store.get('kept', 'lost')) as Told | undefined) ?? null;
}

export async function toldAndRead(): Promise<void> {
  await (await db()).delete('kept', 'lost');
}
