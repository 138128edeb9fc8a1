import { expect, it } from 'vitest';
import type { Item } from '../../shared/wire';
import { bodyOf, formOf, missing } from './form';
import type { ByTextSettings } from './wire';

const item = (series_id: string, key: Item['key'], position: number) => ({ series_id, key, position }) as Item;
const ITEMS = [item('s', 'sleep', 1), item('m', 'mood', 0), item('x', null, 2), item('e', 'energy', 3)];

it('begins with mood, every day at ten, without naming it', () => {
  const form = formOf(null, ITEMS, 'cy', '07700 900456');
  expect(form).toMatchObject({ number: '07700 900456', items: ['m'], time: '10:00', language: 'cy', names: false, how: null });
  expect(form.days).toHaveLength(7);
});

it('asks for what is missing, one thing at a time, and always how it was agreed', () => {
  const form = formOf(null, ITEMS, 'en', null);
  expect(missing(form)).toBe('by_text.need_number');
  form.number = '07700 900456';
  expect(missing(form)).toBe('by_text.need_agreed');
  expect(missing({ ...form, how: 'by_phone' })).toBeNull();
  expect(missing({ ...form, items: [] })).toBe('by_text.need_questions');
  expect(missing({ ...form, items: ['s', 'm', 'x', 'e'] })).toBe('by_text.need_questions');
  expect(missing({ ...form, days: [] })).toBe('by_text.need_days');
  for (const time of ['', '07:59', '21:00']) expect(missing({ ...form, time })).toBe('by_text.need_time');
});

it('sends questions and days in their order, and gives back what is kept', () => {
  const kept: ByTextSettings = { number: '+447700900456', items: ['m', 's'], days: ['mo', 'we'], time: '18:30', language: 'en', names_questions: true, from: 'Harbour' };
  expect(bodyOf(formOf(kept, ITEMS, 'cy', null), ITEMS, 'in_person')).toEqual({ ...kept, agreed: 'in_person' });
  const form = { ...formOf(kept, ITEMS, 'en', null), items: ['s', 'm'], days: ['we' as const, 'mo' as const], from: ' ' };
  expect(bodyOf(form, ITEMS, 'by_phone')).toEqual({ ...kept, from: undefined, agreed: 'by_phone' });
});
