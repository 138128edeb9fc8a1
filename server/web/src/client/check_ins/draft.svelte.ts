import type { Item, Uuid } from '../../shared/wire';
import type { StageSaid } from '../../shared/wire-plan';
import { db } from '../store/db';
import { get, remember } from '../store/rows';
import { session } from '../store/session.svelte';

/** A check-in half filled: kept on the phone after every change, so that a closed app forgets nothing. */
export type Draft = { answers: Record<Uuid, number>; note: string; note_shared: boolean; stage: StageSaid | null };

export const EMPTY: Draft = { answers: {}, note: '', note_shared: true, stage: null };
export const draft = $state<Draft>({ ...EMPTY, answers: {} });

/** How many letters too many the note has. */
export const excess = (): number => Math.max(0, draft.note.trim().length - 2000);

export async function loadDraft(clientId: Uuid | null): Promise<void> {
  const row = clientId ? await get(await db(), 'cache', [clientId, 'draft']) : undefined;
  Object.assign(draft, { ...EMPTY, answers: {} }, row?.data as Draft | undefined);
}

export async function saveDraft(): Promise<void> {
  const own = session.current;
  if (!own) return;
  const data = $state.snapshot(draft);
  // On a full phone the words stay on the screen; saving says so if it fails too.
  await remember(await db(), { client_id: own.client_id, name: 'draft', data, etag: null, at: new Date().toISOString() }).catch(() => undefined);
}

export function answer(item: Item, value: number | null): void {
  if (value === null) delete draft.answers[item.id];
  else draft.answers[item.id] = value;
  void saveDraft();
}

export function clearDraft(): void {
  Object.assign(draft, { ...EMPTY, answers: {} });
}
