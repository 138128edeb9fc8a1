import { expect, test } from 'vitest';
import { isDue } from './due';

const LONDON = 'Europe/London';
const now = Date.parse('2026-11-21T20:00:00Z');
const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString();

test('a check-in is due by calendar days since the last one, never by what was left out', () => {
  expect(isDue(null, 3, now, LONDON)).toBe(true);
  expect(isDue(daysAgo(1), 3, now, LONDON)).toBe(false);
  expect(isDue(daysAgo(2), 3, now, LONDON)).toBe(true);
  expect(isDue('2026-11-20T23:30:00Z', 7, now, LONDON)).toBe(true);
  expect(isDue('2026-11-21T00:30:00Z', 7, now, LONDON)).toBe(false);
  expect(isDue(daysAgo(6), 1, now, LONDON)).toBe(false);
  expect(isDue(daysAgo(0.5), 14, now, LONDON)).toBe(true);
});
