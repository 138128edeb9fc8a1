import type { AdditionBody, FirstAidBody, Mark, SearchBody } from '../../shared/wire-my-pack';
import type { BaselineAnswerBody } from '../../shared/wire-my-warning';
import type { PlanAgreeBody, PlanDraftBody } from '../../shared/wire-plan';
import type { Act, ActBody } from '../../shared/wire-reminders';
import type { CheckInBody, ContactRequestBody, FlagAnswerBody, Instant, Uuid } from '../../shared/wire';
import type { Db } from './db';
import type { State } from './outbox/rules';

// What is waiting to be sent. An entry is on disk before anyone is told "saved"; it leaves only when the server has
// taken it. What the server will not take stays, as `refused` with its reason, where the person can see it. When each goes: outbox/.

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
  state: State;
  reason: string | null;
  /** How often it failed by itself, and until when it is left alone: missing in what an older app wrote, or nobody has tried yet. */
  tries?: number;
  not_before?: Instant | null;
};
export type Entry = { [K in Kind]: Of<K> }[Kind];
export type EntryOf<K extends Kind> = Extract<Entry, { kind: K }>;

/** `entry` is on disk when this resolves: the transaction is complete, not only asked for. */
export async function keep(db: Db, entry: Entry): Promise<void> {
  const tx = db.transaction('outbox', 'readwrite', { durability: 'strict' });
  await tx.store.put(entry);
  await tx.done;
}

/** As `keep`, in the place of what waits of this kind about the same thing: of those only the newest is worth sending. */
export async function keepNewest(db: Db, entry: Entry): Promise<void> {
  const tx = db.transaction('outbox', 'readwrite', { durability: 'strict' });
  for (const one of await tx.store.index('client').getAll(entry.client_id)) {
    if (one.kind === entry.kind && one.target === entry.target) await tx.store.delete(one.id);
  }
  await tx.store.put(entry);
  await tx.done;
}

export const mine = (db: Db, clientId: Uuid): Promise<Entry[]> => db.getAllFromIndex('outbox', 'client', clientId);
