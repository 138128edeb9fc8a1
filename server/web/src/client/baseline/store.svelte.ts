import type { BaselineAnswer, MyBaseline } from '../../shared/wire-my-warning';
import type { Uuid } from '../../shared/wire';
import { capital } from '../../shared/time';
import { uuidv7 } from '../../shared/uuid';
import { baseline } from '../store/about';
import { db } from '../store/db';
import { remove } from '../store/rows';
import { keepNewest, type EntryOf } from '../store/outbox';
import { pendingOf } from '../store/pending.svelte';
import { session } from '../store/session.svelte';
import { nudge } from '../store/sync.svelte';
import { t } from '../words';
import { withAnswered } from './changes';

/** Whose suggestion it is, at the head of a line. */
export const by = ({ proposed_by }: MyBaseline): string => proposed_by ?? capital(t('app.team'));

/** What was answered to a proposal and has not been taken yet. */
export const answerTo = (id: Uuid): EntryOf<'baseline_answer'> | null => pendingOf('baseline_answer').find((entry) => entry.target === id) ?? null;

/** A proposal that this person has not answered, on this phone either. */
export function unanswered(): MyBaseline | null {
  const proposed = baseline.data?.proposed ?? null;
  return proposed && !answerTo(proposed.id) ? proposed : null;
}

/** While it waits it can be changed: of answers to one proposal only the newest goes. */
export async function answerProposal(proposed: MyBaseline, answer: BaselineAnswer, words: string): Promise<void> {
  const own = session.current;
  if (!own) return;
  const id = uuidv7();
  const text = words.trim();
  await keepNewest(await db(), {
    id, client_id: own.client_id, kind: 'baseline_answer', target: proposed.id, body: { id, answer, ...(text ? { words: text } : {}) },
    created_at: new Date().toISOString(), state: 'waiting', reason: null,
  });
  await nudge();
}

/** The person has read why an answer was not taken. */
export async function letGo(entry: EntryOf<'baseline_answer'>): Promise<void> {
  await remove(await db(), 'outbox', entry.id);
  await nudge();
}

export async function acceptBaseline(clientId: Uuid, answered: MyBaseline): Promise<void> {
  await baseline.set(clientId, withAnswered(baseline.data, answered));
}
