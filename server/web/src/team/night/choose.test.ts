import { expect, it } from 'vitest';
import type { InboxRow } from '../../shared/wire-team';
import { atNight, straightTo } from './choose';

const dee = { id: 'dee', name: 'Dee Okafor', first_name: 'Dee' };
const tom = { id: 'tom', name: 'Tom Wilk', first_name: 'Tom' };
const isMe = (one: InboxRow['owner']) => one?.id === 'dee';
const row = (id: string, more: Partial<InboxRow> = {}, inner: object = {}, kind: 'contact_request' | 'flag' = 'contact_request') =>
  ({ kind, group: 'now', since: '2026-11-22T03:00:00Z', client: {}, sentence: '', owner: null, [kind]: { id, ...inner }, ...more }) as unknown as InboxRow;
const ids = (rows: InboxRow[]) => atNight(rows, isMe).map((one) => one.contact_request?.id ?? one.flag?.id);

it('shows what needs a person now, what rings, and what I have', () => {
  const ringing = { escalation: { state: 'ringing' } };
  const rows = [row('today', { group: 'today' }), row('rings', { group: 'today' }, ringing), row('flag', { group: 'when_you_can' }, ringing, 'flag'), row('mine', { group: 'today', owner: dee }), row('now')];
  expect(ids(rows).sort()).toEqual(['flag', 'mine', 'now', 'rings']);
});

it('leaves out flags that I follow by day, and keeps those that rang', () => {
  const held = { escalation: { state: 'held' } };
  expect(ids([row('by day', { group: 'today', owner: dee }, {}, 'flag'), row('rang', { group: 'today', owner: dee }, held, 'flag')])).toEqual(['rang']);
});

it('leaves out what is over', () => {
  expect(ids([row('a', { owner: dee }, { state: 'done' }), row('b', { owner: dee }, { state: 'resolved' }, 'flag')])).toEqual([]);
});

it('puts first what nobody has, and there who has waited longest', () => {
  const rows = [row('theirs', { owner: tom }), row('mine', { owner: dee }), row('new', { since: '2026-11-22T03:09:00Z' }), row('old', { since: '2026-11-22T02:00:00Z' })];
  expect(ids(rows)).toEqual(['old', 'new', 'mine', 'theirs']);
});

it('opens straight on the one request there is', () => {
  expect(straightTo([row('a')])).toBe('a');
  expect(straightTo([row('a'), row('b')])).toBeNull();
  expect(straightTo([row('f', {}, {}, 'flag')])).toBeNull();
  expect(straightTo([])).toBeNull();
});
