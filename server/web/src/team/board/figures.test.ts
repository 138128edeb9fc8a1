import { expect, it } from 'vitest';
import { isLate, share, span } from './figures';
import type { OpenRequest } from './wire';

it('says a time no finer than it matters', () => {
  expect([0.2, 1, 59.6, 60, 125, 599, 601, 3540, 7200, 7260, 180_000].map(span)).toEqual([
    'under a second',
    '1 second',
    '1 minute',
    '1 minute',
    '2 minutes 5 seconds',
    '9 minutes 59 seconds',
    '10 minutes',
    '59 minutes',
    '2 hours',
    '2 hours 1 minute',
    '2 days',
  ]);
  expect(span(null)).toBe('not known');
});

it('never rounds a share up to the bar', () => {
  expect([1, 0.975, 0.97499, 0, null].map(share)).toEqual(['100 %', '97.5 %', '97.4 %', '0 %', 'not known']);
});

it('knows a promise whose time has passed', () => {
  const now = new Date('2026-11-22T21:00:00Z');
  const of = (by: string, more: Partial<OpenRequest> = {}) => ({ state: 'promised', promise: { what: 'call', by }, ...more }) as OpenRequest;
  expect([isLate(of('2026-11-22T20:59:00Z'), now), isLate(of('2026-11-22T21:30:00Z'), now), isLate(of('2026-11-22T20:59:00Z', { promise_broken: false }), now)]).toEqual([true, false, false]);
});
