import { afterEach, expect, test } from 'vitest';
import { Problem } from '../../shared/api';
import { speak } from '../../shared/i18n.svelte';
import { cy as problems } from '../words/problems.cy';
import { whyNot } from './saving';

afterEach(() => speak('en'));

test('why a reminder was not taken is said in Welsh, if only in general', () => {
  const detail = 'Some of this could not be understood. Nothing was changed.';
  const refused = new Problem(422, { code: 'invalid', detail, errors: [{ field: 'schedule.times', message: 'Choose a time.' }] });
  expect(whyNot(refused)).toBe('Choose a time.');
  speak('cy', { problems });
  expect(whyNot(refused)).toBe(problems[detail]);
});
