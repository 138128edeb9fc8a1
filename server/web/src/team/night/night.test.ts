import { mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { InboxRow, TeamRequest } from '../../shared/wire-team';

// The night screen as somebody arrives at it, with a server that answers when the test says so.
type Asked = { path: string; answer: (data: unknown) => void; fail: () => void };
let asked: Asked[] = [];
const dee = { id: 'dee', name: 'Dee Okafor', first_name: 'Dee' };
const ask = (path: string) => new Promise<unknown>((answer, fail) => asked.push({ path, answer, fail: () => fail(new Error('no signal')) }));
vi.mock('../session.svelte', () => ({ api: { get: ask, post: ask }, desk: { me: { worker: dee } }, isMe: (one: { id: string } | null) => one?.id === 'dee' }));

const { inbox } = await import('../inbox/inbox.svelte');
const { live } = await import('../live.svelte');
const { default: Night } = await import('./Night.svelte');

const request = (id: string, more: Partial<TeamRequest> = {}) =>
  ({
    id, requested_at: '2026-11-22T03:00:00Z', received_at: '2026-11-22T03:00:00Z', when: 'now', urgency: 'now', how: 'call', message: null, state: 'received', folded_into: null,
    reached_at: null, seen_at: null, seen_by: null, promise: null, promise_broken: false, attempts: [], done_at: null, done_by: null, cancelled_at: null, additions: [], phone: null,
    handed_to: null, client: { id: 'rhian', name: 'Rhian Example', preferred_name: 'Rhian', phone: '07700 900123', reach: { how: null, when: null, words: null } }, owner: null,
    timeline: [], taps: 1, ...more,
  }) as TeamRequest;
const row = (one: TeamRequest) => ({ kind: 'contact_request', group: 'now', since: one.received_at, client: one.client, sentence: 'Asks for a call now', owner: one.owner, contact_request: one }) as InboxRow;
const lists = () => asked.filter(({ path }) => path.startsWith('/team/inbox'));
const list = (...rows: InboxRow[]) => ({ items: rows, last_event_id: '1' });
const settled = async () => {
  for (let n = 0; n < 10; n++) await tick();
};

let target: HTMLElement;
let views: ReturnType<typeof mount>[] = [];
async function arrive(id: string | null = null) {
  views.push(mount(Night, { target, props: { id } }));
  await settled();
}
async function knows(...rows: InboxRow[]) {
  const looked = inbox.look();
  lists().at(-1)!.answer(list(...rows));
  await looked;
}
const says = () => target.textContent!.replace(/\s+/g, ' ');

beforeEach(() => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
  target = document.body.appendChild(document.createElement('div'));
  asked = [];
  live.state = 'live';
  location.hash = '#/night';
});
afterEach(async () => {
  for (const view of views.splice(0)) await unmount(view);
  target.remove();
  inbox.follow()(); // forgets what was known
  inbox.mine = false;
  vi.restoreAllMocks();
});

it('opens the only request of a look that began on arriving, and none of an old list', async () => {
  await knows(row(request('evening')));
  await arrive();
  expect(location.hash).toBe('#/night');
  lists().at(-1)!.answer(list(row(request('night'))));
  await settled();
  expect(location.hash).toBe('#/night/night');
});

it('asks for all who wait, also where only mine was wanted', async () => {
  inbox.mine = true;
  await knows(row(request('mine', { owner: dee })));
  await arrive();
  expect(lists().map(({ path }) => path)).toEqual(['/team/inbox?mine=true', '/team/inbox']);
  lists().at(-1)!.answer(list(row(request('mine', { owner: dee })), row(request('other'))));
  await settled();
  expect(location.hash).toBe('#/night');
  expect(target.querySelectorAll('li')).toHaveLength(2);
});

it('says “now” only while that is known', async () => {
  await knows();
  await arrive();
  expect(says()).not.toContain('Nobody needs a person');
  lists().at(-1)!.answer(list());
  await settled();
  expect(says()).toContain('Nobody needs a person now.');
  const looked = inbox.look();
  lists().at(-1)!.fail();
  await looked;
  await settled();
  expect(says()).toMatch(/At \d\d:\d\d nobody needed a person\. This can’t be checked now\./);
  expect(says()).not.toContain('Nobody needs a person now.');
});

it('does not take what is mine for all of it, with no signal', async () => {
  inbox.mine = true;
  await knows();
  await arrive();
  lists().at(-1)!.fail();
  await settled();
  expect(says()).toMatch(/Only what was yours at \d\d:\d\d is known here\./);
  expect(says()).not.toMatch(/[Nn]obody need/);
});

it('after “I’ve got this” says so aloud, and the focus goes on to saying when', async () => {
  await knows(row(request('r')));
  await arrive('r');
  lists().at(-1)!.answer(list(row(request('r'))));
  asked.find(({ path }) => path === '/team/contact-requests/r')!.answer({ ...request('r'), plan: null });
  await settled();
  const button = [...target.querySelectorAll('button')].find((one) => one.textContent === 'I’ve got this')!;
  button.focus();
  button.click();
  await settled();
  const mine = request('r', { owner: dee, state: 'seen', seen_by: 'Dee' });
  asked.find(({ path }) => path.endsWith('/acknowledge'))!.answer(mine);
  await settled();
  lists().at(-1)!.answer(list(row(mine)));
  await settled();
  expect([...target.querySelectorAll('[role=status]')].map((one) => one.textContent)).toContain('You have this.');
  expect(document.activeElement?.textContent).toMatch(/^Say when/);
});
