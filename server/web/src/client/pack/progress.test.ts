import { expect, test } from 'vitest';
import { placeOf, progressWords, readTo } from './progress';

test('a block counts when all of it could be seen', () => {
  expect(readTo([100, 200, 300, 400], 250)).toBe(50);
  expect(readTo([100, 200, 300, 400], 400)).toBe(100);
  expect(readTo([100, 200], 50)).toBe(0);
  expect(readTo([], 500)).toBe(0);
});

test('a text opens where it was left, and at its top when it was hardly begun or all read', () => {
  for (const blocks of [4, 10, 33]) {
    for (let seen = 1; seen < blocks; seen++) {
      const place = placeOf(Math.round((seen / blocks) * 100), blocks);
      if (place !== null) expect(place).toBe(seen);
    }
  }
  for (const read of [0, 4, 95, 100]) expect(placeOf(read, 20)).toBeNull();
  expect(placeOf(50, 0)).toBeNull();
});

test('progress is told in words', () => {
  expect([0, 5, 20, 50, 80, 100].map(progressWords)).toEqual([null, null, 'begun', 'half', 'nearly', 'read']);
});
