// The figures of flags in words. What cannot be known is said to be so, and a share of very few is a count.
import type { FlagCounts } from '../../shared/wire-warning';
import { t } from '../t';

const month = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
/** "2026-11" as "November 2026". */
export const monthName = (one: string): string => month.format(new Date(`${one}-15T12:00:00Z`));

export const isEmpty = (counts: FlagCounts): boolean => counts.flags === 0 && counts.missed === 0;

/** "3 of 5", and how many in a hundred once there are enough of them to say so. */
export function share(part: number, of: number): string {
  if (of === 0) return t('flag_figures.none_closed');
  const words = t('flag_figures.share', { part, of });
  return of < 10 ? words : `${words} (${t('flag_figures.percent', { n: Math.round((part / of) * 100) })})`;
}

/** One figure behind the point below ten, and never "0" for something that happened. */
export function perWeek(one: number | null): string {
  if (one === null) return t('flag_figures.unknown');
  if (one > 0 && one < 0.1) return t('flag_figures.under', { n: '0.1' });
  return one >= 10 ? String(Math.round(one)) : String(Math.round(one * 10) / 10);
}

export function duration(minutes: number | null): string {
  if (minutes === null) return t('flag_figures.none_taken');
  const whole = Math.round(minutes);
  if (whole === 0) return t('flag_figures.under', { n: t('flag_figures.minutes', { n: 1 }) });
  if (whole < 60) return t('flag_figures.minutes', { n: whole });
  if (whole < 48 * 60) {
    const rest = whole % 60;
    return rest === 0 ? t('flag_figures.hours', { n: whole / 60 }) : t('flag_figures.hours_minutes', { h: Math.floor(whole / 60), m: rest });
  }
  return t('flag_figures.days', { n: Math.round(whole / (24 * 60)) });
}

const KINDS = ['early_warning', 'silence', 'client_asked', 'reminders'] as const;
/** "5 changes, 1 silence": what the flags of a month were. */
export const kinds = (counts: FlagCounts): string =>
  KINDS.filter((kind) => (counts.by_kind[kind] ?? 0) > 0)
    .map((kind) => t(`flag_figures.kind.${kind}`, { n: counts.by_kind[kind]! }))
    .join(', ');
