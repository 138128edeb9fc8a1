import { untrack } from 'svelte';
import type { Uuid } from '../../../shared/wire';
import type { Exercise } from '../../../shared/wire-pack';
import { db } from '../../store/db';
import { get, remember, remove } from '../../store/rows';
import { session } from '../../store/session.svelte';

// What is half written in an exercise: kept on the phone after every change, as a check-in's draft is, and cleared with
// the person's other rows when they sign out.

const row = (exercise: Exercise) => `exercise:${exercise}`;

const person = (): Uuid | null => untrack(() => session.current?.client_id ?? null);

export async function readDraft(exercise: Exercise): Promise<unknown> {
  const owner = person();
  return owner && ((await get(await db(), 'cache', [owner, row(exercise)]))?.data ?? null);
}

/** Of the one who wrote it, and kept only while they are the one who has joined. `null` forgets it. */
export async function writeDraft(owner: Uuid | null, exercise: Exercise, data: unknown): Promise<void> {
  if (!owner) return;
  if (data === null) await remove(await db(), 'cache', [owner, row(exercise)]);
  else await remember(await db(), { client_id: owner, name: row(exercise), data, etag: null, at: new Date().toISOString() });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** To be called while a component is made. What it hands out is stored whenever it changes. */
export function keptDraft<T extends object>(exercise: Exercise, empty: T, found: unknown): { now: T; clear: () => void } {
  const owner = person();
  const draft = $state({ now: { ...structuredClone(empty), ...(found as Partial<T> | null) } });
  $effect(() => {
    const now = $state.snapshot(draft.now) as T;
    // Storing can fail on a full phone; the words stay on the screen, and saving says so if it fails too.
    void writeDraft(owner, exercise, same(now, empty) ? null : now).catch(() => undefined);
  });
  return {
    get now() {
      return draft.now;
    },
    set now(next) {
      draft.now = next;
    },
    clear: () => (draft.now = structuredClone(empty)),
  };
}
