import { describe, expect, test } from 'vitest';
import { cityOf, daysAfter, endOfWeek, laters, quietAt, thisEvening } from './times';

const LONDON = 'Europe/London';
const at = (moment: string) => Date.parse(moment);

describe('putting off', () => {
  test('offers ten minutes, thirty, an hour and this evening', () => {
    expect(laters(at('2026-11-22T10:00:00Z'), LONDON).map(({ n, until }) => [n, until])).toEqual([
      [10, '2026-11-22T10:10:00.000Z'], [30, '2026-11-22T10:30:00.000Z'], [60, '2026-11-22T11:00:00.000Z'], [0, '2026-11-22T19:00:00.000Z'],
    ]);
  });
  test('this evening is seven by the clock on the wall, in summer, on the days the clocks change, and elsewhere', () => {
    expect(thisEvening(at('2026-07-01T10:00:00Z'), LONDON)).toBe('2026-07-01T18:00:00.000Z');
    expect(thisEvening(at('2026-03-29T00:30:00Z'), LONDON)).toBe('2026-03-29T18:00:00.000Z');
    expect(thisEvening(at('2026-10-25T00:30:00Z'), LONDON)).toBe('2026-10-25T19:00:00.000Z');
    expect(thisEvening(at('2026-11-22T10:20:45Z'), 'Asia/Kathmandu')).toBe('2026-11-22T13:15:00.000Z');
  });
  test('this evening is not offered when it is nearly there, or over', () => {
    expect(thisEvening(at('2026-11-22T18:00:00Z'), LONDON)).toBeNull();
    expect(thisEvening(at('2026-11-22T22:00:00Z'), LONDON)).toBeNull();
  });
});

describe('quiet hours', () => {
  const night = { quiet_from: '22:00', quiet_until: '07:00' };
  test('go over midnight, and end with telling what is still of use', () => {
    expect(['21:59', '22:00', '03:59', '04:00', '06:59', '07:00'].map((time) => quietAt(time, night))).toEqual(['no', 'not_told', 'not_told', 'told_after', 'told_after', 'no']);
  });
  test('may be by day, or none', () => {
    const noon = { quiet_from: '13:00', quiet_until: '14:30' };
    expect(['12:59', '13:00', '14:30'].map((time) => quietAt(time, noon))).toEqual(['no', 'told_after', 'no']);
    for (const none of [{ quiet_from: null, quiet_until: null }, { quiet_from: '08:00', quiet_until: '08:00' }, undefined]) expect(quietAt('08:00', none)).toBe('no');
    expect(quietAt('', night)).toBe('no');
  });
});

test('a week ends on its Sunday', () => {
  expect([endOfWeek('2026-11-22'), endOfWeek('2026-11-23'), endOfWeek('2026-12-30'), daysAfter('2026-12-30', 7)]).toEqual(['2026-11-22', '2026-11-29', '2027-01-03', '2027-01-06']);
});

test('a zone is said as a place', () => {
  expect([cityOf('Europe/London'), cityOf('America/Argentina/Buenos_Aires'), cityOf('UTC')]).toEqual(['London', 'Buenos Aires', 'UTC']);
});
