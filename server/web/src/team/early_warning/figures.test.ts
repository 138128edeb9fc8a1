import { expect, it } from 'vitest';
import { duration, isEmpty, kinds, monthName, perWeek, share } from './figures';
import type { FlagCounts } from '../../shared/wire-warning';

it('gives a share as a count, and in a hundred only where there are enough', () => {
  expect(share(0, 0)).toBe('none closed yet');
  expect(share(1, 1)).toBe('1 of 1');
  expect(share(3, 9)).toBe('3 of 9');
  expect(share(9, 22)).toBe('9 of 22 (41\u00a0%)');
});

it('says flags a week without hiding that there were some', () => {
  expect([null, 0, 0.04, 0.44, 1.96, 12.3].map(perWeek)).toEqual(['not known', '0', 'under 0.1', '0.4', '2', '12']);
});

it('says how long it took as people do', () => {
  expect([null, 0.4, 42, 60, 190, 47 * 60 + 59, 4400].map(duration)).toEqual(['nobody yet', 'under 1 min', '42 min', '1 h', '3 h 10 min', '47 h 59 min', '3 days']);
});

it('names what the flags were', () => {
  const counts = { flags: 4, missed: 0, by_kind: { early_warning: 1, silence: 3, client_asked: 0 } } as FlagCounts;
  expect(kinds(counts)).toBe('1 change, 3 silences');
  expect(isEmpty(counts)).toBe(false);
  expect(isEmpty({ ...counts, flags: 0 })).toBe(true);
  expect(isEmpty({ ...counts, flags: 0, missed: 1 })).toBe(false);
  expect(monthName('2026-11')).toBe('November 2026');
});
