import { expect, it } from 'vitest';
import type { InboxRow, TeamRequest } from '../../shared/wire-team';
import { bodyOf, callOf, earlierAt, keyOf, openRequest, wasBefore, type Draft, type Sent } from './call';

const now = new Date(2026, 10, 22, 3, 5);
const draft = (more: Partial<Draft> = {}): Draft => ({ how: 'call', words: '', earlier: '', given: 'by_phone', ...more });
const at = (hours: number, minutes = 0, day = 22) => new Date(2026, 10, day, hours, minutes);

it('a call after which nothing is needed promises nothing', () => {
  expect(bodyOf(draft({ words: '  Only wanted to talk. ' }), { done: true }, now)).toEqual({ called_at: null, given: 'by_phone', words: 'Only wanted to talk.', how: 'call', when: 'when_you_can', promise: null, done: true });
});

it('a call back is a promise, and as urgent as it is soon', () => {
  const soon = at(3, 35);
  expect(bodyOf(draft({ how: 'text' }), { done: false, by: soon }, now)).toMatchObject({ how: 'text', when: 'now', promise: { what: 'text', by: soon.toISOString() }, done: false });
  expect(bodyOf(draft(), { done: false, by: at(14) }, now).when).toBe('today');
  expect(bodyOf(draft(), { done: false, by: at(10, 0, 23) }, now).when).toBe('when_you_can');
  expect(bodyOf(draft(), { done: false, by: null }, now)).toMatchObject({ when: 'today', promise: null });
});

it('a call of earlier was today, or the evening before', () => {
  expect(earlierAt(now, '02:50')).toEqual(at(2, 50));
  expect(earlierAt(now, '23:10')).toEqual(at(23, 10, 21));
  expect(earlierAt(now, '')).toBeNull();
});

it('a call that is sent again is the same call, whatever the clock says by then', () => {
  const later = at(3, 11);
  const first = callOf(new Map(), '30', draft(), { done: false, by: at(3, 35) }, now, 'a');
  const sent: Sent = new Map([[keyOf('30', draft()), first]]);
  expect(callOf(sent, '30', draft(), { done: false, by: at(3, 45) }, later, 'b')).toBe(first);
  expect(first).toMatchObject({ id: 'a', promise: { by: at(3, 35).toISOString() } });
  expect(callOf(sent, '60', draft(), { done: false, by: at(4, 15) }, later, 'b').id, 'another answer').toBe('b');
  expect(callOf(sent, '30', draft({ words: 'And the boiler.' }), { done: false, by: at(3, 45) }, later, 'b').id, 'other words').toBe('b');
});

const row = (client: string, request: Partial<TeamRequest> | null) => ({ client: { id: client }, ...(request ? { contact_request: request } : {}) }) as InboxRow;

it('knows what the call joins', () => {
  const rows = [row('sam', { id: 's', state: 'seen' }), row('rhian', null), row('rhian', { id: 'old', state: 'cancelled' }), row('rhian', { id: 'r', state: 'promised' })];
  expect([openRequest(rows, 'rhian')?.id, openRequest(rows.slice(0, 3), 'rhian')]).toEqual(['r', null]);
});

it('knows a call that was before they asked', () => {
  const asked = { received_at: at(2, 50).toISOString() } as TeamRequest;
  expect(['02:40', '02:50', '03:00', ''].map((typed) => wasBefore(asked, typed, now))).toEqual([true, false, false, false]);
});
