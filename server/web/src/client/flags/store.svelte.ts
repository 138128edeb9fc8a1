import type { Flag, FlagAnswer, Uuid } from '../../shared/wire';
import { flags } from '../store/about';
import { db } from '../store/db';
import { uuidv7 } from '../../shared/uuid';
import { keep } from '../store/outbox';
import { pendingOf } from '../store/pending.svelte';
import { session } from '../store/session.svelte';
import { nudge } from '../store/sync.svelte';

export const openFlag = (): Flag | null => flags.data?.items.find((flag) => flag.state !== 'resolved') ?? null;
export const flagById = (id: Uuid): Flag | null => flags.data?.items.find((flag) => flag.id === id) ?? null;

/** What was answered: on this phone and not yet taken, or known to the server. */
export function answerTo(flag: Flag): { answer: FlagAnswer; sent: boolean; refused: string | null } | null {
  const waiting = pendingOf('flag_answer').filter((entry) => entry.target === flag.id).at(-1);
  if (waiting) return { answer: waiting.body.answer, sent: false, refused: waiting.state === 'refused' ? (waiting.reason ?? '') : null };
  return flag.answer && { answer: flag.answer.answer, sent: true, refused: null };
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
