import { expect, it } from 'vitest';
import { fresh, says, sent, wrong } from './steps';
import type { Step } from './wire';

const step = (who: Step['who'], minutes = 5, worker_id: string | null = null): Step => ({ who, worker_id, minutes });

it('says a list as one would read it aloud', () => {
  expect(says([step('key_worker'), step('first_line', 1), step('person', 5, 'd')], (id) => (id === 'd' ? 'Dee Okafor' : null))).toBe(
    'key worker, 5 minutes → first line, 1 minute → Dee Okafor, 5 minutes, and the last goes on until somebody answers',
  );
  expect(says([step('person', 5, 'gone')], () => null)).toContain('somebody, 5 minutes');
});

it('wants somebody who can be rung at night', () => {
  expect(wrong([], false)?.what).toBe('policy.need_step');
  expect(wrong([step('key_worker'), step('assigned')], false)).toEqual({ at: null, what: 'policy.need_night' });
  expect(wrong([step('key_worker'), step('assigned')], true)).toBeNull();
  expect(wrong([step('key_worker'), fresh()], false)).toBeNull();
});

it('names the step that is not finished', () => {
  expect(wrong([fresh(), step('person')], false)).toEqual({ at: 1, what: 'policy.need_person' });
  for (const minutes of [0, 241, 2.5, NaN]) expect(wrong([step('first_line', minutes)], false)).toEqual({ at: 0, what: 'policy.need_minutes' });
});

it('sends a name only where one is meant', () => {
  expect(sent([step('first_line', 5, 'd'), step('person', 5, 'd')]).map((one) => one.worker_id)).toEqual([null, 'd']);
});
