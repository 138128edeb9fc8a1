// The pace of the breathing, without a clock of its own: where one is after so long, and a walk through it on a clock
// that is given.

export type Pace = { in: number; out: number };
export type Breath = 'soon' | 'in' | 'out';
export type Now = { breath: Breath; /** how long this breath takes, and how long until the next, in milliseconds */ lasts: number; left: number };

export const INS = [3, 4, 5, 6];
export const OUTS = [4, 5, 6, 7, 8];
/** Minutes; `null`: until the person stops. */
export const LENGTHS: (number | null)[] = [1, 3, 5, null];

/** Before the first breath: time to put the phone down, and to let the breath go that one is in. */
export const LEAD = 2_000;

/** `null` when it is over. It ends after a breath out, never in the middle of one, so a little after the minutes. */
export function where(since: number, pace: Pace, minutes: number | null): Now | null {
  if (since < LEAD) return { breath: 'soon', lasts: LEAD, left: LEAD - since };
  const [breathIn, whole] = [pace.in * 1000, (pace.in + pace.out) * 1000];
  const breathing = since - LEAD;
  if (minutes !== null && breathing >= Math.ceil((minutes * 60_000) / whole) * whole) return null;
  const within = breathing % whole;
  return within < breathIn ? { breath: 'in', lasts: breathIn, left: breathIn - within } : { breath: 'out', lasts: whole - breathIn, left: whole - within };
}

/** What tells the time and comes back later; the tests give one that they turn by hand. */
export type Clock = { now: () => number; later: (wait: number, then: () => void) => () => void };

export const clock: Clock = {
  now: () => performance.now(),
  later(wait, then) {
    const timer = setTimeout(then, wait);
    return () => clearTimeout(timer);
  },
};

/**
 * Tells each breath as it begins, then `null` at the end. Every step is reckoned from the start, so that a phone that was
 * slow or asleep is not behind for the rest. What it returns stops it, silently.
 */
export function breathe(pace: Pace, minutes: number | null, tell: (now: Now | null) => void, on: Clock = clock): () => void {
  const start = on.now();
  let stop = () => {};
  let said: Breath | null = null;
  const step = () => {
    // A timer may come a little early; half of a tenth of a second is no breath.
    const now = where(on.now() - start + 50, pace, minutes);
    if (now?.breath !== said || now === null) tell(now);
    said = now?.breath ?? null;
    if (now) stop = on.later(now.left + 50, step);
  };
  step();
  return () => stop();
}
