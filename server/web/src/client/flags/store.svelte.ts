import type { Flag, FlagAnswer, Uuid } from '../../shared/wire';
import { shown as checkIns } from '../check_ins/store.svelte';
import { flags, sharing } from '../store/about';
import { db } from '../store/db';
import { uuidv7 } from '../../shared/uuid';
import { keep } from '../store/outbox';
import { pendingOf } from '../store/pending.svelte';
import { session } from '../store/session.svelte';
import { nudge } from '../store/sync.svelte';

/** Whoever chose not to be shown changes is shown none, not even those that this phone still remembers. */
export const flagsShown = (): boolean => sharing.data?.flags_shown !== false;
const shown = (): Flag[] => (flagsShown() ? (flags.data?.items ?? []) : []);

/** Whoever has checked in since is not quiet any more, though their team may not have closed it yet. */
export const heardSince = (flag: Flag): boolean => flag.kind === 'silence' && checkIns().some((one) => Date.parse(one.made_at) > Date.parse(flag.raised_at));

/** What there is to look at: at most one of each kind. */
export const openFlags = (): Flag[] => shown().filter((flag) => flag.state !== 'resolved' && !heardSince(flag));
export const flagById = (id: Uuid): Flag | null => shown().find((flag) => flag.id === id) ?? null;

export type Answered = { answer: FlagAnswer; words: string | null; sent: boolean; refused: string | null };

/** What was answered: on this phone and not yet taken, or known to the server. */
export function answerTo(flag: Flag): Answered | null {
  const waiting = pendingOf('flag_answer').filter((entry) => entry.target === flag.id).at(-1);
  if (!waiting) return flag.answer && { answer: flag.answer.answer, words: flag.answer.words, sent: true, refused: null };
  const { body, state, reason } = waiting;
  return { answer: body.answer, words: body.words ?? null, sent: false, refused: state === 'refused' ? (reason ?? '') : null };
}

export async function answerFlag(flag: Flag, answer: FlagAnswer, words: string): Promise<void> {
  const own = session.current;
  if (!own) return;
  const id = uuidv7();
  const text = words.trim();
  await keep(await db(), {
    id, client_id: own.client_id, kind: 'flag_answer', target: flag.id, body: { id, answer, ...(text ? { words: text } : {}) },
    created_at: new Date().toISOString(), state: 'waiting', reason: null,
  });
  await nudge();
}

export async function acceptFlag(clientId: Uuid, flag: Flag): Promise<void> {
  const known = flags.data ?? { items: [], next_cursor: null };
  const items = known.items.some((one) => one.id === flag.id) ? known.items.map((one) => (one.id === flag.id ? flag : one)) : [flag, ...known.items];
  await flags.set(clientId, { ...known, items });
}
