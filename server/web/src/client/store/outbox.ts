import { onlyOne } from '../../shared/locks';
import type { AdditionBody, FirstAidBody, Mark, SearchBody } from '../../shared/wire-my-pack';
import type { BaselineAnswerBody } from '../../shared/wire-my-warning';
import type { PlanAgreeBody, PlanDraftBody } from '../../shared/wire-plan';
import type { Act, ActBody } from '../../shared/wire-reminders';
import type { CheckInBody, ContactRequestBody, FlagAnswerBody, Instant, Uuid } from '../../shared/wire';
import type { Db } from './db';
import { all, change, put, remove, type Turn } from './rows';

// What is waiting to be sent. An entry is on disk before anyone is told "saved"; it leaves only when the server has
// taken it. What the server will not take stays, as `refused` with its reason, where the person can see it.

type Kinds = {
  contact_request: ContactRequestBody;
  contact_addition: { id: Uuid; message: string };
  contact_cancel: { id: Uuid };
  flag_answer: FlagAnswerBody;
  baseline_answer: BaselineAnswerBody;
  check_in: CheckInBody;
  occurrence: ActBody & { act: Act };
  plan_draft: PlanDraftBody;
  plan_agree: PlanAgreeBody;
  pack_addition_gone: Record<never, never>;
  pack_feedback: Mark;
  pack_addition: AdditionBody;
  pack_first_aid: FirstAidBody;
  pack_search: SearchBody;
};
export type Kind = keyof Kinds;

type Of<K extends Kind> = {
  id: Uuid;
  client_id: Uuid;
  kind: K;
  body: Kinds[K];
  /** What it belongs to, when that is not itself: the request added to, the flag or the proposal answered, the plan agreed to, the reminder answered. */
  target: Uuid | null;
  created_at: Instant;
  state: 'waiting' | 'refused';
  reason: string | null;
};
export type Entry = { [K in Kind]: Of<K> }[Kind];
export type EntryOf<K extends Kind> = Extract<Entry, { kind: K }>;

/** How one attempt ended. `later`: this one must wait, others may go. `unreachable`: no use trying the rest now. */
export type Outcome = 'sent' | 'later' | 'unreachable' | { refused: string };

/** A person waiting for a person goes first; what may be large, as photos are, goes late. */
const ORDER: Kind[] = [
  'contact_request', 'contact_addition', 'contact_cancel', 'flag_answer', 'baseline_answer', 'check_in', 'occurrence', 'plan_draft', 'plan_agree',
  'pack_addition_gone', 'pack_feedback', 'pack_addition', 'pack_first_aid', 'pack_search',
];

/** `entry` is on disk when this resolves: the transaction is complete, not only asked for. */
export const keep = (db: Db, entry: Entry): Promise<unknown> => put(db, 'outbox', entry, { strict: true, mustFit: true });

/** As `keep`, in the place of what waits of this kind about the same thing: of those only the newest is worth sending. */
export function keepNewest(db: Db, entry: Entry): Promise<unknown> {
  const work = async (turn: Turn) => {
    for (const one of await turn.all('outbox')) if (one.kind === entry.kind && one.target === entry.target) turn.delete('outbox', one.id);
    turn.put('outbox', entry);
  };
  return change(db, entry.client_id, work, { strict: true, mustFit: true });
}

export const mine = (db: Db, clientId: Uuid): Promise<Entry[]> => all(db, 'outbox', clientId);

/** The next one to try, leaving out what was tried in this round and what hangs on something not yet sent. */
export function next(entries: Entry[], tried: ReadonlySet<Uuid>): Entry | undefined {
  const waiting = entries.filter((entry) => entry.state === 'waiting');
  const unsent = new Set(waiting.map((entry) => entry.id));
  return waiting
    .filter((entry) => !tried.has(entry.id) && !hangsOn(entry).some((id) => unsent.has(id)))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id))[0];
}

/**
 * Words hang on their request, a changed thing on the one it replaces, the first-aid box on everything that was put into it, a plan
 * and the yes to it on the version that they go on from.
 */
function hangsOn({ kind, target, body }: Entry): Uuid[] {
  if (kind === 'pack_first_aid') return body.ids;
  if (kind === 'plan_draft') return body.based_on ? [body.based_on] : [];
  if (kind === 'pack_addition') return body.replaces ? [body.replaces] : [];
  return target ? [target] : [];
}

/**
 * Sends what waits, one at a time and in one tab. The queue is read anew before each, so that a request for contact made
 * meanwhile overtakes the check-ins. Entries of another person on this phone are not even read.
 */
export function flush(db: Db, clientId: Uuid, send: (entry: Entry) => Promise<Outcome>): Promise<void> {
  return onlyOne('outbox', async () => {
    const tried = new Set<Uuid>();
    for (;;) {
      const entry = next(await mine(db, clientId), tried);
      if (!entry) return;
      tried.add(entry.id);
      const outcome = await send(entry);
      if (outcome === 'unreachable') return;
      if (outcome === 'sent') await remove(db, 'outbox', entry.id);
      else if (outcome !== 'later') await refuse(db, entry, outcome.refused);
    }
  });
}

function refuse(db: Db, { id, client_id }: Entry, reason: string): Promise<unknown> {
  return change(db, client_id, async (turn) => {
    const entry = await turn.get('outbox', id);
    if (entry) turn.put('outbox', { ...entry, state: 'refused', reason });
  });
}
