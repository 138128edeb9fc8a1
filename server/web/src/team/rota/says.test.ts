import { beforeEach, expect, it } from 'vitest';
import type { TeamMe } from '../../shared/wire-team';
import { desk } from '../session.svelte';
import { hole, mine, pattern, swapped, waitsForMe } from './says';
import type { PatternBody, Shift, Swap } from './wire';

const zone = 'Europe/London';
const now = new Date('2026-11-22T18:30:00Z'); // a Sunday
const who = (id: string, first_name: string) => ({ id, name: `${first_name} Example`, first_name });
const shift = (from: string, until: string, more: Partial<Shift> = {}) => ({ pattern_id: 'p', date: from.slice(0, 10), line: 'second', kind: 'sleeping_night', from, until, worker: null, away: false, swapped: false, ready: null, answered_at: null, ...more }) as Shift;
const tonight = shift('2026-11-22T22:00:00Z', '2026-11-23T08:00:00Z');
const saturday = shift('2026-11-28T22:00:00Z', '2026-11-29T08:00:00Z', { line: 'first' });

beforeEach(() => (desk.me = { worker: who('me', 'Dee') } as unknown as TeamMe));

it('says when I am on', () => {
  expect(mine(tonight, now, zone)).toBe('You are on tonight 22:00–08:00, second line.');
  expect(mine(tonight, new Date('2026-11-22T23:00:00Z'), zone)).toBe('You are on now until 08:00, second line.');
  expect(mine(saturday, now, zone)).toBe('Your next shift: Sat 28 Nov, 22:00–08:00, first line.');
});

it('says when nobody is on', () => {
  expect(hole({ line: 'first', from: tonight.from, until: tonight.until }, now, zone)).toBe('Tonight: nobody from 22:00 to 08:00, first line.');
  expect(hole({ line: 'first', from: '2026-11-27T00:00:00Z', until: '2026-11-28T00:00:00Z' }, now, zone)).toBe('Fri 27 Nov: nobody all day, first line.');
  expect(hole({ line: 'first', from: '2026-11-27T17:00:00Z', until: '2026-11-30T09:00:00Z' }, now, zone)).toBe('Fri 27 Nov: nobody from 17:00 to Mon 30 Nov at 09:00, first line.');
});

it('says a swap to whoever reads it, and knows whose yes it waits for', () => {
  const swap: Swap = { id: 's', service_id: 'o', shift: saturday, giver: who('me', 'Dee'), to: who('tom', 'Tom'), in_return: tonight, giver_yes_at: now.toISOString(), taker_yes_at: null, state: 'waiting', by: who('me', 'Dee'), words: null };
  expect(swapped(swap, zone)).toBe('Tom takes your shift of Sat 28 Nov, 22:00–08:00, first line. You take Tom’s shift of Sun 22 Nov, 22:00–08:00 in return.');
  expect(waitsForMe(swap)).toBe(false);
  desk.me = { worker: who('tom', 'Tom') } as unknown as TeamMe;
  expect(swapped(swap, zone)).toBe('You take Dee’s shift of Sat 28 Nov, 22:00–08:00, first line. Dee takes your shift of Sun 22 Nov, 22:00–08:00 in return.');
  expect([waitsForMe(swap), waitsForMe({ ...swap, state: 'too_late' })]).toEqual([true, false]);
  desk.me = { worker: who('pat', 'Pat') } as unknown as TeamMe;
  expect(swapped({ ...swap, in_return: null }, zone)).toBe('Tom takes Dee’s shift of Sat 28 Nov, 22:00–08:00, first line. Nothing in return.');
  expect(swapped({ ...swap, giver: null, in_return: null }, zone)).toContain('somebody');
});

it('says a pattern as one would', () => {
  const one: PatternBody = { id: 'p', line: 'first', kind: 'on_call', worker_id: null, starts_on: '2026-11-30', from: '22:00', until: '08:00', repeat: { unit: 'week', every: 1, weekdays: ['mo', 'th'] }, ends: null };
  expect(pattern(one, '2026-11-22')).toBe('22:00–08:00. Every Monday and Thursday, from 30 November.');
});
