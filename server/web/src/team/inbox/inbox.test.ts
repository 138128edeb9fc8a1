import { afterEach, beforeEach, expect, it, vi } from 'vitest';

let paths: string[] = [];
vi.mock('../session.svelte', () => ({
  api: {
    get: async (path: string) => (paths.push(path), { items: [], last_event_id: '1' }),
    stream: (_path: string, _headers: object, over: AbortSignal) => new Promise((_, fail) => over.addEventListener('abort', () => fail(new Error('over')))),
  },
}));
const { inbox } = await import('./inbox.svelte');
const { goLive } = await import('../live.svelte');

const page = (state: DocumentVisibilityState) => vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
beforeEach(() => {
  paths = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('what a tab behind others fetches has reached nobody, and it looks anew the moment that somebody comes back to it', async () => {
  page('hidden');
  const [stop, hangUp] = [inbox.follow(), goLive()];
  await vi.advanceTimersByTimeAsync(31_000);
  expect(paths).toEqual(['/team/inbox?background=true', '/team/inbox?background=true']);
  page('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(500);
  expect(paths.slice(2)).toEqual(['/team/inbox']);
  hangUp();
  stop();
});
