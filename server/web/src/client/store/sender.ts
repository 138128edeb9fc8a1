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
import { change, read } from './outbox/disk';
import type { Part, SyncAnswer, SyncRequest } from './outbox/request';
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
  /** What each shelf had learnt when the question went: an answer that is older than that is not taken. */
  let learnt = new Map<unknown, number>();
  /** When the whole of it was last confirmed. */
  let asOf: Instant | null = null;
  return {
    now: Date.now,
    read: async () => read(await db(), clientId),
    change: async (at, work) => change(await db(), clientId, { at, asOf }, work),
    inTurn: (work) => onlyOne('answers', work, PATIENCE),
    send(request) {
      learnt = new Map(everything.map((shelf) => [shelf, shelf.learnt]));
      asOf = null;
      return api.post<SyncAnswer>('/me/sync', request, { headers: sentAt(), timeout: patience(JSON.stringify(request.operations).length), pack: true });
    },
    async take(request, answer, news) {
      const late = everything.filter((shelf) => shelf.learnt !== learnt.get(shelf)).map(({ name }) => name);
      const store = await db();
      let whole = news;
      const fits = async (work: Promise<unknown>) => {
        whole = (await work.then(() => true, unlessFull)) === true && whole;
      };
      for (const { id, outcome, answer: said } of answer.operations) {
        const entry = outcome === 'done' && said !== null ? await get(store, 'outbox', id) : undefined;
        if (entry?.client_id === clientId) await fits(accept(entry, said));
      }
      if (news && !(await takeChanges(clientId, request, answer, late, fits))) whole = false;
      if (whole && !request.want && !answer.untold?.length && !pack.due) asOf = new Date().toISOString();
      return whole;
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
      return heard(answer as ContactRequest);
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

/**
 * Onto the shelves. `late`: those that learnt something while the server was asked. `fits`: hears of each that may be more than the phone has
 * room for. Resolves to whether none was late.
 */
async function takeChanges(clientId: Uuid, { want }: SyncRequest, { changes, untold }: SyncAnswer, late: string[], fits: (work: Promise<unknown>) => Promise<void>): Promise<boolean> {
  const at = new Date().toISOString();
  // What the server could not tell just now is neither new nor confirmed.
  const asked = (part: Part) => (!want || want.includes(part)) && !untold?.includes(part);
  let whole = true;
  for (const shelf of everything) {
    const part = shelf.name as Part;
    const fresh = changes[part];
    if (!asked(part)) continue;
    if (fresh === undefined) shelf.confirm(clientId, at);
    else if (late.includes(part)) whole = false;
    else await fits((shelf as { take(id: Uuid, data: unknown, at: Instant): Promise<void> }).take(clientId, fresh, at));
  }
  if (changes.contact_requests) await fits(takeRequests(changes.contact_requests as List<ContactRequest>));
  if (asked('contact_requests')) await fits(confirmRequests(clientId));
  if (changes.provider) await fits(takeProvider(changes.provider as Provider));
  return whole;
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
