import type { AdditionBody, FirstAidBody, Mark, SearchBody } from '../../shared/wire-my-pack';
import type { BaselineAnswerBody } from '../../shared/wire-my-warning';
import type { PlanAgreeBody, PlanDraftBody } from '../../shared/wire-plan';
import type { Act, ActBody } from '../../shared/wire-reminders';
import { uuidv7 } from '../../shared/uuid';
import type { CheckInBody, ContactRequestBody, FlagAnswerBody, How, Instant, Uuid, When } from '../../shared/wire';
import type { Db } from './db';
import { rowsOf } from './opening';
import type { State } from './outbox/rules';
import { replaces } from './outbox/waits';
import { all, change, put, type Turn } from './rows';

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
export const keep = (db: Db, entry: Entry): Promise<unknown> => put(db, 'outbox', entry, { strict: true, mustFit: true });

/** As `keep`, in the place of what waits about the same thing: of some kinds only the newest is worth sending. */
export function keepNewest(db: Db, entry: Entry): Promise<unknown> {
  const work = async (turn: Turn) => {
    for (const one of await turn.all('outbox')) if (replaces(entry, one)) turn.delete('outbox', one.id);
    turn.put('outbox', entry);
  };
  return change(db, entry.client_id, work, { strict: true, mustFit: true });
}

/** It will not go: it is off this phone, and with it what was asked for, of which nobody has heard. */
export const takeBack = (db: Db, { id, client_id }: Pick<Entry, 'id' | 'client_id'>): Promise<unknown> =>
  change(db, client_id, async (turn) => {
    turn.delete('outbox', id);
    const asked = await turn.get('requests', id);
    if (asked && !asked.answer && !asked.by_key) turn.delete('requests', id);
  }, { strict: true });

/** Stored on this phone, as one: what was asked, and that it must go. Only then does anybody say "saved". */
export async function keepRequest(db: Db, client_id: Uuid, when: When, how: How, message: string): Promise<Uuid> {
  const now = new Date();
  const [id, created_at, words] = [uuidv7(now.getTime()), now.toISOString(), message.trim()];
  const body: ContactRequestBody = { requested_at: created_at, when, how, ...(words ? { message: words } : {}) };
  const entry: EntryOf<'contact_request'> = { id, client_id, kind: 'contact_request', body, target: null, created_at, state: 'waiting', reason: null };
  const work = async (turn: Turn) => {
    // Of what a locked app cannot open it knows the kind, which is enough; nothing that does not open is in the way of asking.
    const sealed = async () => (await rowsOf(db, 'outbox', client_id)).map(({ id, kind = '' }) => ({ id: id!, kind, target: null, state: 'waiting' as const }));
    for (const one of await turn.all('outbox').catch(sealed)) if (replaces(entry, one)) turn.delete('outbox', one.id);
    turn.put('requests', { id, client_id, body, answer: null, by_key: null, heard_at: null });
    turn.put('outbox', entry);
  };
  if (!(await change(db, client_id, work, { joined: true, strict: true, mustFit: true }))) throw new Error('Nobody has joined on this phone.');
  return id;
}

export const mine = (db: Db, clientId: Uuid): Promise<Entry[]> => all(db, 'outbox', clientId);
