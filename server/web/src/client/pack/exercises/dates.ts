import { dateName, dayOf, shortDay } from '../../../shared/time';
import type { Day } from '../../../shared/wire';
import { x } from './words';

/** "22 November 2026": with its year, for what may be read in another one. */
export const fullDay = (moment: number, zone: string): string => dateName(dayOf(moment, zone), '0001-01-01');

/** The calendar day so many days on; no hour of a clock change counts. */
export const dayAfter = (day: Day, days: number): Day => new Date(Date.parse(`${day}T12:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** "Sun 22 Nov" */
export const shortly = (day: Day): string => shortDay(`${day}T12:00:00Z`, 'UTC');

/** A title that can be told from the others in a list. */
export const dated = (title: string, moment: number, zone: string): string => x('ex.dated', { title, day: shortDay(moment, zone) });
