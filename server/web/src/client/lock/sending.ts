import { Problem, send, Unreachable } from '../../shared/api';
import { onlyOne } from '../../shared/locks';
import type { ContactByKey, Uuid } from '../../shared/wire';
import { db, type Db } from '../store/db';
import { contactKey, joinedHere } from '../store/own';
import type { EntryOf } from '../store/outbox';
import { allWhileLocked, change } from '../store/rows';
import { session } from '../store/session.svelte';
import { loadAsked } from './asked.svelte';

// A locked app still carries requests for contact: by the contact key, which can do nothing else. What else waits, waits for its person.

const OFTEN = 10_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function startSending(): void {
  for (const event of ['online', 'focus', 'pageshow']) window.addEventListener(event, carryOn);
  carryOn();
}

export function carryOn(): void {
  clearTimeout(timer);
  if (!session.locked) return;
  void round().catch((error: unknown) => (error instanceof Unreachable ? undefined : console.warn('asking for contact', error))).finally(() => {
    timer = setTimeout(carryOn, OFTEN);
  });
}

export async function round(): Promise<void> {
  const store = await db();
  const own = await joinedHere(store);
  const token = own && own.over !== 'revoked' ? await contactKey(store, own.client_id) : null;
  if (!own || !token) return;
  await onlyOne('outbox-contact', async () => {
    for (const entry of await allWhileLocked(store, 'outbox', own.client_id)) if (entry.kind === 'contact_request' && entry.state !== 'refused') await carry(store, entry, token);
  });
  // How those stand that were asked for since it was locked: the same call again only asks.
  for (const { id, client_id, body, by_key } of await allWhileLocked(store, 'requests', own.client_id)) {
    const over = by_key && (by_key.folded_into || by_key.state === 'done' || by_key.state === 'cancelled');
    if (by_key && !over) await heard(store, client_id, await put(id, body, token));
  }
  await loadAsked();
}

const put = (id: Uuid, body: unknown, token: string) =>
  send<ContactByKey>('PUT', `/contact-requests/${id}`, { body, token, headers: { 'Companion-Sent-At': new Date().toISOString() } });

async function carry(store: Db, entry: EntryOf<'contact_request'>, token: string): Promise<void> {
  try {
    const answer = await put(entry.id, entry.body, token);
    await change(store, entry.client_id, (turn) => {
      turn.delete('outbox', entry.id);
      turn.put('received', { ...entry, received_at: answer.received_at });
    }, { joined: true, strict: true });
    await heard(store, entry.client_id, answer);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) await refusedByKey(entry.client_id, error.code);
    else if (error instanceof Unreachable || !(error instanceof Problem)) throw error;
    else console.warn('asking for contact', error.status);
  }
}

async function refusedByKey(clientId: Uuid, code: string): Promise<void> {
  if (code === 'device_revoked') await import('../store/leaving').then(({ revokedHere }) => revokedHere(clientId));
}

/** Known here only of those asked for while it was locked; the others are under the person's own key, and learn it when that is there. */
async function heard(store: Db, clientId: Uuid, by_key: ContactByKey): Promise<void> {
  const mine = (await allWhileLocked(store, 'requests', clientId)).find((one) => one.id === by_key.id);
  if (!mine) return;
  const now = new Date().toISOString();
  await change(store, clientId, (turn) => turn.put('requests', { ...mine, by_key, heard_at: now, waits_since: mine.waits_since ?? now }), { joined: true });
}
