import { dayOf, daysFrom } from '../../shared/time';
import type { Instant } from '../../shared/wire';

/** Is one due today? Never counts what was left out: only how long ago the last one was. */
export function isDue(last: Instant | null, perWeek: number, now: number, zone: string): boolean {
  if (!last) return true;
  if (perWeek > 7) return now - Date.parse(last) >= (7 / perWeek) * 86_400_000 * 0.75;
  const days = daysFrom(dayOf(last, zone), dayOf(now, zone));
  return days >= Math.max(1, Math.round(7 / perWeek));
}
