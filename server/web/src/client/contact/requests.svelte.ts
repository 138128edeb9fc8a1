import type { ContactByKey, ContactRequest, How, List, Uuid, When } from '../../shared/wire';
import { db, type KnownRequest } from '../store/db';
import { uuidv7 } from '../../shared/uuid';
import { keep, keepRequest } from '../store/outbox';
import { all, change } from '../store/rows';
import { time } from '../store/now.svelte';
import { newest } from '../store/newest';
import { pending } from '../store/pending.svelte';
import { nudge } from '../store/sync.svelte';
import { isHere, session } from '../store/session.svelte';
import { standing, URGENT, waitsAfterJoining } from './ladder';

// Requests for contact as this phone knows them: asked here, and what the server last said about each.

const shelf = $state<{ requests: KnownRequest[] }>({ requests: [] });

export const loadRequests = newest(
  async (clientId: Uuid | null) => (clientId ? all(await db(), 'requests', clientId) : []),
  (found) => {
    shelf.requests = found.sort((a, b) => b.id.localeCompare(a.id));
  },
);

/** The request with this id, or the one it joined. */
export function requestById(id: Uuid | 'latest'): KnownRequest | null {
  // A notification names no request: what there is news of is the one that is open, or was last.
  if (id === 'latest') return openRequest() ?? shelf.requests[0] ?? null;
  const found = shelf.requests.find((request) => request.id === id) ?? null;
  const folded = found?.answer?.folded_into ?? found?.by_key?.folded_into;
  return (folded ? shelf.requests.find((request) => request.id === folded) : null) ?? found;
}

export function isOpen(request: KnownRequest): boolean {
  const answer = request.answer ?? request.by_key;
  if (isRefused(request)) return false;
  return !answer || (!answer.folded_into && answer.state !== 'done' && answer.state !== 'cancelled');
}

export const openRequest = (): KnownRequest | null => shelf.requests.find(isOpen) ?? null;

const isRefused = ({ id }: KnownRequest): boolean => pending.entries.some((entry) => entry.id === id && entry.state === 'refused');
/** What is said of on other pages too: the newest that is open, or that the server will not take. Of the last nobody hears unless the person does. */
export const requestToTell = (): KnownRequest | null => shelf.requests.find((request) => isOpen(request) || isRefused(request)) ?? null;

/** Waiting any longer for an answer to this is not the thing to do. */
export function isUrgent(request: KnownRequest): boolean {
  const entry = pending.entries.find((one) => one.id === request.id) ?? null;
  return URGENT.includes(standing({ request, entry, now: time.now }));
}

export async function ask(when: When, how: How, message: string): Promise<Uuid> {
  const own = session.current;
  if (!own) throw new Error('Nobody has joined on this phone.');
  const id = await keepRequest(await db(), own.client_id, when, how, message);
  await loadRequests(own.client_id);
  void nudge();
  return id;
}

export async function addWords(request: KnownRequest, message: string): Promise<Uuid> {
  const id = uuidv7();
  await queue({ kind: 'contact_addition', id, body: { id, message: message.trim() } }, request);
  return id;
}

export const cancel = (request: KnownRequest): Promise<void> => {
  const id = uuidv7();
  return queue({ kind: 'contact_cancel', id, body: { id } }, request);
};

type Following = { kind: 'contact_addition'; id: Uuid; body: { id: Uuid; message: string } } | { kind: 'contact_cancel'; id: Uuid; body: { id: Uuid } };

async function queue(entry: Following, request: KnownRequest): Promise<void> {
  const created_at = new Date().toISOString();
  await keep(await db(), { ...entry, client_id: request.client_id, target: request.id, created_at, state: 'waiting', reason: null });
  void nudge();
}

/** The server's word about one request; a request we did not make here (another phone of the same person) is taken in. */
export const heard = (clientId: Uuid, answer: ContactRequest): Promise<void> => put(clientId, answer.id, { answer, by_key: null }, answer);

export const heardByKey = (clientId: Uuid, by_key: ContactByKey): Promise<void> => put(clientId, by_key.id, { by_key });

async function put(clientId: Uuid, id: Uuid, word: Partial<KnownRequest>, asked?: ContactRequest): Promise<void> {
  // Nothing is kept of someone who has signed out meanwhile, and another person's row is never written over.
  await change(await db(), clientId, async (turn) => {
    const known = await turn.get('requests', id);
    const body = known?.body ?? (asked && { requested_at: asked.requested_at, when: asked.when, how: asked.how });
    if (!body) return;
    const now = new Date().toISOString();
    const before: KnownRequest = known ?? { id, client_id: clientId, body, answer: null, by_key: null, heard_at: null };
    const first = before.heard_at === null;
    turn.put('requests', { ...before, ...word, heard_at: now, ...(first ? { waits_since: now } : {}) });
    const into = first ? (word.answer ?? word.by_key)?.folded_into : null;
    const joined = into ? await turn.get('requests', into) : undefined;
    const since = joined && waitsAfterJoining(joined, now);
    if (since) turn.put('requests', { ...joined, waits_since: since });
  }, { joined: true, mustFit: true });
  if (isHere(clientId)) await loadRequests(clientId);
}

/** What changed of them, all that the server tells of. */
export async function takeRequests(clientId: Uuid, { items }: List<ContactRequest>): Promise<void> {
  for (const answer of items) {
    const known = shelf.requests.find((request) => request.id === answer.id);
    if (!known || isOpen(known) || JSON.stringify(known.answer) !== JSON.stringify(answer)) await heard(clientId, answer);
  }
}

/** The server was asked, and nothing has changed since: what is shown is as of now. */
export async function confirmRequests(clientId: Uuid): Promise<void> {
  const heard_at = new Date().toISOString();
  await change(await db(), clientId, async (turn) => {
    for (const one of await turn.all('requests')) if (one.heard_at && isOpen(one)) turn.put('requests', { ...one, heard_at });
  }, { joined: true });
  if (isHere(clientId)) await loadRequests(clientId);
}

/** Those made on this phone that are with the provider, and not over. */
export const openThere = (): KnownRequest[] => shelf.requests.filter((request) => isOpen(request) && !pending.entries.some((entry) => entry.id === request.id));
