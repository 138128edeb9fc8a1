import { expect, it } from 'vitest';
import type { EditionState, Listed } from '../../shared/wire-pack';
import { found, measured, unreviewed } from './listing';

const published = (extra = {}) => ({ number: 1, at: '2026-11-22T10:00:00Z', by: null, reviewed: null, words: 500, reading_age: 10.2, ...extra });
const edition = (extra: Partial<EditionState> = {}): EditionState => ({ edition: 'en', published: published(), draft: null, newer_shipped: null, ...extra });
const piece = (title: string, extra: Partial<Listed> = {}): Listed => ({
  id: title, slug: title.toLowerCase(), kind: 'article', exercise: null, title, summary: '', topics: ['sleep'], stage: 'any', retired: null, editions: [edition()], ...extra,
});

const all = [
  piece('Sleep'),
  piece('Café mornings', { summary: 'A place that isn’t home', topics: ['people'], editions: [edition({ published: published({ reviewed: { by: 'Dee', on: '2026-11-22' } }) })] }),
  piece('Apples', { retired: 'retired' }),
  piece('Money', { editions: [edition({ published: null, draft: { number: 1, at: '', by: 'Dee' } })] }),
  piece('Body', { editions: [edition({ newer_shipped: 3 })] }),
];
const titles = (wanted: Partial<Parameters<typeof found>[1]>) => found(all, { text: '', topic: '', state: 'all', ...wanted }).map((one) => one.title);

it('lists by title, with what is retired last', () => {
  expect(titles({})).toEqual(['Body', 'Café mornings', 'Money', 'Sleep', 'Apples']);
});

it('finds by every word, without accents and with either apostrophe', () => {
  expect(titles({ text: 'CAFE' })).toEqual(['Café mornings']);
  expect(titles({ text: "home isn't" })).toEqual(['Café mornings']);
  expect(titles({ text: 'home sleep' })).toEqual([]);
});

it('filters by topic and by what is so', () => {
  expect(titles({ topic: 'people' })).toEqual(['Café mornings']);
  expect(titles({ state: 'published' })).toEqual(['Body', 'Café mornings', 'Sleep']);
  expect(titles({ state: 'draft' })).toEqual(['Money']);
  expect(titles({ state: 'not_reviewed' })).toEqual(['Body', 'Sleep']);
  expect(titles({ state: 'newer' })).toEqual(['Body']);
  expect(titles({ state: 'retired' })).toEqual(['Apples']);
});

it('counts a review per edition, and never of what is not offered', () => {
  const both = piece('Both', { editions: [edition(), edition({ edition: 'cy', published: published({ reviewed: { by: 'Dee', on: '2026-11-22' } }) })] });
  expect(unreviewed(both)).toEqual(['en']);
  expect(unreviewed({ ...both, retired: 'withdrawn' })).toEqual([]);
  expect(measured(both)).toEqual({ words: 500, age: 10.2 });
  expect(measured(piece('None', { editions: [] }))).toBeNull();
});
