import { expect, test } from 'vitest';
import type { Edition, Text } from '../../shared/wire-pack';
import { shownOf } from './editions';

const resource = (...editions: Edition[]) => ({
  id: 'r', slug: 'sleep', kind: 'article' as const, exercise: null, retired: false, editions: Object.fromEntries(editions.map((edition) => [edition, `hash-${edition}`])),
});
const texts = new Map((['en', 'en-easy', 'cy', 'cy-easy'] as const).map((edition) => [`hash-${edition}`, { title: edition } as Text]));
const shown = (editions: Edition[], language: 'en' | 'cy', easy: boolean, here = texts) => shownOf(resource(...editions), here, language, easy)?.edition ?? null;

test('the own language comes before how easy it is', () => {
  expect(shown(['en', 'en-easy', 'cy'], 'cy', true)).toBe('cy');
  expect(shown(['en', 'en-easy', 'cy'], 'en', true)).toBe('en-easy');
  expect(shown(['en', 'en-easy'], 'cy', true)).toBe('en-easy');
  expect(shown(['en-easy'], 'en', false)).toBe('en-easy');
});

test('only what is on this phone is shown', () => {
  expect(shown(['en', 'cy'], 'cy', false, new Map([['hash-en', { title: 'en' } as Text]]))).toBe('en');
  expect(shown(['en'], 'en', false, new Map())).toBeNull();
});
