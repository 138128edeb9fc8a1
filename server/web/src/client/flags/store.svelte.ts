import type { Flag, FlagAnswer, Uuid } from '../../shared/wire';
import { checkIns, flags, sharing } from '../store/about';
import { db } from '../store/db';
import { uuidv7 } from '../../shared/uuid';
import { keep } from '../store/outbox';
import { pendingOf } from '../store/pending.svelte';
import { session } from '../store/session.svelte';
import { nudge } from '../store/sync.svelte';

/** Whoever chose not to be shown changes is shown none, not even those that this phone still remembers. */
export const flagsShown = (): boolean => sharing.data?.flags_shown !== false;
const shown = (): Flag[] => (flagsShown() ? (flags.data?.items ?? []) : []);

export const stands = (flag: Flag): boolean => flag.stands !== false;

/** How long after a check-in has arrived the server may still be thinking about it. */
const THINKING = 2 * 60_000;

/** Whoever has checked in is not quiet any more. This phone says so only until the server can have: after that its word counts. */
export function heardSince(flag: Flag): boolean {
  if (flag.kind !== 'silence') return false;
  const since = (moment: string) => Date.parse(moment) > Date.parse(flag.raised_at);
  if (pendingOf('check_in').some(({ body, state }) => state !== 'refused' && since(body.recorded_at))) return true;
  const asked = Date.parse(flags.at ?? '');
  return (checkIns.data?.items ?? []).some((one) => since(one.made_at) && asked < Date.parse(one.received_at) + THINKING);
}

/** They asked to talk about it, and nobody has taken it yet. */
export const asksToTalk = (flag: Flag): boolean => flag.state === 'open' && answerTo(flag)?.answer === 'please_talk';

/** What there is to look at: at most one of each kind. What stands no longer is no news, unless a person is still to come. */
export const openFlags = (): Flag[] => shown().filter((flag) => flag.state !== 'resolved' && (asksToTalk(flag) || (stands(flag) && !heardSince(flag))));
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

/** Whoever is shown no changes is answered without words: those that this phone has stay, and a flag that has none is not kept. */
export async function acceptFlag(clientId: Uuid, answered: Flag): Promise<void> {
  const known = flags.data ?? { items: [], next_cursor: null };
  const before = known.items.find((one) => one.id === answered.id);
  const flag = before && !answered.sentence ? { ...answered, sentence: before.sentence, sentences: before.sentences, facts: before.facts } : answered;
  if (!flag.sentence) return;
  const items = before ? known.items.map((one) => (one === before ? flag : one)) : [flag, ...known.items];
  await flags.set(clientId, { ...known, items });
}
