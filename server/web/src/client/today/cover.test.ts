import { expect, test } from 'vitest';
import type { Cover } from '../../shared/wire';
import { there } from './cover';

const now = Date.parse('2026-11-22T03:00:00Z');
const at = '2026-11-22T02:59:00Z';
const cover = (more: Partial<Cover>): Cover => ({ watched_now: false, by: null, until: null, next: null, phone: null, ...more });
const dee = cover({ watched_now: true, by: 'Dee', until: '2026-11-22T08:00:00Z' });

test('somebody is there as long as it is known, and no longer', () => {
  expect(there(dee, at, now, true)).toEqual({ is: 'watched', by: 'Dee', until: '2026-11-22T08:00:00Z' });
  expect(there(dee, '2026-11-22T02:56:00Z', now, true), 'an answer of four minutes ago').toEqual({ is: 'unknown' });
  expect(there(dee, at, now, false), 'no signal').toEqual({ is: 'unknown' });
  expect(there(dee, '2026-11-22T03:30:00Z', now, true), 'a clock that was put back').toEqual({ is: 'unknown' });
  expect(there(dee, '2026-11-22T07:59:30Z', Date.parse('2026-11-22T08:00:30Z'), true), 'her shift ended since').toEqual({ is: 'unknown' });
  expect(there(null, null, now, true)).toEqual({ is: 'unknown' });
});

test('nobody is said as nobody, with when somebody will be', () => {
  expect(there(cover({ next: '2026-11-22T08:00:00Z' }), at, now, true)).toEqual({ is: 'nobody', next: '2026-11-22T08:00:00Z' });
  expect(there(cover({ next: '2026-11-22T02:00:00Z' }), at, now, true), 'that time has passed').toEqual({ is: 'nobody', next: null });
});
