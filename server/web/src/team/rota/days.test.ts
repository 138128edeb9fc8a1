import { describe, expect, it } from 'vitest';
import { awayFor, byDay, dayAfter, holeOn, instantOf, onNow, told } from './days';
import type { Absence, Hole, Shift } from './wire';

const zone = 'Europe/London';
const shift = (date: string, from: string, until: string, more: Partial<Shift> = {}) => ({ pattern_id: 'p', date, line: 'first', kind: 'on_call', from, until, worker: { id: 'd', name: 'Dee', first_name: 'Dee' }, away: false, swapped: false, ready: null, answered_at: null, ...more }) as Shift;
const hole = (from: string, until: string, line: 'first' | 'second' = 'first'): Hole => ({ line, from, until });

describe('the days of a rota', () => {
  const rota = {
    zone,
    shifts: [shift('2026-11-21', '2026-11-21T22:00:00Z', '2026-11-22T08:00:00Z'), shift('2026-11-22', '2026-11-22T22:00:00Z', '2026-11-23T08:00:00Z'), shift('2026-11-22', '2026-11-22T08:00:00Z', '2026-11-22T17:00:00Z')],
    holes: [hole('2026-11-22T17:00:00Z', '2026-11-22T22:00:00Z')],
  };

  it('stand in order, with what began the evening before at the head of the first', () => {
    const [today, tomorrow] = byDay(rota, new Date('2026-11-22T07:00:00Z'), 2);
    expect(today!.lines.map((one) => one.line)).toEqual(['first']);
    expect(today!.lines[0]!.entries.map(({ shift, from, until }) => [shift ? 'on' : 'nobody', from, until])).toEqual([
      ['on', null, '08:00'],
      ['on', '08:00', '17:00'],
      ['nobody', '17:00', '22:00'],
      ['on', '22:00', '08:00'],
    ]);
    expect(tomorrow!.lines[0]!.entries).toEqual([]);
    expect(byDay(rota, new Date('2026-11-22T09:00:00Z'), 1)[0]!.lines[0]!.entries[0]!.from, 'what is over by now is left out').toBe('08:00');
  });

  it('have a second line only where there is one', () => {
    const second = { ...rota, holes: [...rota.holes, hole('2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z', 'second')] };
    expect(byDay(second, new Date('2026-11-22T07:00:00Z'), 1)[0]!.lines).toHaveLength(1);
    expect(told(second)).toEqual(rota.holes);
    const both = { ...second, shifts: [...rota.shifts, shift('2026-11-25', '2026-11-25T00:00:00Z', '2026-11-26T00:00:00Z', { line: 'second' })] };
    expect(byDay(both, new Date('2026-11-22T07:00:00Z'), 1)[0]!.lines.map((one) => one.line)).toEqual(['first', 'second']);
    expect(told(both), 'nobody was meant to be on it that day').toEqual(rota.holes);
    const meant = { ...second, shifts: [...rota.shifts, shift('2026-11-22', '2026-11-22T17:00:00Z', '2026-11-23T08:00:00Z', { line: 'second', worker: null })] };
    expect(told(meant)).toEqual([...rota.holes, hole('2026-11-22T17:00:00Z', '2026-11-23T00:00:00Z', 'second')]);
    const second_line = byDay(meant, new Date('2026-11-22T07:00:00Z'), 1)[0]!.lines[1]!.entries;
    expect(second_line.map((one) => [one.shift?.worker, one.from, one.until]), 'said once').toEqual([[null, '17:00', '08:00']]);
  });

  it('tell a night once and a weekend on each of its days', () => {
    const night = hole('2026-11-22T22:00:00Z', '2026-11-23T08:00:00Z');
    expect(holeOn(night, '2026-11-22', zone)).toEqual({ from: '22:00', until: '08:00' });
    expect(holeOn(night, '2026-11-23', zone)).toBeNull();
    const weekend = hole('2026-11-20T17:00:00Z', '2026-11-23T09:00:00Z');
    expect(['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map((day) => holeOn(weekend, day, zone))).toEqual([
      null,
      { from: '17:00', until: null },
      { from: null, until: null },
      { from: null, until: null },
      { from: null, until: '09:00' },
    ]);
    const toMidnight = hole('2026-11-22T17:00:00Z', '2026-11-23T00:00:00Z');
    expect(holeOn(toMidnight, '2026-11-22', zone)).toEqual({ from: '17:00', until: '00:00' });
    expect(holeOn(toMidnight, '2026-11-23', zone)).toBeNull();
  });

  it('know who is on now: nobody who is away, and the first line first', () => {
    const now = new Date('2026-11-22T23:00:00Z');
    const until = '2026-11-23T08:00:00Z';
    const tom = { id: 't', name: 'Tom', first_name: 'Tom' };
    const on = [shift('2026-11-22', '2026-11-22T22:00:00Z', until, { line: 'second' }), ...rota.shifts, shift('2026-11-22', '2026-11-22T22:00:00Z', until, { worker: tom })];
    const away = (from: string, until: string | null): Absence => ({ id: 'a', worker: tom, from, until });
    const names = (absences: Absence[]) => onNow(on, absences, now).map((one) => `${one.worker!.name} ${one.line}`);
    expect(names([away('2026-11-22T22:30:00Z', null)])).toEqual(['Dee first', 'Dee second']);
    expect(names([away('2026-11-22T22:30:00Z', '2026-11-22T22:40:00Z')]), 'back again').toEqual(['Dee first', 'Tom first', 'Dee second']);
    expect(names([away('2026-11-23T01:00:00Z', null)]), 'from one o’clock on').toContain('Tom first');
    const of = (...absences: Absence[]) => awayFor(on.at(-1)!, absences, now);
    expect([of(away('2026-11-20T00:00:00Z', null)), of(away('2026-11-23T01:00:00Z', null)), of(away('2026-11-20T00:00:00Z', '2026-11-22T22:40:00Z')), of()]).toEqual(['all', 'some', null, null]);
    expect(of(away('2026-11-20T00:00:00Z', '2026-11-23T02:00:00Z'), away('2026-11-23T02:00:00Z', until))).toBe('all');
  });
});

describe('a time of a day, as an instant', () => {
  it('knows summer from winter', () => {
    expect(instantOf('2026-11-22', '22:00', zone).toISOString()).toBe('2026-11-22T22:00:00.000Z');
    expect(instantOf('2026-07-22', '22:00', zone).toISOString()).toBe('2026-07-22T21:00:00.000Z');
    expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29');
  });
  it('takes the first of an hour that comes twice, and the next minute after one that does not come', () => {
    expect(instantOf('2026-10-25', '01:30', zone).toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(instantOf('2026-03-29', '01:30', zone).toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(instantOf('2026-03-29', '03:00', zone).toISOString()).toBe('2026-03-29T02:00:00.000Z');
  });
});
