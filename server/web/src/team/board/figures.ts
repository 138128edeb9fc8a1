// Seconds and shares in words. What cannot be known is said to be so.
import { t } from '../t';
import type { OpenRequest } from './wire';

/** "40 seconds", "2 minutes 5 seconds", "3 hours 10 minutes", "2 days": never finer than it matters. */
export function span(seconds: number | null | undefined): string {
  if (seconds == null) return t('board.unknown');
  if (seconds < 0.5) return t('board.under_second');
  const whole = Math.round(seconds);
  const pair = (big: 'minutes' | 'hours', n: number, small: 'seconds' | 'minutes', rest: number) =>
    rest === 0 ? t(`board.${big}`, { n }) : t('board.and', { a: t(`board.${big}`, { n }), b: t(`board.${small}`, { n: rest }) });
  if (whole < 60) return t('board.seconds', { n: whole });
  if (whole < 600) return pair('minutes', Math.floor(whole / 60), 'seconds', whole % 60);
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return t('board.minutes', { n: minutes });
  if (minutes < 48 * 60) return pair('hours', Math.floor(minutes / 60), 'minutes', minutes % 60);
  return t('board.days', { n: Math.round(minutes / 1440) });
}

/** Down, never up: 97.46 % has not reached 97.5 %. */
export const share = (part: number | null | undefined): string => (part == null ? t('board.unknown') : t('board.share', { n: Math.floor(part * 1000 + 1e-9) / 10 }));

export const isLate = (request: OpenRequest, now: Date): boolean =>
  request.promise_broken ?? (request.promise !== null && request.state !== 'done' && Date.parse(request.promise.by) < now.getTime());
export const isFree = (request: OpenRequest): boolean => request.owner === null && request.state !== 'done';
