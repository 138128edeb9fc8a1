// Is the engine working? A yes or the reasons, in words; when it cannot be known, nothing is claimed.
import { t } from '../t';
import type { Engine } from './wire';

/** Seconds. The engine looks each second. */
const SWEEP = 30;
const LATE = 60;

export function since(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 1) return t('engine.just_now');
  if (whole < 120) return t('engine.seconds', { n: whole });
  if (whole < 7200) return t('engine.minutes', { n: Math.round(whole / 60) });
  return t('engine.hours', { n: Math.round(whole / 3600) });
}

/** `at` is a time of the server's answer, seen at `now` by this browser. */
export const secondsAgo = (at: string, now: Date): number => (now.getTime() - Date.parse(at)) / 1000;

/**
 * What is wrong, the worst first; empty: it works. Whether it keeps up is told by the server's own clock: the one on this desk may be
 * wrong. `say` tells a moment.
 */
export function troubles(engine: Engine, now: Date, say: (at: string) => string): string[] {
  const ago = (at: string) => since(secondsAgo(at, now));
  const found: string[] = [];
  if (!engine.healthy) {
    if (!engine.last_finished_sweep) found.push(t('engine.bad_never'));
    else if (secondsAgo(engine.last_finished_sweep, now) > SWEEP) found.push(t('engine.bad_sweep', { time: ago(engine.last_finished_sweep) }));
    if (engine.overdue_step_seconds > LATE) found.push(t('engine.bad_late', { time: since(engine.overdue_step_seconds) }));
    if (found.length === 0) found.push(t('engine.bad_some'));
  }
  if (engine.open_without_next_step > 0) found.push(t('engine.bad_stuck', { n: engine.open_without_next_step }));
  if (engine.drill_failing_since) found.push(t('engine.bad_drill', { time: say(engine.drill_failing_since) }));
  if (engine.push_refused_since) found.push(t('engine.bad_push', { time: say(engine.push_refused_since), who: engine.push_refused_by?.join(', ') || '?' }));
  if (engine.requests_seen_by_nobody) found.push(t('engine.bad_unseen', { n: engine.requests_seen_by_nobody }));
  return found;
}

/** "Working. Last looked 2 seconds ago."; by the clock where the two clocks can't both be right. */
export function works(engine: Engine, now: Date, say: (at: string) => string): string {
  if (!engine.last_finished_sweep) return t('engine.bad_some');
  const seconds = secondsAgo(engine.last_finished_sweep, now);
  return seconds < -5 || seconds > SWEEP ? t('engine.good_at', { time: say(engine.last_finished_sweep) }) : t('engine.good', { time: since(seconds) });
}
