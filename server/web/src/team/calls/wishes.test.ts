import { mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem, Unreachable } from '../../shared/api';
import type { CallBody } from '../../shared/wire-night';
import type { InboxRow, TeamRequest } from '../../shared/wire-team';

// A call that is written down while the line comes and goes.
let sent: CallBody[] = [];
let answer: (call: CallBody) => Promise<TeamRequest>;
let open: InboxRow[] = [];
const api = {
  get: async () => ({ items: open, last_event_id: '1' }),
  post: (_: string, call: CallBody) => {
    sent.push(call);
    return answer(call);
  },
};
vi.mock('../session.svelte', () => ({ api, desk: { me: { worker: { first_name: 'Dee' } } }, isMe: () => false }));

const { wall } = await import('../clock.svelte');
const { inbox } = await import('../inbox/inbox.svelte');
const { default: Wishes } = await import('./Wishes.svelte');

const rhian = { id: 'rhian', name: 'Rhian Example', preferred_name: 'Rhian' };
const at = (hours: number, minutes: number) => new Date(2026, 10, 22, hours, minutes);
const saved = (id: string, more: Partial<TeamRequest> = {}) => ({ id, state: 'promised', promise: { what: 'call', by: at(3, 35).toISOString() }, ...more }) as TeamRequest;
const settled = async () => {
  for (let n = 0; n < 10; n++) await tick();
};

let target: HTMLElement;
let view: ReturnType<typeof mount>;
beforeEach(async () => {
  sent = [];
  open = [];
  answer = async (call) => saved(call.id);
  vi.useFakeTimers({ toFake: ['Date'], now: at(3, 4) });
  wall.now = at(3, 4);
  target = document.body.appendChild(document.createElement('div'));
  await inbox.look();
  view = mount(Wishes, { target, props: { client: rhian } });
  await settled();
});
afterEach(async () => {
  await unmount(view);
  target.remove();
  vi.useRealTimers();
});
async function press(words: string | RegExp) {
  const button = [...target.querySelectorAll('button')].find((one) => one.textContent!.trim().match(words))!;
  button.focus();
  button.click();
  await settled();
}
async function waitUntil(time: Date) {
  vi.setSystemTime(time);
  wall.now = time;
  await settled();
}
const says = () => target.textContent!.replace(/\s+/g, ' ');

it('a lost reply makes no second call, and what is promised stays what it was', async () => {
  answer = async () => Promise.reject(new Unreachable());
  await press(/^30 min/);
  await waitUntil(at(3, 11));
  expect(says()).toContain('30 min 03:35');
  expect(says(), 'the others go with the clock').toContain('15 min 03:30');
  answer = async (call) => saved(call.id);
  await press(/^30 min/);
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual(sent[0]);
  expect(says()).toContain('Rhian will read: “Dee will call by 03:35”.');
  expect(document.activeElement?.textContent).toMatch(/^Written down/);
});

it('another answer is another call, and so is what comes after a no of the server', async () => {
  answer = async () => Promise.reject(new Problem(422, { code: 'invalid', detail: 'A promise is for a time that is still to come.' }));
  await press(/^30 min/);
  await waitUntil(at(3, 40));
  await press(/^30 min/);
  await press(/^1 hour/);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
  expect(sent.map(({ promise }) => new Date(promise!.by).getTime())).toEqual([at(3, 35), at(4, 10), at(4, 40)].map((one) => one.getTime()));
});

it('says what the call joins, or that it was before that', async () => {
  const asked = { id: 'r', state: 'received', received_at: at(2, 50).toISOString() } as TeamRequest;
  open = [{ kind: 'contact_request', group: 'now', since: asked.received_at, client: rhian, sentence: '', owner: null, contact_request: asked }];
  await inbox.look();
  await settled();
  expect(says()).toContain('Rhian asked for contact at 02:50, and that is open. This call joins it.');
  expect(target.querySelector('.notice a')?.getAttribute('href')).toBe('#/requests/r');
  const earlier = target.querySelector<HTMLInputElement>('details [type=time]')!;
  earlier.value = '02:40';
  earlier.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
  expect(says()).toContain('This call was before that, so it is written down by itself if nothing more is needed.');
  answer = async (call) => saved(call.id, { state: 'done', promise: null });
  await press('Nothing more is needed');
  expect(sent[0]).toMatchObject({ done: true, called_at: at(2, 40).toISOString() });
  expect(says()).toContain('Written down. What Rhian asked for at 02:50 is still open.');
});
