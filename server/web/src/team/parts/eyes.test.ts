import { afterEach, expect, it, vi } from 'vitest';
import { forEyes, inSight } from './eyes';

const page = (state: DocumentVisibilityState) => vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
afterEach(() => vi.restoreAllMocks());

it('says nothing where somebody may be looking', () => {
  page('visible');
  expect(forEyes('/team/inbox?mine=true')).toBe('/team/inbox?mine=true');
});

it('tells the server that nobody looks, whatever else is asked', () => {
  page('hidden');
  expect([forEyes('/team/board'), forEyes('/team/inbox?mine=true')]).toEqual(['/team/board?background=true', '/team/inbox?mine=true&background=true']);
});

it('waits for eyes, and not for any change', async () => {
  page('hidden');
  let seen = false;
  const waiting = inSight().then(() => (seen = true));
  document.dispatchEvent(new Event('visibilitychange'));
  await Promise.resolve();
  expect(seen).toBe(false);
  page('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  await waiting;
  expect(seen).toBe(true);
});
