import { expect, it } from 'vitest';
import { bodyOf, earlierAt, type Draft } from './call';

const now = new Date(2026, 10, 22, 3, 5);
const draft = (more: Partial<Draft> = {}): Draft => ({ how: 'call', words: '', earlier: '', ...more });
const at = (hours: number, minutes = 0, day = 22) => new Date(2026, 10, day, hours, minutes);

it('a call after which nothing is needed promises nothing', () => {
  expect(bodyOf(draft({ words: '  Only wanted to talk. ' }), { done: true }, now)).toEqual({ called_at: null, words: 'Only wanted to talk.', how: 'call', when: 'when_you_can', promise: null, done: true });
});

it('a call back is a promise, and as urgent as it is soon', () => {
  const soon = at(3, 35);
  expect(bodyOf(draft({ how: 'text' }), { done: false, by: soon }, now)).toMatchObject({ how: 'text', when: 'now', promise: { what: 'text', by: soon.toISOString() }, done: false });
  expect(bodyOf(draft(), { done: false, by: at(14) }, now).when).toBe('today');
  expect(bodyOf(draft(), { done: false, by: at(10, 0, 23) }, now).when).toBe('when_you_can');
  expect(bodyOf(draft(), { done: false, by: null }, now)).toMatchObject({ when: 'today', promise: null });
});

it('a call of earlier was today, or the evening before', () => {
  expect(earlierAt(now, '02:50')).toEqual(at(2, 50));
  expect(earlierAt(now, '23:10')).toEqual(at(23, 10, 21));
  expect(earlierAt(now, '')).toBeNull();
});
