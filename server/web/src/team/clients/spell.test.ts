import { expect, it } from 'vitest';
import { spell } from './spell';

it('spells a code for reading aloud, in its groups', () => {
  const words = spell('k7m-4PQ-X9D').map((group) => group.map((s) => s.word).join(' '));
  expect(words).toEqual(['Kilo seven Mike', 'four Papa Quebec', 'X-ray nine Delta']);
});
