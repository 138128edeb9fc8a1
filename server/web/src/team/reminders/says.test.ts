import { expect, it } from 'vitest';
import type { Schedule } from '../../shared/wire-reminders';
import { became, byDay, onTheWay, says } from './says';
import type { TeamOccurrence } from './wire';

const TODAY = '2026-11-22';
const when = (repeat: Schedule['repeat'], some: Partial<Schedule> = {}) => says({ starts_on: TODAY, times: ['09:00'], ends: null, ...some, repeat }, TODAY);

it('says a schedule as one would', () => {
  expect(when({ unit: 'none', every: 1 })).toBe('Once, on 22 November, at 09:00.');
  expect(when({ unit: 'day', every: 1 }, { times: ['09:00', '21:00'], starts_on: '2026-12-01' })).toBe('Every day, at 09:00 and 21:00, from 1 December.');
  expect(when({ unit: 'day', every: 3 }, { ends: { after: 10 } })).toBe('Every 3 days, at 09:00, on 10 days.');
  expect(when({ unit: 'week', every: 1, weekdays: ['mo', 'tu', 'we', 'th', 'fr'] })).toBe('Monday to Friday, at 09:00.');
  expect(when({ unit: 'week', every: 1, weekdays: ['th', 'mo'] })).toBe('Every Monday and Thursday, at 09:00.');
  expect(when({ unit: 'week', every: 2, weekdays: ['mo'] }, { ends: { on: '2027-02-01' } })).toBe('Every 2 weeks on Monday, at 09:00, until 1 February 2027.');
  expect(when({ unit: 'month', every: 1, month: { day: 31 } })).toBe('Every month on day 31, or on its last day where it is shorter, at 09:00.');
  expect(when({ unit: 'month', every: 3, month: { nth: -1, weekday: 'fr' } })).toBe('Every 3 months on the last Friday, at 09:00.');
});

const one = (some: Partial<TeamOccurrence>): TeamOccurrence => ({
  id: 'o', reminder_id: 'r', date: TODAY, time: '21:00', state: 'missed', snoozed_until: null, reason: null, sent_at: null, delivered_at: null, seen_at: null, answered_at: null, by_check_in: false, ...some,
});

it('blames nobody, and never says that something arrived which did not', () => {
  const zone = 'Europe/London';
  expect(became(one({}), zone)).toBe('Not answered');
  expect(became(one({ state: 'done', by_check_in: true }), zone)).toBe('Done, with a check-in');
  expect(became(one({ state: 'done', answered_at: '2026-07-01T20:10:00Z' }), zone)).toBe('Done at 21:10');
  // Of what came while they were away no moment is told.
  expect([became(one({ state: 'done' }), zone), became(one({ state: 'snoozed' }), zone)]).toEqual(['Done', 'Put off']);
  expect(onTheWay(one({}), zone)).toEqual([]);
  expect(onTheWay(one({ sent_at: `${TODAY}T21:00:00Z`, seen_at: `${TODAY}T21:04:00Z` }), zone)).toEqual(['Sent 21:00', 'opened 21:04']);
});

it('lists the newest day first, and nothing that is still to come', () => {
  const list = [one({ id: 'a', date: '2026-11-20' }), one({ id: 'b', time: '09:00' }), one({ id: 'c' }), one({ id: 'd', state: 'to_come' })];
  expect(byDay([...list].reverse()).map(({ day, of }) => [day, of.map(({ id }) => id)])).toEqual([[TODAY, ['b', 'c']], ['2026-11-20', ['a']]]);
});
