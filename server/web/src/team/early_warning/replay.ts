// What was raised beside what would have been, on one time line. Nothing is drawn here: days become shares of the width.
import { daysFrom } from '../../shared/time';
import type { Day } from '../../shared/wire';
import type { Episode, Replay } from '../../shared/wire-warning';

export type Span = Pick<Replay, 'from' | 'to'>;

/** In hundredths of the width. A single day is still wide enough to be seen. */
export function place(one: Episode, span: Span): { x: number; width: number } {
  const days = daysFrom(span.from, span.to) + 1;
  const first = Math.max(0, daysFrom(span.from, one.first_day));
  const last = Math.min(days - 1, daysFrom(span.from, one.last_day));
  const width = Math.max(1.5, ((last - first + 1) / days) * 100);
  return { x: Math.min((first / days) * 100, 100 - width), width };
}

/** Where each month begins, leaving out one too near the end for its name to stand there. */
export function months({ from, to }: Span): { x: number; first: Day }[] {
  const days = daysFrom(from, to) + 1;
  const found = [];
  for (let n = 0; n < days; n++) {
    const day = new Date(Date.parse(`${from}T12:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
    if (day.endsWith('-01') && n / days < 0.85) found.push({ x: (n / days) * 100, first: day });
  }
  return found;
}

/** How an episode of one side stands to the other side: the same there, there on other days or at another level, or not there. */
export type Beside = 'same' | 'other' | 'only';
export function beside(one: Episode, others: Episode[]): Beside {
  const meets = others.filter((other) => other.kind === one.kind && other.first_day <= one.last_day && other.last_day >= one.first_day);
  if (meets.some((other) => other.first_day === one.first_day && other.last_day === one.last_day && other.level === one.level)) return 'same';
  return meets.length > 0 ? 'other' : 'only';
}

/** Whether a change would change anything: nothing at all, or only what is said of the same days. */
export function compared({ now, then }: Pick<Replay, 'now' | 'then'>): 'same' | 'same_days' | 'differs' {
  if (now.length !== then.length || now.some((one) => beside(one, then) !== 'same')) return 'differs';
  return now.every((one) => then.some((other) => other.sentence === one.sentence)) ? 'same' : 'same_days';
}
