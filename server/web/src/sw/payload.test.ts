import { describe, expect, test } from 'vitest';
import { understand } from './payload';

const PUSH = { v: 1, id: 'd1', r: 'token', kind: 'reminder', n: 2, tag: 'rem', t: 'Reminders', d: 'words' };

describe('what came by push', () => {
  test('is read as the server writes it, filled up to one size', () => {
    expect(understand(`${JSON.stringify(PUSH)}${' '.repeat(50)}`)).toEqual({ id: 'd1', r: 'token', kind: 'reminder', n: 2, tag: 'rem', t: 'Reminders', d: 'words', a: false });
  });

  test('is nothing where nothing can be read', () => {
    for (const text of [null, '', '   ', 'hello', '{"id":', 'null', '42', '"words"']) expect(understand(text), String(text)).toBeNull();
  });

  test('of a newer server is taken as far as it goes', () => {
    expect(understand(JSON.stringify({ ...PUSH, v: 9, kind: 'a_new_kind', more: true }))).toMatchObject({ kind: 'other', t: 'Reminders' });
    expect(understand(JSON.stringify({ t: 7, n: -3, d: 'loud', tag: null }))).toEqual({ id: '', r: '', kind: 'other', n: 1, tag: '', t: '', d: 'neutral', a: false });
  });

  test('can be taken only where the server plainly says so', () => {
    expect([true, 'true', 1, null, undefined].map((a) => understand(JSON.stringify({ ...PUSH, a }))?.a)).toEqual([true, false, false, false, false]);
  });
});
