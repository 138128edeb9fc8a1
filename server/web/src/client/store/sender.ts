import { Problem, send, Unreachable } from '../../shared/api';
import { onlyOne, PATIENCE } from '../../shared/locks';
import type { CheckIn, ContactByKey, ContactRequest, Flag, Instant, List, Provider, Uuid } from '../../shared/wire';
import type { MyBaseline } from '../../shared/wire-my-warning';
import type { PlanVersion } from '../../shared/wire-plan';
import type { Occurrence } from '../../shared/wire-reminders';
import { acceptBaseline } from '../baseline/store.svelte';
import { acceptCheckIn } from '../check_ins/store.svelte';
import { confirmRequests, heard, heardByKey, openThere, takeRequests } from '../contact/requests.svelte';
import { acceptFlag } from '../flags/store.svelte';
import { acceptPackEntry, pack } from '../pack/store.svelte';
import { acceptVersion } from '../plan/store.svelte';
import { acceptAct } from '../reminders/acts';
import { everything } from './about';
import { db } from './db';
import type { Entry, EntryOf } from './outbox';
import { change, doubtParts, read } from './outbox/disk';
import type { Doubts } from './outbox/doubts';
import { partsIn, type Part, type SyncAnswer, type SyncRequest } from './outbox/request';
import type { Host } from './outbox/run';
import { takeProvider } from './provider.svelte';
import { unlessFull } from './quota.svelte';
import { isTimeForKey } from './refused';
import { get } from './rows';
import { apiFor, keep, session } from './session.svelte';

// What the rules of the outbox need of this phone: its store, its line and its clock. What the server answers is stored before an entry
// leaves the outbox, so a crash between the two only means sending the same once more, which is free.

/** The phone's clock at the moment of sending, which lets the server put a wrong one right. */
const sentAt = () => ({ 'Companion-Sent-At': new Date().toISOString() });

/** A photo on a poor line takes longer than words do. */
const patience = (bytes: number): number => 30_000 + Math.round(bytes / 2);

export function hostFor(clientId: Uuid): Host<Entry> {
  const api = apiFor(clientId);
  /** When the whole of it was last confirmed. */
  let asOf: Instant | null = null;
  return {
    now: Date.now,
    read: async () => read(await db(), clientId),
    change: async (at, work) => change(await db(), clientId, { at, asOf }, work),
    inTurn: (work) => onlyOne('answers', work, PATIENCE),
    send(request) {
      asOf = null;
      return api.post<SyncAnswer>('/me/sync', request, { headers: sentAt(), timeout: patience(JSON.stringify(request.operations).length), pack: true });
    },
    async accept({ operations }) {
      const store = await db();
      for (const { id, outcome, answer } of operations) {
        const entry = outcome === 'done' && answer !== null ? await get(store, 'outbox', id) : undefined;
        // What a full phone has no room for now comes among what changed.
        if (entry?.client_id === clientId) await accept(entry, answer).catch(unlessFull);
      }
    },
    doubt: async (parts) => doubtParts(await db(), clientId, parts),
    async take(request, answer, told, doubts) {
      const kept = await takeChanges(clientId, request, answer, told, doubts);
      const sure = partsIn(doubts).every((part) => kept.includes(part));
      if (sure && !request.want && !answer.untold?.length && !pack.due) asOf = new Date().toISOString();
      return kept;
    },
    byKey: (entry) => sendByKey(entry as EntryOf<'contact_request'>),
  };
}

/** What the server answered to one entry, taken in as if it had been asked for. */
export async function accept(entry: Entry, answer: unknown): Promise<void> {
  switch (entry.kind) {
    case 'contact_request':
    case 'contact_addition':
    case 'contact_cancel':
      return heard(entry.client_id, answer as ContactRequest);
    case 'flag_answer':
      return acceptFlag(entry.client_id, answer as Flag);
    case 'baseline_answer':
      return acceptBaseline(entry.client_id, answer as MyBaseline);
    case 'check_in':
      return acceptCheckIn(entry.client_id, answer as CheckIn);
    case 'occurrence':
      return acceptAct(entry.client_id, answer as Occurrence);
    case 'plan_draft':
    case 'plan_agree':
      return acceptVersion(entry.client_id, answer as PlanVersion);
    case 'pack_search':
      return;
    default:
      return acceptPackEntry(entry, answer);
  }
}

