import type { CheckIn, CheckInBody, Instant, Item, Uuid } from '../../shared/wire';
import { checkIns, items } from '../store/about';
import { db } from '../store/db';
import { save } from '../store/rows';
import { uuidv7 } from '../../shared/uuid';
import { pendingOf } from '../store/pending.svelte';
import { session } from '../store/session.svelte';
import type { State } from '../store/outbox/rules';
import { nudge } from '../store/sync.svelte';
import { clearDraft, draft } from './draft.svelte';

/** A check-in as the views show it, whether the server has it or not. */
export type Shown = Pick<CheckIn, 'id' | 'made_at' | 'answers' | 'note' | 'note_shared' | 'entered_by' | 'given' | 'stage'> & {
  state: 'sent' | State;
  reason: string | null;
  received_at: Instant | null;
  /** By whom first, as far as the server tells. */
  seen: { at: Instant; by: string | null } | null;
};

/** Newest first, with what still waits on this phone; one that was replaced is not shown twice. */
export function shown(): Shown[] {
  const waiting: Shown[] = pendingOf('check_in').map(({ id, body, state, reason }) => ({
    id, made_at: body.recorded_at, answers: body.answers, note: body.note ?? null, note_shared: body.note_shared ?? true, entered_by: null, stage: body.stage ?? null, state, reason, received_at: null, seen: null,
  }));
  const here = new Set(waiting.map((one) => one.id));
  const sent: Shown[] = (checkIns.data?.items ?? [])
    .filter((one) => !one.replaced_by && !here.has(one.id))
    .map((one) => ({ ...one, state: 'sent', reason: null, seen: one.seen_at ? { at: one.seen_at, by: one.seen_by ?? null } : null }));
  return [...waiting, ...sent].sort((a, b) => Date.parse(b.made_at) - Date.parse(a.made_at));
}

/** Every version of a question this phone has heard of. */
export function questions(): Map<Uuid, Item> {
  return new Map([...(checkIns.data?.questions ?? []), ...(items.data?.items ?? [])].map((item) => [item.id, item]));
}

/** On disk, and out of the draft, in one transaction. Only then is it called saved. */
export async function submit(asked: Item[]): Promise<Uuid> {
  const own = session.current;
  if (!own) throw new Error('Nobody has joined on this phone.');
  const now = new Date();
  const id = uuidv7(now.getTime());
  const note = draft.note.trim();
  const body: CheckInBody = {
    recorded_at: now.toISOString(),
    answers: asked.map((item) => ({ item_id: item.id, value: draft.answers[item.id] ?? null })),
    ...(note ? { note, note_shared: draft.note_shared } : {}),
    ...(draft.stage ? { stage: { ...draft.stage } } : {}),
  };
  await save(await db(), own.client_id, (turn) => {
    turn.put('outbox', { id, client_id: own.client_id, kind: 'check_in', body, target: null, created_at: now.toISOString(), state: 'waiting', reason: null });
    turn.delete('cache', [own.client_id, 'draft']);
  });
  clearDraft();
  await nudge();
  return id;
}

/** The server has it: it joins what we know, so that it does not vanish between leaving the outbox and the next list. */
export async function acceptCheckIn(clientId: Uuid, accepted: CheckIn): Promise<void> {
  const known = checkIns.data;
  const asked = (items.data?.items ?? []).filter((item) => accepted.answers.some((answer) => answer.item_id === item.id));
  await checkIns.set(clientId, {
    next_cursor: null,
    usual: [],
    sentence: null,
    ...known,
    items: [accepted, ...(known?.items ?? []).filter((one) => one.id !== accepted.id)],
    questions: [...(known?.questions ?? []), ...asked.filter((item) => !known?.questions.some((one) => one.id === item.id))],
  });
}
