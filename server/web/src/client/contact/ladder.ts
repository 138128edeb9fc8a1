import { clockSoon, clockToday } from '../../shared/time';
import type { Instant } from '../../shared/wire';
import type { KnownRequest } from '../store/db';
import type { Entry } from '../store/outbox';
import { serverSays, t } from '../words';

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

/** After this long with nobody reached the app itself says: ring. By one clock only, that of the phone: it may be minutes off ours. */
const TOO_LONG = 2 * 60_000;
/** The try and the promise that it kept are written down one after the other. */
const SAME = 2_000;

export function ladder({ request, entry, now, zone, provider }: Facts): Rung[] {
  const at = (instant: string | null | undefined) => (instant ? clockToday(instant, now, zone) : null);
  const full = request.answer;
  const short = full ?? request.by_key;
  const asked = full?.given ? t(`ladder.${full.given}`, { provider }) : full?.by_phone ? t('ladder.by_phone', { provider }) : t('ladder.saved');
  // Told to somebody, it came by no app: they have it from the first moment.
  const told = full?.by_phone || full?.given === 'in_person';
  const rungs: Rung[] = [{ words: asked, time: at(request.body.requested_at), done: true }];

  if (entry?.state === 'refused') return [...rungs, { words: t('ladder.refused', { provider, reason: serverSays(entry.reason ?? '') }), time: null, done: false, attention: true }];
  if (!short) return [...rungs, { words: t('ladder.not_reached', { provider }), time: null, done: false }];

  if (!told) rungs.push({ words: t('ladder.received', { provider }), time: at(short.received_at), done: true });
  if (short.reached_at && !told) rungs.push({ words: t('ladder.reached'), time: at(short.reached_at), done: true });
  const over = short.state === 'done' || short.state === 'cancelled';
  const unanswered = notAnswered(request, now);

  if (short.seen_at) rungs.push({ words: full?.seen_by ? t('ladder.seen_by', { name: full.seen_by }) : t('ladder.seen'), time: at(short.seen_at), done: true });
  else if (!over && !unanswered) rungs.push({ words: t(short.reached_at ? 'ladder.not_seen' : 'ladder.not_on_screen'), time: null, done: false });
  if (unanswered && !over) rungs.push({ words: t('ladder.not_answered'), time: at(unanswered), done: false, attention: true });

  if (full?.handed_to) rungs.push({ words: t('ladder.handed', { name: full.handed_to }), time: null, done: true });
  const kept = keptAt(request);
  const keptBy = kept ? full?.attempts.find((attempt) => attempt.reached && Math.abs(Date.parse(attempt.at) - Date.parse(kept)) < SAME) : undefined;
  for (const attempt of full?.attempts ?? []) {
    if (attempt === keptBy) continue; // said below, with the promise that it kept
    rungs.push({ words: t(`ladder.${attempt.how}_${attempt.reached ? 'reached' : 'missed'}`, { name: attempt.by }), time: at(attempt.at), done: true });
  }

  // Said also when all is done: a promise that was kept is worth knowing.
  if (kept) {
    // How, only where it was written down.
    const name = keptBy?.by ?? full?.promise?.by_whom ?? t('ladder.someone');
    rungs.push({ words: t(`ladder.kept_${keptBy?.how ?? 'touch'}`, { name }), time: at(kept), done: true });
  }

  const promised = !kept && promiseWords(request, now, zone);
  if (promised && !over) rungs.push({ words: promised, time: null, done: false, attention: short.promise_broken });

  if (short.done_at) rungs.push({ words: t('ladder.done'), time: at(short.done_at), done: true });
  if (short.cancelled_at) rungs.push({ words: t('ladder.cancelled'), time: at(short.cancelled_at), done: true });
  return rungs;
}

/** A clock that was put back makes it seem to come from later: then nobody knows how long it was, and nobody is told to go on waiting. */
const isLong = (since: Instant, now: number): boolean => Math.abs(now - Date.parse(since)) >= TOO_LONG;
/** Whether the provider has had it for long, as far as this phone knows. */
const waitedLong = ({ waits_since, body }: KnownRequest, now: number): boolean => isLong(waits_since ?? body.requested_at, now);

/**
 * From when to reckon once another tap has joined `known`: from that tap, as what was answered before may be open again. Where the app
 * says already that waiting is not the thing to do, asking once more takes nothing of that back.
 */
export function waitsAfterJoining(known: KnownRequest, now: Instant): Instant | undefined {
  const said = standing({ request: known, entry: null, now: Date.parse(now) });
  return said === 'nowhere_long' || said === 'not_answered' ? known.waits_since : now;
}

/**
 * Since when it is so that everybody was rung and nobody has it; what came after that counts. A list on which nobody can be rung is
 * through in a second: until people could have answered, "nobody has seen this yet" and the number say it better.
 */
function notAnswered(request: KnownRequest, now: number): Instant | null {
  const { answer } = request;
  const since = answer?.not_answered_at ?? null;
  if (!answer || !waitedLong(request, now)) return null;
  return since && !isAfter(answer?.seen_at, since) && !isAfter(answer?.promise?.made_at, since) ? since : null;
}

/** When the promise that stands was kept; a newer promise is still to be kept. */
function keptAt({ answer }: KnownRequest): Instant | null {
  const kept = answer?.promise_kept_at ?? null;
  return kept && !isAfter(answer?.promise?.made_at, kept) ? kept : null;
}

const isAfter = (at: Instant | null | undefined, than: Instant): boolean => Boolean(at) && Date.parse(at!) > Date.parse(than);

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

export type Standing =
  | 'refused' | 'not_reached' | 'not_reached_long' | 'nowhere_long' | 'not_seen' | 'not_answered' | 'seen' | 'promised' | 'kept' | 'broken' | 'done' | 'cancelled';

/** Somebody has it, or it is over: nobody need ring to be heard. */
export const ANSWERED: Standing[] = ['seen', 'promised', 'kept', 'done'];
/** Waiting any longer is not the thing to do: the app says so first, wherever it is open. */
export const URGENT: Standing[] = ['refused', 'not_reached_long', 'nowhere_long', 'not_answered', 'broken'];

/** Where it stands, as one word to choose one sentence by. */
export function standing({ request, entry, now }: Pick<Facts, 'request' | 'entry' | 'now'>): Standing {
  const answer = request.answer ?? request.by_key;
  if (entry?.state === 'refused') return 'refused';
  if (!answer) return isLong(request.body.requested_at, now) ? 'not_reached_long' : 'not_reached';
  if (answer.state === 'done' || answer.state === 'cancelled') return answer.state;
  if (answer.promise_broken) return 'broken';
  if (notAnswered(request, now)) return 'not_answered';
  if (!answer.seen_at) {
    // With the provider, and on nobody's screen. What has no hurry is not sent to anybody at night, so that is no sign of trouble.
    const hurry = (request.answer?.urgency ?? request.body.when) !== 'when_you_can';
    return hurry && !answer.reached_at && waitedLong(request, now) ? 'nowhere_long' : 'not_seen';
  }
  if (keptAt(request)) return 'kept';
  return (request.answer ? request.answer.promise : request.by_key?.promised_by) ? 'promised' : 'seen';
}
