import { describe, expect, test } from 'vitest';
import type { Answer, Item } from '../../shared/wire';
import { after, goodness } from './after';
import { isWorst } from './worst';

const item = (id: string, higher_is: 'better' | 'worse', key: Item['key'] = null): Item => ({
  id, series_id: id, version: 1, kind: key ? 'standard' : 'sign', key, text: id, labels: { low: '', middle: '', high: '' }, min: 1, max: 7, higher_is, position: 0,
});
const mood = item('mood', 'better', 'mood');
const anxiety = item('anxiety', 'worse', 'anxiety');
const sign = item('sign', 'worse');
const questions = new Map([mood, anxiety, sign].map((one) => [one.id, one]));
const said = (values: Record<string, number | null>): Answer[] => Object.entries(values).map(([item_id, value]) => ({ item_id, value }));

test('the worst answer is at the low end of one scale and at the high end of another', () => {
  expect([1, 2, 7, null].map((value) => isWorst(mood, value))).toEqual([true, false, false, false]);
  expect([1, 6, 7, null].map((value) => isWorst(sign, value))).toEqual([false, false, true, false]);
});

describe('after a check-in, the sentence is true of the answers', () => {
  test('whatever they are', () => {
    const values = [null, 1, 2, 3, 4, 5, 6, 7];
    for (const a of values) for (const b of values) for (const c of values) for (const before of [null, said({ mood: 2, anxiety: 6, sign: 5 })]) {
      const answers = said({ mood: a, anxiety: b, sign: c });
      const { sentence, suggestion, worst } = after(answers, questions, before);
      const given = answers.flatMap(({ item_id, value }) => (value === null ? [] : [{ item: questions.get(item_id)!, value }]));
      const good = given.map(goodness);

      expect(worst).toBe(given.some((one) => isWorst(one.item, one.value)));
      if (sentence.key === 'words_only') expect(given).toHaveLength(0);
      if (sentence.key === 'very_hard') expect(worst).toBe(true);
      if (sentence.key === 'mostly_good') expect(good.filter((part) => part > 0.5).length).toBeGreaterThan(given.length / 2);
      if (sentence.key === 'mostly_hard') expect(good.filter((part) => part < 0.5).length).toBeGreaterThan(given.length / 2);
      if (sentence.key === 'both') expect(good.some((part) => part > 0.5) && good.some((part) => part < 0.5)).toBe(true);
      if (sentence.key === 'middle') expect(worst).toBe(false);
      if (sentence.key === 'better_than_last') {
        const now = given.find((one) => one.item === sentence.about)!;
        const last = before!.find((one) => one.item_id === now.item.id)!.value!;
        expect(goodness(now)).toBeGreaterThan(goodness({ item: now.item, value: last }));
      }
      // Nothing cheerful when something is as hard as it gets, and no "hardest" that was not on the hard side.
      if (worst) expect(sentence.key).toBe('very_hard');
      if (suggestion.because) {
        const hardest = given.find((one) => one.item === suggestion.because)!;
        expect(goodness(hardest)).toBe(Math.min(...good));
        expect(goodness(hardest)).toBeLessThan(0.5);
      } else if (given.length > 0) expect(Math.min(...good)).toBeGreaterThanOrEqual(0.5);
    }
  });

  test('one step up is not yet better than last time', () => {
    expect(after(said({ mood: 4 }), questions, said({ mood: 3 })).sentence.key).toBe('middle');
    expect(after(said({ mood: 5 }), questions, said({ mood: 3 })).sentence).toEqual({ key: 'better_than_last', about: mood });
  });
});
