import { describe, expect, test } from 'vitest';
import { searchable } from './articles.test-only';
import { likeness } from './likeness';
import { Index } from './search';
import { topicNames } from './topics';

// What people type: with one thumb, upset, spelt as it sounds, in their own words. Each must find its piece among the first three.
const ASKED: [query: string, slug: string][] = [
  ['cant slep', 'sleep'],
  ['insomina', 'sleep'],
  ['anxous', 'anxiety'],
  ['anxity', 'anxiety'],
  ['worryed all the time', 'anxiety'],
  ['hering voises', 'hearing-voices'],
  ['voices in my head', 'hearing-voices'],
  ['panick atack', 'panic'],
  ['cant breath', 'panic'],
  ['lonley', 'loneliness'],
  ['no freinds', 'loneliness'],
  ['benifits', 'money'],
  ['debt letters', 'money'],
  ['skint', 'money'],
  ['sucidal', 'when-you-feel-you-cant-go-on'],
  ['want to die', 'when-you-feel-you-cant-go-on'],
  ['self harm', 'when-you-feel-you-cant-go-on'],
  ['medcine side affects', 'medicines'],
  ['meds making me fat', 'medicines'],
  ['antipsycotic', 'medicines'],
  ['not washing', 'cant-be-bothered'],
  ['cant be botherd', 'cant-be-bothered'],
  ['no motivasion', 'cant-be-bothered'],
  ['depresed', 'low-mood'],
  ['feeling down', 'low-mood'],
  ['crying alot', 'low-mood'],
  ['angry', 'anger'],
  ['loosing my temper', 'anger'],
  ['drinking to much', 'alcohol-and-drugs'],
  ['canabis', 'alcohol-and-drugs'],
  ['niegbours noise', 'neighbours'],
  ['mould in flat', 'your-home'],
  ['eviction notise', 'your-home'],
  ['blood test', 'body-checks'],
  ['smear', 'body-checks'],
  ['excersise', 'moving'],
  ['food', 'eating'],
  ['flashbaks', 'five-senses'],
  ['just come out of hospitle', 'home-from-hospital'],
  ['advocat', 'your-rights'],
  ['sectiond', 'your-rights'],
  ['people are watching me', 'unusual-beliefs'],
  ['paranoyd', 'unusual-beliefs'],
  ['getting ill again', 'early-signs'],
  ['relapse', 'setbacks'],
  ['breething', 'slow-breathing'],
  ['stresed out', 'stress'],
  ['my partner hits me', 'when-home-isnt-safe'],
  ['volentering', 'volunteering'],
  ['college corse', 'work-and-learning'],
];

describe('the search, over the articles as they are shipped', () => {
  const pieces = searchable(topicNames);
  const index = new Index(pieces);
  const known = new Set(pieces.map((piece) => piece.id));

  test('has fifty things to look for', () => expect(ASKED).toHaveLength(50));

  test.each(ASKED)('“%s” finds %s', (query, slug) => {
    expect(known).toContain(slug);
    const { found, ids } = index.find(query);
    expect({ found, first: ids.slice(0, 3) }).toEqual({ found: true, first: expect.arrayContaining([slug]) });
  });

  // Their words go to the provider as missing, so that they can be written about.
  test.each(['tattoo removal', 'premier league scores', 'passport renewal', 'xqzzy', 'wedding cake', 'car insurance', 'erectile'])('“%s” is not found', (query) => {
    expect(index.find(query).found).toBe(false);
  });
});

describe('likeness', () => {
  test('a slip or a guess at the spelling is forgiven', () => {
    const same = [
      ['hering', 'hearing'], ['voises', 'voices'], ['panick', 'panic'], ['atack', 'attack'], ['anxious', 'anxiety'], ['lonley', 'lonely'], ['lonely', 'loneliness'],
      ['slep', 'sleep'], ['insomina', 'insomnia'], ['hospitle', 'hospital'], ['niegbours', 'neighbours'], ['nite', 'night'], ['rong', 'wrong'],
    ] as const;
    for (const [typed, written] of same) expect([typed, likeness(typed, written, false) >= 0.5]).toEqual([typed, true]);
  });
  test('another word is another word', () => {
    for (const [typed, written] of [['cake', 'take'], ['cake', 'care'], ['wedding', 'weed'], ['money', 'mood'], ['car', 'care'], ['scores', 'scared']] as const) {
      expect([typed, likeness(typed, written, false)]).toEqual([typed, 0]);
    }
  });
  test('only the last word may be unfinished', () => {
    expect(likeness('anx', 'anxiety', true)).toBeGreaterThan(0);
    expect(likeness('anx', 'anxiety', false)).toBe(0);
  });
});
