import { expect, it } from 'vitest';
import { isHole, linesOf, nextAt, says, silent, unreachable, until } from './rehearsal';
import type { Rehearsal, RehearsalEvent } from './wire';

const dee = { id: 'd', name: 'Dee Okafor', first_name: 'Dee' };
const event = (at: string, what: RehearsalEvent['what'], more: Partial<RehearsalEvent> = {}): RehearsalEvent => ({ at: `2026-11-22T${at}:00Z`, what, step: 1, who: 'first_line', worker: null, channel: null, ...more });
const night: Rehearsal = {
  from: '2026-11-22T17:00:00Z',
  until: '2026-11-23T09:00:00Z',
  asked: [
    { at: '2026-11-22T17:00:00Z', events: [event('17:00', 'empty', { who: 'key_worker' }), event('17:00', 'rung', { worker: dee, channel: 'push' }), event('18:10', 'repeats')] },
    { at: '2026-11-22T18:00:00Z', events: [event('18:00', 'nobody', { who: null })] },
  ],
  holes: [],
};

it('is one list in the order of the clock, each request before what comes of it', () => {
  const lines = linesOf(night);
  expect(lines.map((line) => line.event?.what ?? 'asks')).toEqual(['asks', 'empty', 'rung', 'asks', 'nobody', 'repeats']);
  const at = (time: string) => Date.parse(`2026-11-22T${time}:00Z`);
  expect(until(lines, at('17:00'))).toHaveLength(3);
  expect(nextAt(lines, at('17:00'))).toBe(at('18:00'));
  expect(nextAt(lines, at('18:10'))).toBeNull();
  expect(lines.filter(isHole)).toHaveLength(1);
});

it('says who would be rung, and never that somebody was', () => {
  expect(linesOf(night).flatMap((line) => (line.event ? [says(line.event)] : []))).toEqual([
    'The key worker is rung by day, or on a shift: passed over at once',
    'Dee Okafor (first line) would be rung by notification',
    'Nobody at all would be rung',
    'The end of the list. The last step goes on',
  ]);
});

it('does not say that nobody is on where somebody is who can’t be rung', () => {
  const events = [event('17:00', 'no_channel', { worker: dee }), event('17:00', 'empty'), event('17:00', 'empty', { step: 2, who: 'second_line' }), event('17:00', 'nobody', { step: null, who: 'anybody' })];
  const bad: Rehearsal = { ...night, asked: [{ at: '2026-11-22T17:00:00Z', events }] };
  expect(linesOf(bad).flatMap((line) => (line.event ? [says(line.event, line.inVain)] : []))).toEqual([
    'Dee Okafor has no way to be rung that works',
    'Nobody of this step can be rung: passed over at once',
    'Nobody is on the second line: passed over at once',
    'Nobody at all would be rung',
  ]);
  expect([silent(bad), unreachable(bad)]).toEqual([1, [dee]]);
  expect([silent(night), unreachable(night)]).toEqual([1, []]);
});
