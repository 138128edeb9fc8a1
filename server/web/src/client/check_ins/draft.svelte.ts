import { untrack } from 'svelte';
import { dayOf } from '../../shared/time';
import type { Instant, Item, Uuid } from '../../shared/wire';
import type { StageSaid } from '../../shared/wire-plan';
import { db } from '../store/db';
import { newest } from '../store/newest';
import { get, remember } from '../store/rows';
import { session, zone } from '../store/session.svelte';

/** A check-in half filled: kept on the phone after every change, so that a closed app forgets nothing. */
export type Draft = { answers: Record<Uuid, number>; note: string; note_shared: boolean; stage: StageSaid | null };

const empty = (): Draft => ({ answers: {}, note: '', note_shared: true, stage: null });
export const draft = $state(empty());

/** How many letters too many the note has. */
export const excess = (): number => Math.max(0, draft.note.trim().length - 2000);

/** When it was last changed; null after it was put aside, until it is changed again. */
let changed: Instant | null = null;
/** From when one was whose answers are gone. */
export const old = $state<{ at: Instant | null }>({ at: null });
/** Somebody who is still awake after midnight is in the middle of it. */
const GRACE = 4 * 3_600_000;

/** Answers are about their day. After it they are not those of today: they go, and it is said; what was written stays. A clock that was put back says the same. */
export function putAside(now: number): void {
  untrack(() => {
    const begun = Object.keys(draft.answers).length || draft.stage || draft.note.trim();
    if (!begun || !changed || Math.abs(now - Date.parse(changed)) < GRACE || dayOf(changed, zone()) === dayOf(now, zone())) return;
    old.at = changed;
    changed = null;
    Object.assign(draft, { answers: {}, stage: null });
  });
}

export const loadDraft = newest(
  async (clientId: Uuid | null) => ({ before: changed, row: clientId ? await get(await db(), 'cache', [clientId, 'draft']) : undefined }),
  ({ before, row }) => {
    // What was typed while it was read is newer.
    if (before !== changed) return;
    clearDraft();
    Object.assign(draft, row?.data);
    changed = row?.at ?? null;
    putAside(Date.now());
  },
);

export async function saveDraft(): Promise<void> {
  const own = session.current;
  if (!own) return;
  const data = $state.snapshot(draft);
  const at = (changed = new Date().toISOString());
  // On a full phone the words stay on the screen; saving says so if it fails too.
  await remember(await db(), { client_id: own.client_id, name: 'draft', data, etag: null, at }).catch(() => undefined);
}

export function answer(item: Item, value: number | null): void {
  if (value === null) delete draft.answers[item.id];
  else draft.answers[item.id] = value;
  void saveDraft();
}

export function clearDraft(): void {
  changed = old.at = null;
  Object.assign(draft, empty());
}
