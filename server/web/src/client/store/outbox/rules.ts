import type { Instant, Uuid } from '../../../shared/wire';
import type { Doubts } from './doubts';
import { FIRST_WAIT, isContact, isUnsent, MINUTE } from './waits';

// The rules of what is sent when, with no clock, no store and no network in them: given what is on the phone and what the server said,
// they answer what to send and what to write down. The core of the native apps has the same rules (mobile_shared::outbox), and both are
// held to mobile-shared/fixtures/outbox.json.

/** `set_aside`: it failed by itself again and again. It is shown, tried seldom, and never in the way of others. */
export type State = 'waiting' | 'refused' | 'set_aside';

/** What the rules know of an entry. An older app wrote none of the last two. */
export type Ruled = {
  id: Uuid;
  kind: string;
  target: Uuid | null;
  body: unknown;
  created_at: Instant;
  state: State;
  reason: string | null;
  tries?: number;
  not_before?: Instant | null;
};

/**
 * What is kept of the talk with the server: what it gave us to say where we are; what it took last of ours (`null`: not known), and the
 * moment of the answer that said so, in the server's own words, as a restored server may take the same thing once more; whether it has lost
 * something; which parts may be other here than the cursor says.
 */
export type Book = { cursor: string | null; last: Uuid | null; last_at: Instant | null; offer: boolean; doubts: Doubts };
export const NEW_BOOK: Book = { cursor: null, last: null, last_at: null, offer: false, doubts: {} };
export const LAST_UNKNOWN = { last: null, last_at: null };

/** Whether the server may have lost something of what it took: it said so, or which it took last is not known. */
export const offers = (book: Book, received: unknown[]): boolean => book.offer || (book.last === null && received.length > 0);

/** A person waiting for a person goes first; what may be large, as photos are, goes late. */
const ORDER = [
  'contact_request', 'contact_addition', 'contact_cancel', 'flag_answer', 'baseline_answer', 'check_in', 'occurrence', 'plan_draft', 'plan_agree',
  'pack_addition_gone', 'pack_feedback', 'pack_addition', 'pack_first_aid', 'pack_search',
];
/** What a newer app has left here stays, and waits for that one: nobody here knows what it hangs on. */
const isKnown = ({ kind }: Pick<Ruled, 'kind'>): boolean => ORDER.includes(kind);

export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** So long what was received is kept, to be offered to a server that was restored from an older backup. */
export const KEPT = 30 * DAY;
export const MOST_OFFERED = 2_000;

const TRIES = 8;

/** Words hang on their request, a changed thing on the one it replaces, the first-aid box on everything in it, a plan and the yes to it on the version before. */
export function hangsOn({ kind, target, body }: Ruled): Uuid[] {
  if (kind === 'pack_first_aid') return (body as { ids: Uuid[] }).ids;
  if (kind === 'plan_draft') return some((body as { based_on?: Uuid | null }).based_on);
  if (kind === 'pack_addition') return some((body as { replaces?: Uuid | null }).replaces);
  return some(target);
}
const some = (id: Uuid | null | undefined): Uuid[] => (id ? [id] : []);

/** Its time has come. A moment further away than any wait is that of a clock that was wrong. */
function isDue({ kind, not_before }: Ruled, now: number): boolean {
  const wait = not_before ? Date.parse(not_before) - now : 0;
  return !(wait > 0 && wait <= (isContact(kind) ? MINUTE : HOUR));
}

/** Nothing stands in its way but time. */
export const canGo = (entry: Ruled, unsent: Ruled[]): boolean => isKnown(entry) && !hangsOn(entry).some((id) => id !== entry.id && unsent.some((one) => one.id === id));

/** "No longer" and "please, again" mean nothing without their order: what is said to a person goes as it was said. */
const place = ({ kind }: Ruled): number => (isContact(kind) ? 0 : ORDER.indexOf(kind));

/** What may go now, in its order. */
export function candidates<E extends Ruled>(entries: E[], tried: ReadonlySet<Uuid>, now: number): E[] {
  const unsent = entries.filter(isUnsent);
  return unsent
    .filter((entry) => !tried.has(entry.id) && isDue(entry, now) && canGo(entry, unsent))
    .sort((a, b) => place(a) - place(b) || Date.parse(a.created_at) - Date.parse(b.created_at) || (a.id < b.id ? -1 : 1));
}

/** After one more try that failed for the entry itself. Nobody who asked for a person is kept waiting longer than a minute. */
export function afterFailing<E extends Ruled>(entry: E, now: number): E {
  const tries = (entry.tries ?? 0) + 1;
  const aside = tries >= TRIES;
  const wait = isContact(entry.kind) ? Math.min(2 ** tries * FIRST_WAIT, MINUTE) : aside ? HOUR : 2 ** tries * FIRST_WAIT;
  return { ...entry, tries, state: aside ? 'set_aside' : 'waiting', not_before: new Date(now + wait).toISOString() };
}
