import { expect, it } from 'vitest';
import { diff, rows } from './diff';

const said = (before: string, after: string) => diff([...before], [...after]).map((one) => ({ same: '', out: '-', in: '+' })[one.what] + one.item).join(' ');

it('finds the shortest way from one to the other', () => {
  expect(said('abc', 'abc')).toBe('a b c');
  expect(said('abcd', 'acxd')).toBe('a -b c +x d');
  expect(said('', 'ab')).toBe('+a +b');
  expect(said('ab', '')).toBe('-a -b');
  expect(said('', '')).toBe('');
  expect(said('abcabba', 'cbabac').replace(/[^-+]/g, '').length).toBe(5);
});

it('gives both texts back, whatever they are', () => {
  let seed = 7;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let n = 0; n < 300; n++) {
    const [a, b] = [0, 1].map(() => Array.from({ length: Math.floor(chance() * 12) }, () => 'abcd'[Math.floor(chance() * 4)]!)) as [string[], string[]];
    const changes = diff(a, b);
    expect(changes.filter((one) => one.what !== 'in').map((one) => one.item)).toEqual(a);
    expect(changes.filter((one) => one.what !== 'out').map((one) => one.item)).toEqual(b);
  }
});

it('marks the words that changed within a line', () => {
  expect(rows(['One', 'Put the kettle on now.', 'Two'], ['One', 'Put the radio on now.', 'Two'])).toEqual([
    { what: 'same', lines: ['One'] },
    { what: 'out', words: [{ text: 'Put the ', changed: false }, { text: 'kettle', changed: true }, { text: ' on now.', changed: false }] },
    { what: 'in', words: [{ text: 'Put the ', changed: false }, { text: 'radio', changed: true }, { text: ' on now.', changed: false }] },
    { what: 'same', lines: ['Two'] },
  ]);
});

it('does not force together lines that have nothing in common', () => {
  const all = rows(['A line about tea and toast.'], ['Quite other words stand here today, many more.', 'And one more.']);
  expect(all).toHaveLength(3);
  expect(all.every((row) => row.what !== 'same' && row.words.every((word) => !word.changed))).toBe(true);
});