/** Onto the shelves. Resolves to which of what was told is kept: the phone may have no room for it, or have learnt something newer. */
async function takeChanges(clientId: Uuid, { want }: SyncRequest, { changes, untold }: SyncAnswer, told: Part[], doubts: Doubts): Promise<Part[]> {
  const at = new Date().toISOString();
  const kept: Part[] = [];
  // What the server could not tell just now is neither new nor confirmed.
  const asked = (part: Part) => (!want || want.includes(part)) && !untold?.includes(part);
  const keeps = async (part: Part, work: (fresh: never) => Promise<unknown>) => {
    if (asked(part) && told.includes(part) && (await work(changes[part] as never).then((is) => is !== false, (error: unknown) => (unlessFull(error), false)))) kept.push(part);
  };
  for (const shelf of everything) {
    const part = shelf.name as Part;
    if (asked(part) && !(part in doubts)) shelf.confirm(clientId, at);
    await keeps(part, (fresh) => shelf.take(clientId, fresh, at, doubts));
  }
  await keeps('contact_requests', (fresh: List<ContactRequest>) => takeRequests(clientId, fresh));
  if (asked('contact_requests') && (kept.includes('contact_requests') || !('contact_requests' in doubts))) await confirmRequests(clientId).catch(unlessFull);
  await keeps('provider', (fresh: Provider) => takeProvider(fresh));
  return kept;
}

/** Create-only and repeatable, so the same call later asks how it stands. Resolves to when the provider had it first. */
export async function sendByKey({ id, client_id, body }: Pick<EntryOf<'contact_request'>, 'id' | 'client_id' | 'body'>): Promise<Instant> {
  const own = session.current;
  if (own?.client_id !== client_id || (own.over === 'revoked' && !isTimeForKey())) throw new Unreachable();
  try {
    const answer = await send<ContactByKey>('PUT', `/contact-requests/${id}`, { body, token: own.contact_key, headers: sentAt() });
    // It takes the key after all: asking for contact works again.
    if (own.over === 'revoked') await keep(client_id, { over: 'ended' });
    await heardByKey(client_id, answer).catch(unlessFull);
    return answer.received_at;
  } catch (error) {
    // A 401 of something between us says nothing about the key.
    if (error instanceof Problem && error.status === 401 && error.hasCode) await markRevoked(client_id, error.code);
    throw error;
  }
}

/** Our server has refused the contact key too: this phone can hardly send anything. Only a revocation is a reason to delete what it keeps. */
async function markRevoked(clientId: Uuid, code: string): Promise<void> {
  if (code === 'device_revoked') await import('./leaving').then(({ revokedHere }) => revokedHere(clientId));
  else await keep(clientId, { over: 'revoked' });
}

/** How do the open ones stand, as far as the key may learn? */
export async function askByKey(clientId: Uuid): Promise<void> {
  for (const { id, body } of openThere()) {
    await sendByKey({ id, client_id: clientId, body }).catch((error: unknown) => (error instanceof Problem ? undefined : Promise.reject(error)));
  }
}

const HOUR = 3_600_000;
let lastHeeded = 0;

/** A session that is over asks seldom whether this phone was taken off the list since, and obeys that only: else it would keep a person's things for ever. */
export async function heedRevocation(clientId: Uuid): Promise<void> {
  const own = session.current;
  if (own?.client_id !== clientId || !own.over || Math.abs(Date.now() - lastHeeded) < HOUR) return;
  lastHeeded = Date.now();
  const said = await send('POST', '/auth/refresh', { body: { refresh_token: own.refresh_token } }).catch((error: unknown) => error);
  if (said instanceof Problem && said.status === 401 && said.code === 'device_revoked') await markRevoked(clientId, said.code);
}
