import { describe, expect, test } from 'vitest';
import type { ContactRequest } from '../../shared/wire';
import type { KnownRequest } from '../store/db';
import { ladder, standing } from './ladder';

const asked = '2026-11-21T21:03:00Z';
const now = Date.parse('2026-11-21T21:04:00Z');
const request = (answer: Partial<ContactRequest> | null): KnownRequest => ({
  id: 'r', client_id: 'jo', body: { requested_at: asked, when: 'now', how: 'call' }, by_key: null, heard_at: null,
  answer: answer && ({
    id: 'r', requested_at: asked, received_at: '2026-11-21T21:04:00Z', when: 'now', urgency: 'now', how: 'call', message: null, state: 'received', folded_into: null, reached_at: null,
    seen_at: null, seen_by: null, promise: null, promise_broken: false, attempts: [], done_at: null, done_by: null, cancelled_at: null, additions: [], phone: null, handed_to: null,
    ...answer,
  } satisfies ContactRequest),
});
const lines = (known: KnownRequest, later = now) =>
  ladder({ request: known, entry: null, now: later, zone: 'Europe/London', provider: 'Harbour' }).map((rung) => `${rung.done ? 'x' : '-'} ${rung.words}${rung.time ? ` ${rung.time}` : ''}`);
const promise = { what: 'call', by: '2026-11-21T22:00:00Z', by_whom: 'Meg', made_at: '2026-11-21T21:11:00Z' } as const;

describe('the ladder claims only what is so', () => {
  test('saved here is not yet with anyone', () => {
    expect(lines(request(null))).toEqual(['x Saved on this phone 21:03', '- Not with Harbour yet. It will go when you have signal.']);
  });
  test('reached the provider is not yet on a screen', () => {
    expect(lines(request({}))).toEqual(['x Saved on this phone 21:03', 'x Reached Harbour 21:04', '- Not sent to your team’s app yet']);
  });
  test('on a screen is not seen', () => {
    expect(lines(request({ state: 'reached', reached_at: '2026-11-21T21:05:00Z' })).at(-1)).toBe('- Nobody has said that they saw it yet');
  });
  test('a promise is not done until it is done', () => {
    const seen = { state: 'promised', seen_at: '2026-11-21T21:11:00Z', seen_by: 'Meg', promise } as const;
    expect(lines(request(seen)).slice(-2)).toEqual(['x Seen by Meg 21:11', '- Meg will call before 22:00']);
    expect(lines(request({ ...seen, promise_broken: true })).at(-1)).toBe('- Meg said before 22:00. That has not happened.');
  });
});

test('after two minutes with no answer the app says to ring', () => {
  expect(standing({ request: request(null), entry: null, now })).toBe('not_reached');
  expect(standing({ request: request(null), entry: null, now: now + 60_000 })).toBe('not_reached_long');
  expect(standing({ request: request({}), entry: null, now: now + 600_000 })).toBe('not_seen');
  expect(standing({ request: request({ promise, promise_broken: true, seen_at: asked }), entry: null, now })).toBe('broken');
});
