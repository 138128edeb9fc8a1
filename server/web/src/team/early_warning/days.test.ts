import { expect, it } from 'vitest';
import { dayAfter, lastFourWeeks, range, wrongDays } from './days';

it('says a range as people do, with the year only where it is another one', () => {
  expect(range('2026-10-03', '2026-10-12', '2026-11-22')).toBe('3 to 12 October');
  expect(range('2026-09-28', '2026-10-04', '2026-11-22')).toBe('28 September to 4 October');
  expect(range('2026-10-03', '2026-10-03', '2026-11-22')).toBe('3 October');
  expect(range('2025-12-20', '2026-01-16', '2026-11-22')).toBe('20 December 2025 to 16 January');
});

it('ends the last four weeks yesterday, so that an answer of today changes no numbers while they are looked at', () => {
  expect(lastFourWeeks('2026-11-22')).toEqual({ first_day: '2026-10-25', last_day: '2026-11-21' });
});

it('counts calendar days, over the end of summer time too', () => {
  expect(lastFourWeeks('2026-11-08')).toEqual({ first_day: '2026-10-11', last_day: '2026-11-07' });
  expect(dayAfter('2026-02-28', 1)).toBe('2026-03-01');
});

it('says what is wrong with days that were typed', () => {
  expect(wrongDays('', '2026-10-04', '2026-11-22')).toBe('baseline.days_missing');
  expect(wrongDays('2026-10-05', '2026-10-04', '2026-11-22')).toBe('baseline.days_order');
  expect(wrongDays('2026-10-05', '2026-11-23', '2026-11-22')).toBe('baseline.days_future');
  expect(wrongDays('2026-10-05', '2026-11-22', '2026-11-22')).toBeNull();
});
