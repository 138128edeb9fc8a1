import { beforeEach, expect, test, vi } from 'vitest';
import type { WholeRequest } from '../../shared/wire-night';
import type { TeamRequest } from '../../shared/wire-team';
import { oneRequest } from './contact';
import { Opened } from './opened.svelte';

vi.mock('./contact', () => ({ oneRequest: vi.fn() }));
vi.mock('../inbox/inbox.svelte', () => ({ inbox: { look: vi.fn() } }));
vi.mock('../parts/eyes', () => ({ inSight: () => Promise.resolve() }));

const request = { id: 'one' } as TeamRequest;
/** Answered after this many ms. */
const answered = (after: number) =>
  vi.mocked(oneRequest).mockImplementation(() => new Promise((done) => setTimeout(() => done({ ...request, plan: { people: [] } } as unknown as WholeRequest), after)));

beforeEach(() => void vi.useFakeTimers());

test('what helps stands above the buttons where it comes at once, and they wait for it', async () => {
  answered(200);
  const opened = new Opened('one');
  opened.hear(request);
  await vi.advanceTimersByTimeAsync(199);
  expect(opened.helps).toBe('awaited');
  await vi.advanceTimersByTimeAsync(5_000);
  expect([opened.helps, opened.plan]).toEqual(['above', { people: [] }]);
});

test('where it comes late the buttons are there before it, and it goes below them', async () => {
  answered(2_000);
  const opened = new Opened('one');
  opened.hear(request);
  await vi.advanceTimersByTimeAsync(600);
  expect(opened.helps).toBe('below');
  await vi.advanceTimersByTimeAsync(5_000);
  expect([opened.helps, opened.plan]).toEqual(['below', { people: [] }]);
});

test('with nothing on the screen before it, it comes together with the request', async () => {
  answered(2_000);
  const opened = new Opened('one');
  opened.hear(null);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([opened.helps, opened.last]).toEqual(['above', request]);
});
