import { dictionary } from '../../shared/i18n.svelte';
import type { Reach } from '../../shared/wire';
import { me } from '../store/about';
import { apiFor, session } from '../store/session.svelte';
import { en } from '../words/reach.en';

/** The words of this page; they come with it, not with the first load. */
export const w = dictionary('reach', en);

/** What is typed and chosen. Empty words are no words. */
export type Typed = { how: Reach['how']; leave_message: boolean | null; not_at_work: boolean; when: string; words: string };

export const typedFrom = (reach: Reach | null | undefined): Typed => ({
  how: reach?.how ?? null,
  leave_message: reach?.leave_message ?? null,
  not_at_work: reach?.not_at_work ?? false,
  when: reach?.when ?? '',
  words: reach?.words ?? '',
});

export const reachFrom = (typed: Typed): Required<Reach> => ({ ...typed, when: typed.when.trim() || null, words: typed.words.trim() || null });

/** Straight to the server or not at all: what a worker reads before calling must be what the person sees here. */
export async function saveReach(typed: Typed): Promise<void> {
  const own = session.current;
  if (!own || !me.data) throw new Error('Nobody has joined on this phone.');
  const reach = await apiFor(own.client_id).put<Reach>('/me/reach', reachFrom(typed));
  if (me.data) await me.set(own.client_id, { ...me.data, reach });
}
