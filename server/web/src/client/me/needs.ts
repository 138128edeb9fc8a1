import { dictionary } from '../../shared/i18n.svelte';
import { NEEDS, type Communication, type CommunicationBody, type Need } from '../../shared/wire-needs';
import { me } from '../store/about';
import { apiFor, session } from '../store/session.svelte';
import { en } from '../words/needs.en';

/** The words of this page; they come with it, not with the first load. */
export const n = dictionary('needs', en);

export const TO_READ: Need[] = ['easy_read', 'large_text', 'read_aloud'];
export const TO_TALK: Need[] = NEEDS.filter((need) => !TO_READ.includes(need));

/** What is chosen and typed. `others`: what a newer server knows and this app does not; it is sent back as it came. */
export type Typed = { needs: Need[]; others: string[]; interpreter_language: string; words: string };

const isKnown = (need: string): need is Need => NEEDS.some((one) => one === need);

export const typedFrom = (record: Communication | null | undefined): Typed => ({
  needs: (record?.needs ?? []).filter(isKnown),
  others: (record?.needs ?? []).filter((need) => !isKnown(need)),
  interpreter_language: record?.interpreter_language ?? '',
  words: record?.words ?? '',
});

export const bodyFrom = ({ needs, others, interpreter_language, words }: Typed): CommunicationBody => ({
  needs: [...NEEDS.filter((need) => needs.includes(need)), ...(others as Need[])],
  interpreter_language: needs.includes('interpreter') ? interpreter_language.trim() || null : null,
  words: words.trim() || null,
});

/** Straight to the server or not at all: what a worker reads before getting in touch must be what the person sees here. */
export async function saveNeeds(typed: Typed): Promise<void> {
  const own = session.current;
  if (!own || !me.data) throw new Error('Nobody has joined on this phone.');
  const communication = await apiFor(own.client_id).put<Communication>('/me/communication', bodyFrom(typed));
  if (me.data) await me.set(own.client_id, { ...me.data, communication });
}
