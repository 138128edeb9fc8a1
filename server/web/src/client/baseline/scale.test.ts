import { expect, test } from 'vitest';
import { across, differs, number, place, steps } from './scale';

const scale = { min: 1, max: 7, labels: { low: 'Very low', middle: 'In between', high: 'Very good' }, higher_is: 'better' as const };

test('numbers as in the sentence of a flag', () => {
  expect([5, 4.25, 4.96, 2.5].map(number)).toEqual(['5', '4.3', '5', '2.5']);
});

test('an answer is named by the words of its own scale', () => {
  expect(place(1, scale)).toEqual({ at: 'Very low' });
  expect(place(4, scale)).toEqual({ at: 'In between' });
  expect(place(7, scale)).toEqual({ at: 'Very good' });
  expect(place(5.5, scale)).toEqual({ low: 'In between', high: 'Very good' });
  expect(place(2, { ...scale, labels: { ...scale.labels, middle: '' } })).toEqual({ low: 'Very low', high: 'Very good' });
});

test('two bands are another only if their words would be', () => {
  const item = { item_id: 'mood', text: 'Mood', low: 4, centre: 5, high: 6, answers: 18, adjusted: false, scale };
  expect(differs(item, { ...item, low: 4.04 })).toBe(false);
  expect(differs(item, { ...item, low: 4.4 })).toBe(true);
});

test('what lies outside the scale is still said', () => {
  expect(place(9, scale)).toEqual({ low: 'Very good', high: 'Very good' });
  expect(across(9, scale)).toBe(1);
  expect(across(4, scale)).toBe(0.5);
});

test('a long scale is drawn without its steps', () => {
  expect(steps(scale)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(steps({ ...scale, min: 0, max: 100 })).toEqual([]);
});
