import { expect, it } from 'vitest';
import { parse, to } from './route.svelte';

it('finds the pages of early warning', () => {
  expect(parse(to.client('c1', 'usual'))).toEqual({ view: 'client', id: 'c1', page: 'usual', lately: false, part: '' });
  expect(parse(to.usualLately('c1'))).toEqual({ view: 'client', id: 'c1', page: 'usual', lately: true, part: 'lately' });
  expect(parse(to.client('c1', 'warnings'))).toMatchObject({ page: 'warnings' });
  expect(parse(to.flagFigures)).toEqual({ view: 'figures' });
  expect(parse(to.figures)).toEqual({ view: 'library', place: { page: 'figures' } });
});

it('finds the plan, one version of it, and a reminder', () => {
  expect(parse(to.client('c1', 'plan'))).toMatchObject({ page: 'plan', part: '' });
  expect(parse(to.plan('c1', 'write'))).toMatchObject({ page: 'plan', part: 'write' });
  expect(parse(to.plan('c1', 'v1'))).toMatchObject({ page: 'plan', part: 'v1' });
  expect(parse(to.reminder('c1', 'new'))).toMatchObject({ page: 'reminders', part: 'new' });
});
