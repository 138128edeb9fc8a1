// What is written down of a call that came in, or of what was asked in person. Pure.
import type { How, Uuid, When } from '../../shared/wire';
import type { CallBody, Told } from '../../shared/wire-night';
import type { InboxRow, TeamRequest } from '../../shared/wire-team';
import { sameDay } from '../contact/promises';

/** What they need: nothing more, somebody by a time, or somebody at no promised time. */
export type Wish = { done: true } | { done: false; by: Date | null };
export type Draft = { how: How; words: string; earlier: string; given: Told };

const HOUR = 3_600_000;

/** How soon it counts as, should the promise be broken: by what was promised. */
function urgency(wish: Wish, now: Date): When {
  if (wish.done) return 'when_you_can';
  if (!wish.by) return 'today';
  if (wish.by.getTime() - now.getTime() <= 2 * HOUR) return 'now';
  return sameDay(wish.by, now) ? 'today' : 'when_you_can';
}

/** "21:40" on the worker's own clock: today, or last night where that is still to come. Null when it is not a time. */
export function earlierAt(now: Date, typed: string): Date | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(typed.trim());
  if (!found) return null;
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate(), Number(found[1]), Number(found[2]));
  if (at > now) at.setDate(at.getDate() - 1);
  return at;
}

export const bodyOf = ({ how, words, earlier, given }: Draft, wish: Wish, now: Date): Omit<CallBody, 'id'> => ({
  called_at: earlierAt(now, earlier)?.toISOString() ?? null,
  given,
  words: words.trim() || null,
  how,
  when: urgency(wish, now),
  promise: !wish.done && wish.by ? { what: how, by: wish.by.toISOString() } : null,
  done: wish.done,
});

/** Calls as they were sent, by the choice that was pressed and what was written with it. */
export type Sent = ReadonlyMap<string, CallBody>;
export const keyOf = (choice: string, { how, words, earlier, given }: Draft): string => JSON.stringify([choice, how, words, earlier, given]);

/**
 * One call has one id and one promise, however often it is sent: after a lost reply the same goes again, also when the clock would by
 * now make another time of it. Another answer, or other words, are another call.
 */
export const callOf = (sent: Sent, choice: string, draft: Draft, wish: Wish, now: Date, id: Uuid): CallBody =>
  sent.get(keyOf(choice, draft)) ?? { id, ...bodyOf(draft, wish, now) };

/** What this client has asked for and is still open: the server lets the call join it. */
export function openRequest(rows: readonly InboxRow[], client: Uuid): TeamRequest | null {
  const open = ({ state }: TeamRequest) => state !== 'done' && state !== 'cancelled';
  return rows.find((row) => row.client.id === client && row.contact_request && open(row.contact_request))?.contact_request ?? null;
}

/** The call was before they asked, so that nothing said in it answers what they asked for. */
export function wasBefore(request: TeamRequest, earlier: string, now: Date): boolean {
  const called = earlierAt(now, earlier);
  return called !== null && called.getTime() < Date.parse(request.received_at);
}
