import { expect, it } from 'vitest';
import { fitted } from './scale';

it('makes the longest side 1024, and nothing larger than it was', () => {
  expect(fitted(4000, 3000)).toEqual([1024, 768]);
  expect(fitted(3000, 4000)).toEqual([768, 1024]);
  expect(fitted(640, 480)).toEqual([640, 480]);
  expect(fitted(10_000, 3)).toEqual([1024, 1]);
});
