import { expect, test } from 'vitest';
import { appName } from './name';
import manifest from '../../../public/notes.webmanifest?raw';

test('the plain name that is told of is the one that a home screen gets', () => {
  const { name, short_name } = JSON.parse(manifest);
  expect([name, short_name]).toEqual([appName({ discreet: true }), appName({ discreet: true })]);
});
