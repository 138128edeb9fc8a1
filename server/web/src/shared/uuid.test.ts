import { expect, it } from 'vitest';
import { uuidv7 } from './uuid';

it('is a version 7 id whose first half is the moment, so that ids sort by time', () => {
  const id = uuidv7(0x0123456789ab, new Uint8Array(10).fill(0xff));
  expect(id).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
  expect(uuidv7(1) < uuidv7(2)).toBe(true);
});
