import { expect, it } from 'vitest';
import { parse, to } from './route.svelte';

it('finds the pages of early warning', () => {
  expect(parse(to.client('c1', 'usual'))).toEqual({ view: 'client', id: 'c1', page: 'usual', lately: false });
  expect(parse(to.usualLately('c1'))).toEqual({ view: 'client', id: 'c1', page: 'usual', lately: true });
  expect(parse(to.client('c1', 'warnings'))).toMatchObject({ page: 'warnings' });
  expect(parse(to.flagFigures)).toEqual({ view: 'figures' });
  expect(parse(to.figures)).toEqual({ view: 'library', place: { page: 'figures' } });
});
