// A rota day by day, as it is read on a wall: who is on, and where nobody is. It arranges what the server reckoned, and reckons nothing.
import { clock, dayOf, daysFrom } from '../../shared/time';
import type { Day, Instant } from '../../shared/wire';
import type { Clock } from '../../shared/wire-reminders';
import type { Absence, Hole, Line, Rota, Shift } from './wire';

export const LINES = ['first', 'second'] as const satisfies readonly Line[];
export const DAYS = 14;

/** A time that is null lies on another day: before this one, or after it. */
type Times = { from: Clock | null; until: Clock | null };
export type Entry = ({ shift: Shift } | { shift: null }) & Times;
export type DayPlan = { day: Day; lines: { line: Line; entries: Entry[] }[] };

export const dayAfter = (day: Day, days: number): Day => new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** A night stands on the day it begins. What is longer is told on each of its days. */
export function holeOn(hole: Hole, day: Day, zone: string): Times | null {
  const first = dayOf(hole.from, zone);
  const last = dayOf(Date.parse(hole.until) - 60_000, zone);
  const until = clock(hole.until, zone);
  if (day < first || day > last) return null;
  if (first === last || (daysFrom(first, last) === 1 && until <= '12:00')) return day === first ? { from: clock(hole.from, zone), until } : null;
  return { from: day === first ? clock(hole.from, zone) : null, until: day === last ? until : null };
}

/** From the day it is `now`. */
export function byDay({ shifts, holes, zone }: Pick<Rota, 'shifts' | 'holes' | 'zone'>, now: Date, days = DAYS): DayPlan[] {
  const first = dayOf(now, zone);
  const open = told({ shifts, holes }).flatMap((one) => beside(one, shifts));
  const lines = LINES.filter((line) => line === 'first' || shifts.some((one) => one.line === line));
  return Array.from({ length: days }, (_, n) => {
    const day = dayAfter(first, n);
    const entriesOf = (line: Line): Entry[] => {
      // What began the evening before and is still on stands at the head of the first day.
      const begun = n > 0 ? [] : shifts.filter((one) => one.line === line && one.date < day && Date.parse(one.until) > now.getTime());
      const own = shifts.filter((one) => one.line === line && one.date === day);
      const empty = open.filter((one) => one.line === line).flatMap((one) => holeOn(one, day, zone) ?? []);
      return [
        ...begun.map((shift) => ({ shift, from: null, until: clock(shift.until, zone) })),
        ...[...own.map((shift) => ({ shift, from: clock(shift.from, zone), until: clock(shift.until, zone) })), ...empty.map((times) => ({ shift: null, ...times }))].sort((a, b) =>
          (a.from ?? '') < (b.from ?? '') ? -1 : 1,
        ),
      ];
    };
    return { day, lines: lines.map((line) => ({ line, entries: entriesOf(line) })) };
  });
}

type Span = { from: Instant; until: Instant };
const common = (a: Span, b: Span): Span | null => {
  const [from, until] = [a.from > b.from ? a.from : b.from, a.until < b.until ? a.until : b.until];
  return from < until ? { from, until } : null;
};

/**
 * The holes that are worth a word. A first line has to be there at every minute. Of a second line it is a hole where a shift was meant
 * to be: many have one at night only.
 */
export function told({ shifts, holes }: Pick<Rota, 'shifts' | 'holes'>): Hole[] {
  const meant = shifts.filter((one) => one.line === 'second').sort((a, b) => (a.from < b.from ? -1 : 1));
  return holes.flatMap((hole) => {
    if (hole.line === 'first') return [hole];
    const parts: Hole[] = [];
    for (const part of meant.flatMap((shift) => common(hole, shift) ?? [])) {
      const last = parts.at(-1);
      if (last && part.from <= last.until) last.until = part.until > last.until ? part.until : last.until;
      else parts.push({ line: 'second', ...part });
    }
    return parts;
  });
}

/** What is left of a hole beside the shifts that are nobody's yet: those say it themselves. */
function beside(hole: Hole, shifts: readonly Shift[]): Hole[] {
  let left: Hole[] = [hole];
  for (const shift of shifts) {
    if (shift.worker || shift.line !== hole.line) continue;
    left = left.flatMap((one) => {
      if (!common(one, shift)) return [one];
      return [...(one.from < shift.from ? [{ ...one, until: shift.from }] : []), ...(shift.until < one.until ? [{ ...one, from: shift.until }] : [])];
    });
  }
  return left;
}

export const isOn = (shift: Shift, now: Date): boolean => Date.parse(shift.from) <= now.getTime() && now.getTime() < Date.parse(shift.until);

/** How much of what is still to come of a shift its worker is away for. */
export function awayFor(shift: Shift, absences: readonly Absence[], now: Date): 'all' | 'some' | null {
  const [from, until] = [Math.max(Date.parse(shift.from), now.getTime()), Date.parse(shift.until)];
  const times = absences
    .filter((one) => one.worker && one.worker.id === shift.worker?.id)
    .map((one) => [Date.parse(one.from), one.until ? Date.parse(one.until) : Infinity] as const)
    .filter(([begins, ends]) => begins < until && ends > from)
    .sort((a, b) => a[0] - b[0]);
  if (times.length === 0) return null;
  let reached = from;
  for (const [begins, ends] of times) if (begins <= reached) reached = Math.max(reached, ends);
  return reached >= until ? 'all' : 'some';
}

/** Whoever is on now and is not away, first line first. */
export const onNow = (shifts: readonly Shift[], absences: readonly Absence[], now: Date): Shift[] =>
  shifts
    .filter((one) => one.worker && isOn(one, now) && awayFor({ ...one, until: new Date(now.getTime() + 1).toISOString() }, absences, now) === null)
    .sort((a, b) => (a.line === b.line ? 0 : a.line < b.line ? -1 : 1));

/** "22:00 on this day" in a zone, as an instant. An hour that comes twice is the first of the two; one that does not come is the next there is. */
export function instantOf(day: Day, time: Clock, zone: string): Date {
  const wall = Date.parse(`${day}T${time}:00Z`);
  const ahead = (at: number) => Date.parse(`${dayOf(at, zone)}T${clock(at, zone)}:00Z`) - Math.floor(at / 60_000) * 60_000;
  const tries = [wall - ahead(wall - 86_400_000), wall - ahead(wall + 86_400_000)];
  return new Date(tries.find((at) => at + ahead(at) === wall) ?? Math.max(...tries));
}
