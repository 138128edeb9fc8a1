import { expect, it } from 'vitest';
import { since, troubles, works } from './engine';
import type { Engine } from './wire';

const now = new Date('2026-11-22T12:00:00Z');
const at = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
const well: Engine = {
  healthy: true,
  last_finished_sweep: at(2),
  oldest_overdue_step: null,
  overdue_step_seconds: 0,
  open_without_next_step: 0,
  rang_nobody: 0,
  last_drill: { asked_at: at(200), rung_at: at(199), acknowledged_at: at(198), seconds: 2 },
  drill_failing_since: null,
};
const clock = (moment: string) => moment.slice(11, 16);
const of = (change: Partial<Engine>) => troubles({ ...well, ...change }, now, clock);

it('has nothing to say when all is well', () => {
  expect(of({})).toEqual([]);
  expect(of({ last_drill: null }), 'just started').toEqual([]);
  expect(of({ last_finished_sweep: at(300) }), 'the clock of this desk is wrong, not the engine').toEqual([]);
});

it('says when it last looked, and does not trust two clocks that can’t both be right', () => {
  expect(works(well, now, clock)).toBe('Working. Last looked 2 seconds ago.');
  for (const seconds of [300, -40]) expect(works({ ...well, last_finished_sweep: at(seconds) }, now, clock)).toMatch(/^Working\. Last looked at \d\d:\d\d by the server’s clock\.$/);
});

it('says everything that is wrong, the worst first', () => {
  const ill = { healthy: false };
  expect(of({ ...ill, last_finished_sweep: null })).toEqual(['it has not looked at all since it was started.']);
  expect(of({ ...ill, last_finished_sweep: at(300), overdue_step_seconds: 290, open_without_next_step: 1, drill_failing_since: at(3600) })).toEqual([
    'it last looked 5 minutes ago. It should look every second.',
    'a step is late: somebody should have been rung 5 minutes ago.',
    '1 open request has no next step.',
    'the drill has not come through since 11:00.',
  ]);
  expect(of(ill), 'never silent').toEqual(['it does not keep up.']);
  expect(of({ push_refused_since: at(60), push_refused_by: ['push.example'] })[0]).toContain('push.example');
});

it('tells how long ago without false precision', () => {
  expect([0, 1, 2, 119, 120, 7200].map(since)).toEqual(['just now', '1 second ago', '2 seconds ago', '119 seconds ago', '2 minutes ago', '2 hours ago']);
});
