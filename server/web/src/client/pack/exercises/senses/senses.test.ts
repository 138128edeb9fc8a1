import { expect, test } from 'vitest';
import { NOTHING, wroteAny, written } from './senses';

test('only what was written is kept, a line for each sense, in the order of the exercise', () => {
  expect(written({ ...NOTHING, taste: 'tea ', see: 'red mug\n\n  the  window ' })).toBe('I could see: red mug, the window\nI could taste: tea');
});

test('nothing but spaces is nothing', () => {
  expect(wroteAny({ ...NOTHING, hear: ' \n' })).toBe(false);
  expect(written(NOTHING)).toBe('');
});
