// One clock for every view, ticking by the half minute, so that "12 minutes ago" stays true while the page is open.
import { capital, clockSoon, clockToday, clock as clockTime, exact, shortDay } from '../shared/time';
import type { Instant } from '../shared/wire';
import { t as say } from './t';

/** A worker's times are those of the clock on their own wall; a client's check-ins are shown in the client's zone. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'Europe/London';

export const wall = $state({ now: new Date() });
setInterval(() => (wall.now = new Date()), 30_000);

/** "21:04" today, "yesterday at 21:04", "on Monday at 09:30". */
export const at = (moment: Date | Instant, where = zone): string => clockToday(moment, wall.now, where);
/** The same at the head of a line: "On Monday at 09:30". */
export const head = (moment: Date | Instant, where = zone): string => capital(at(moment, where));
/** Within a sentence: "at 21:04" today, "on Monday at 09:30". */
export const when = (moment: Date | Instant, where = zone): string => {
  const said = at(moment, where);
  return /^\d/.test(said) ? say('at', { time: said }) : said;
};
/** By when something is promised. */
export const by = (moment: Date | Instant): string => clockSoon(moment, wall.now, zone);
export const atDay = (moment: Date | Instant, where = zone): string => exact(moment, wall.now, where);
export const time = (moment: Date | Instant): string => clockTime(moment, zone);
export const day = (moment: Date | Instant, where = zone): string => shortDay(moment, where);
