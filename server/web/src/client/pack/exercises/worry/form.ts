import { dayOf, daysFrom } from '../../../../shared/time';
import type { Day, Instant } from '../../../../shared/wire';
import { dayAfter } from '../dates';
import { oneLine } from '../kept';
import { after, wordOf, x, type Word } from '../words';

// Worries as they are saved: plain lines that anybody can read, and that are read back from exactly those lines.
//
//   • The rent letter
//   When to look: Sun 22 Nov, teatime, about five
//
//   • My sister has not rung
//   How it is now: Smaller now
//   When to look: Mon 23 Nov, after lunch, about two

export const OUTCOMES = ['still', 'smaller', 'gone', 'can_do'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type Worry = { words: string; now: Outcome | null; when: string | null };

/** Twenty of this length, with everything around them, are still under what the server takes. */
export const MOST = 20;
export const LONGEST = 280;

export function written(worries: Worry[]): string {
  return worries
    .map(({ words, now, when }) => {
      const lines = [`• ${words}`];
      if (now) lines.push(x('worry.kept_now', { now: x(`worry.${now}`) }));
      if (when) lines.push(x('worry.kept_when', { when }));
      return lines.join('\n');
    })
    .join('\n\n');
}

/** Lines of another form are passed over: what cannot be read is not guessed at. A worry that stands there twice is one. */
export function read(text: string | null): Worry[] {
  const found: Worry[] = [];
  for (const line of (text ?? '').split('\n').map((one) => one.trim())) {
    const last = found.at(-1);
    if (line.startsWith('•')) found.push({ words: line.slice(1).trim(), now: null, when: null });
    else if (last) {
      const now = after('worry.kept_now' satisfies Word, line);
      if (now !== null) last.now = wordOf('worry', OUTCOMES, now);
      else last.when = after('worry.kept_when' satisfies Word, line) ?? last.when;
    }
  }
  return found.filter(({ words }, place) => words !== '' && found.findIndex((one) => one.words === words) === place);
}

/** A worry that is gone, or has become something to do, is no longer parked. */
export const isParked = ({ now }: Worry): boolean => now !== 'gone' && now !== 'can_do';

/** What is typed becomes one line that cannot be taken for another worry. */
export const tidy = (typed: string): string => oneLine(typed).replace(/^[•\s]+/, '');

/**
 * The day that a saved time names, by its number in the month: never later than the day after it was saved, and at most
 * a month before. `null` when there is none.
 */
export function dayMeant(when: string | null, saved: Instant, zone: string): Day | null {
  const number = when?.match(/\d{1,2}/)?.[0];
  if (!number) return null;
  const tomorrow = dayAfter(dayOf(saved, zone), 1);
  for (let back = 0; back <= 31; back++) {
    const day = dayAfter(tomorrow, -back);
    if (Number(day.slice(8)) === Number(number)) return day;
  }
  return null;
}

/** Every parked worry has a day, and none of them has come. */
export function tooEarly(worries: Worry[], saved: Instant, now: number, zone: string): boolean {
  const days = worries.map(({ when }) => dayMeant(when, saved, zone));
  return days.length > 0 && days.every((day) => day !== null && daysFrom(dayOf(now, zone), day) > 0);
}
