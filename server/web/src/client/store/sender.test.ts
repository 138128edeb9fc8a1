import { expect, test } from 'vitest';
import { Problem, Unreachable } from '../../shared/api';
import { refusedBy } from './sender';

test('a refusal is told apart from what only has to wait', () => {
  const problem = (status: number) => refusedBy(new Problem(status, { detail: 'Because.' }));
  for (const status of [409, 413, 415, 422]) expect(problem(status)).toEqual({ refused: 'Because.' });
  for (const status of [401, 429, 500, 503]) expect(problem(status)).toBe('later');
  expect(refusedBy(new Unreachable())).toBe('later');
});
