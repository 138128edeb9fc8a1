import { Problem, send, Unreachable } from '../../shared/api';
import { onlyOne, PATIENCE } from '../../shared/locks';
import type { ContactByKey, Instant, Uuid } from '../../shared/wire';
import { db, type Db } from '../store/db';
import type { EntryOf } from '../store/outbox';
import { writeDown } from '../store/outbox/disk';
import { candidates, NEW_BOOK } from '../store/outbox/rules';
import { failOpen, type Host } from '../store/outbox/run';
import { backoff, isUnsent } from '../store/outbox/waits';
import { contactKey, joinedHere } from '../store/own';
import { unlessFull } from '../store/quota.svelte';
import { isTimeForKey } from '../store/refused';
import { allWhileLocked, change } from '../store/rows';
import { session } from '../store/session.svelte';
import { loadAsked } from './asked.svelte';

// A locked app still carries requests for contact: by the contact key, which can do nothing else, and by the rules of the outbox. What else
// waits, waits for its person.

const OFTEN = 10_000;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Rounds in a row that left something waiting. */
let failures = 0;

export function startSending(): void {
  const soon = () => {
    failures = 0;
    carryOn();
  };
  for (const event of ['online', 'focus', 'pageshow']) window.addEventListener(event, soon);
  carryOn();
}

export function carryOn(): void {
  clearTimeout(timer);
  if (!session.locked) return;
  const failed = (error: unknown): boolean => {
    if (!(error instanceof Unreachable)) console.warn('asking for contact', error);
    return false;
  };
  void round().catch(failed).then((gone) => {
    failures = gone ? 0 : failures + 1;
    clearTimeout(timer);
    timer = setTimeout(carryOn, failures ? backoff(failures, true) : OFTEN);
  });
}

/** Resolves to whether nothing is left that still has to go. */
export async function round(): Promise<boolean> {
  const store = await db();
  const own = await joinedHere(store);
  const token = own && (await contactKey(store, own.client_id));
  if (!own || !token) return true;
  const { client_id } = own;
  const waiting = async () => (await allWhileLocked(store, 'outbox', client_id)).filter((one): one is EntryOf<'contact_request'> => one.kind === 'contact_request');
  if (own.over === 'revoked' && !((await waiting()).some(isUnsent) && isTimeForKey())) return true;
  await onlyOne('outbox-contact', async () => {
    const able = candidates(await waiting(), new Set(), Date.now());
    await failOpen(lockedHost(store, client_id, token), able, able.map(({ id }) => id));
  }, PATIENCE);
  // How those stand that were asked for since it was locked: the same call again only asks.
  for (const { id, body, by_key } of await allWhileLocked(store, 'requests', client_id)) {
    const over = by_key && (by_key.folded_into || by_key.state === 'done' || by_key.state === 'cancelled');
    if (by_key && !over) await put(store, client_id, { id, body }, token).catch(unlessProblem);
  }
  await loadAsked();
  return !(await waiting()).some(isUnsent);
}

const unlessProblem = (error: unknown): void => {
  if (!(error instanceof Problem)) throw error;
};

/** Of everything on this phone it sees what a locked app can open. The book of the talk is not among it: what went says so itself (disk.ts). */
const lockedHost = (store: Db, clientId: Uuid, token: string): Pick<Host<EntryOf<'contact_request'>>, 'now' | 'change' | 'byKey'> => ({
  now: Date.now,
  byKey: (entry) => put(store, clientId, entry, token),
  async change(at, work) {
    const ids = (await allWhileLocked(store, 'outbox', clientId)).map(({ id }) => id);
    await change(store, clientId, async (turn) => {
      const now = (await Promise.all(ids.map((id) => turn.get('outbox', id)))).filter((one): one is EntryOf<'contact_request'> => one?.kind === 'contact_request');
      writeDown(turn, work(now, NEW_BOOK, []), at);
    }, { joined: true, strict: true, mustFit: true });
  },
});

/** Create-only and repeatable. Resolves to when the provider had it first. */
async function put(store: Db, clientId: Uuid, { id, body }: { id: Uuid; body: unknown }, token: string): Promise<Instant> {
  try {
    const answer = await send<ContactByKey>('PUT', `/contact-requests/${id}`, { body, token, headers: { 'Companion-Sent-At': new Date().toISOString() } });
    await heard(store, clientId, answer).catch(unlessFull);
    return answer.received_at;
  } catch (error) {
    if (error instanceof Problem && error.status === 401 && error.code === 'device_revoked') await import('../store/leaving').then(({ revokedHere }) => revokedHere(clientId));
    throw error;
  }
}

/** Known here only of those asked for while it was locked; the others are under the person's own key, and learn it when that is there. */
async function heard(store: Db, clientId: Uuid, by_key: ContactByKey): Promise<void> {
  const mine = (await allWhileLocked(store, 'requests', clientId)).find((one) => one.id === by_key.id);
  if (!mine) return;
  const now = new Date().toISOString();
  await change(store, clientId, (turn) => turn.put('requests', { ...mine, by_key, heard_at: now, waits_since: mine.waits_since ?? now }), { joined: true, mustFit: true });
}
