import { beforeEach, expect, test, vi } from 'vitest';
import { session } from '../store/session.svelte';
import { push } from './push.svelte';
import { look } from './start';

vi.spyOn(push, 'keep').mockResolvedValue();
beforeEach(() => vi.mocked(push.keep).mockClear());

test('before a lock there is nobody to compare for: it is done when it is opened, and then not each time', async () => {
  session.current = null;
  await look();
  session.current = { client_id: 'jo', over: 'ended' } as never;
  await look();
  expect(push.keep).not.toHaveBeenCalled();
  session.current = { client_id: 'jo', over: null } as never;
  await look();
  await look();
  expect(push.keep).toHaveBeenCalledTimes(1);
});
