import { clockSoon, clockToday } from '../../shared/time';
import type { KnownRequest } from '../store/db';
import type { Entry } from '../store/outbox';
import { t } from '../words';

// The ladder of a request for contact, as plain lines. Pure: the facts and the time in, words out. A line says only what
// has happened; what has not is said as not yet.

export type Rung = { words: string; time: string | null; done: boolean; attention?: boolean };

export type Facts = {
  request: KnownRequest;
  entry: Entry | null;
  now: number;
  zone: string;
  provider: string;
};

/** After this long without an answer the app itself says: ring. */
const TOO_LONG = 2 * 60_000;

export function ladder({ request, entry, now, zone, provider }: Facts): Rung[] {
  const at = (instant: string | null | undefined) => (instant ? clockToday(instant, now, zone) : null);
  const full = request.answer;
  const short = full ?? request.by_key;
  const rungs: Rung[] = [{ words: t('ladder.saved'), time: at(request.body.requested_at), done: true }];

  if (entry?.state === 'refused') return [...rungs, { words: t('ladder.refused', { provider, reason: entry.reason ?? '' }), time: null, done: false, attention: true }];
  if (!short) return [...rungs, { words: t('ladder.not_reached', { provider }), time: null, done: false }];

  rungs.push({ words: t('ladder.received', { provider }), time: at(short.received_at), done: true });
  if (short.reached_at) rungs.push({ words: t('ladder.reached'), time: at(short.reached_at), done: true });
  const over = short.state === 'done' || short.state === 'cancelled';

  if (short.seen_at) rungs.push({ words: full?.seen_by ? t('ladder.seen_by', { name: full.seen_by }) : t('ladder.seen'), time: at(short.seen_at), done: true });
  else if (!over) rungs.push({ words: t(short.reached_at ? 'ladder.not_seen' : 'ladder.not_on_screen'), time: null, done: false });

  if (full?.handed_to) rungs.push({ words: t('ladder.handed', { name: full.handed_to }), time: null, done: true });
  for (const attempt of full?.attempts ?? []) {
    rungs.push({ words: t(`ladder.${attempt.how}_${attempt.reached ? 'reached' : 'missed'}`, { name: attempt.by }), time: at(attempt.at), done: true });
  }

  const promised = promiseWords(request, now, zone);
  if (promised && !over) rungs.push({ words: promised, time: null, done: false, attention: short.promise_broken });

  if (short.done_at) rungs.push({ words: t('ladder.done'), time: at(short.done_at), done: true });
  if (short.cancelled_at) rungs.push({ words: t('ladder.cancelled'), time: at(short.cancelled_at), done: true });
  return rungs;
}

/** What was promised, or that it was broken; `null` without a promise. */
export function promiseWords(request: KnownRequest, now: number, zone: string): string | null {
  const { answer, by_key } = request;
  const by = answer ? answer.promise?.by : by_key?.promised_by;
  if (!by) return null;
  const params = { name: answer?.promise?.by_whom ?? t('ladder.someone'), time: clockSoon(by, now, zone) };
  if ((answer ?? by_key)?.promise_broken) return t('ladder.promise_broken', params);
  // The key tells that something was promised, and not what.
  return answer?.promise ? t(`ladder.will_${answer.promise.what}`, params) : t('ladder.will_be_in_touch', params);
}

export type Standing = 'refused' | 'not_reached' | 'not_reached_long' | 'not_seen' | 'seen' | 'promised' | 'broken' | 'done' | 'cancelled';

/** Where it stands, as one word to choose one sentence by. */
export function standing({ request, entry, now }: Pick<Facts, 'request' | 'entry' | 'now'>): Standing {
  const answer = request.answer ?? request.by_key;
  if (entry?.state === 'refused') return 'refused';
  if (!answer) return now - Date.parse(request.body.requested_at) >= TOO_LONG ? 'not_reached_long' : 'not_reached';
  if (answer.state === 'done' || answer.state === 'cancelled') return answer.state;
  if (answer.promise_broken) return 'broken';
  if (!answer.seen_at) return 'not_seen';
  return (request.answer ? request.answer.promise : request.by_key?.promised_by) ? 'promised' : 'seen';
}
