import { expect, it } from 'vitest';
import { blank, bodyFrom, changes } from './form';

it('sends only what was changed, and clears what was emptied', () => {
  const before = { ...blank(), name: 'Megan Price', phone: '07700 900123', hours_per_week: '8' };
  expect(changes(before, { ...before })).toEqual({});
  expect(changes(before, { ...before, phone: ' ', hours_per_week: '10' })).toEqual({ phone: null, hours_per_week: 10 });
});

it('calls somebody by their first name until they say otherwise', () => {
  expect(bodyFrom({ ...blank(), name: ' Megan Price ' }).preferred_name).toBe('Megan');
});
