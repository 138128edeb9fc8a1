import { describe, expect, test } from 'vitest';
import type { ContactRequest } from '../../shared/wire';
import type { KnownRequest } from '../store/db';
import { ladder, standing, URGENT, waitsAfterJoining } from './ladder';

const asked = '2026-11-21T21:03:00Z';
const now = Date.parse('2026-11-21T21:04:00Z');
const request = (answer: Partial<ContactRequest> | null): KnownRequest => ({
  id: 'r', client_id: 'jo', body: { requested_at: asked, when: 'now', how: 'call' }, by_key: null, heard_at: null, ...(answer ? { waits_since: '2026-11-21T21:04:00Z' } : {}),
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

test('whoever asked before the clock was put back is not told to go on waiting', () => {
  expect(standing({ request: request(null), entry: null, now: now - 3_600_000 })).toBe('not_reached_long');
  expect(standing({ request: request({}), entry: null, now: now - 3_600_000 })).toBe('nowhere_long');
  // The server's clock and ours are never quite the same.
  expect(standing({ request: request({}), entry: null, now: now - 60_000 })).toBe('not_seen');
});

test('after two minutes with no answer the app says to ring', () => {
  expect(standing({ request: request(null), entry: null, now })).toBe('not_reached');
  expect(standing({ request: request(null), entry: null, now: now + 60_000 })).toBe('not_reached_long');
  expect(standing({ request: request({}), entry: null, now: now + 60_000 })).toBe('not_seen');
  expect(standing({ request: request({ promise, promise_broken: true, seen_at: asked }), entry: null, now })).toBe('broken');
});

describe('a promise, afterwards', () => {
  const seen = { state: 'promised', seen_at: '2026-11-21T21:11:00Z', seen_by: 'Meg', promise } as const;
  const attempt: ContactRequest['attempts'][number] = { at: '2026-11-21T21:40:00Z', by: 'Dee', how: 'call', reached: true, words: null };
  test('that was kept says by whom and when, once', () => {
    const kept: Partial<ContactRequest> = { ...seen, state: 'attempted', attempts: [attempt], promise_kept_at: attempt.at };
    expect(lines(request(kept)).slice(-1)).toEqual(['x Dee called, as promised 21:40']);
    expect(lines(request(kept)).join()).not.toMatch(/will call|spoke with you/);
    expect(standing({ request: request(kept), entry: null, now })).toBe('kept');
    expect(lines(request({ ...kept, state: 'done', done_at: '2026-11-21T21:50:00Z' })).slice(-2)).toEqual(['x Dee called, as promised 21:40', 'x Done 21:50']);
  });
  test('that was kept, with nothing written down of how, claims no more', () => {
    const done: Partial<ContactRequest> = { ...seen, state: 'done', attempts: [{ ...attempt, at: '2026-11-21T21:20:00Z', reached: false }], promise_kept_at: attempt.at, done_at: attempt.at };
    expect(lines(request(done)).slice(-3)).toEqual(['x Dee called and could not reach you 21:20', 'x Meg was in touch, as promised 21:40', 'x Done 21:40']);
  });
  test('a newer one is still to be kept', () => {
    const newer = { ...promise, by: '2026-11-21T23:00:00Z', made_at: '2026-11-21T22:10:00Z' };
    const again: Partial<ContactRequest> = { ...seen, attempts: [attempt], promise: newer, promise_kept_at: attempt.at };
    expect(lines(request(again)).slice(-2)).toEqual(['x Dee called and spoke with you 21:40', '- Meg will call before 23:00']);
    expect(standing({ request: request(again), entry: null, now })).toBe('promised');
  });
});

describe('nobody has answered', () => {
  const reached = { state: 'reached', reached_at: '2026-11-21T21:05:00Z', not_answered_at: '2026-11-21T21:25:00Z' } as const;
  const later = Date.parse('2026-11-21T21:26:00Z');
  test('is said when everybody was rung once', () => {
    expect(lines(request(reached), later).at(-1)).toBe('- Nobody on the list has answered yet 21:25');
    expect(standing({ request: request(reached), entry: null, now: later })).toBe('not_answered');
    expect(standing({ request: request({ not_answered_at: '2026-11-21T21:04:01Z' }), entry: null, now }), 'there is nobody to ring').toBe('not_seen');
  });
  test('is over when somebody has, and when all is', () => {
    expect(standing({ request: request({ ...reached, seen_at: '2026-11-21T21:30:00Z', seen_by: 'Dee' }), entry: null, now: later })).toBe('seen');
    expect(lines(request({ ...reached, state: 'cancelled', cancelled_at: '2026-11-21T21:31:00Z' }), later).join()).not.toMatch(/Nobody/);
  });
  test('is still so after a promise that was broken, which is said instead', () => {
    expect(standing({ request: request({ ...reached, seen_at: '2026-11-21T21:20:00Z', promise, promise_broken: true }), entry: null, now: later })).toBe('broken');
  });
});

test('a call that a worker wrote down was never on this phone', () => {
  const rang = { by_phone: true, reached_at: asked, seen_at: asked, seen_by: 'Dee', state: 'seen' } as const;
  expect(lines(request(rang))).toEqual(['x You rang Harbour 21:03', 'x Seen by Dee 21:03']);
  expect(lines(request({ ...rang, by_phone: false, given: 'in_person' }))).toEqual(['x You told your team in person 21:03', 'x Seen by Dee 21:03']);
  expect(lines(request({ given: 'by_text' }))[0]).toBe('x You sent Harbour a text 21:03');
});

test('with the provider, and after two minutes on nobody’s screen: the app says to ring, unless there is no hurry', () => {
  const later = now + 120_000;
  expect(standing({ request: request({}), entry: null, now: later })).toBe('nowhere_long');
  expect(standing({ request: request({ urgency: 'when_you_can' }), entry: null, now: later })).toBe('not_seen');
  expect(standing({ request: request({ reached_at: asked }), entry: null, now: later })).toBe('not_seen');
  expect(URGENT).toContain('nowhere_long');
});

describe('a phone whose clock is wrong', () => {
  // The server's times are right; the phone's are off by so many minutes, also in what it kept.
  const minutes = 60_000;
  const by = (off: number, at: string) => new Date(Date.parse(at) + off * minutes).toISOString();
  const heard = '2026-11-21T21:04:00Z';
  const on = (off: number, answer: Partial<ContactRequest>): KnownRequest => ({ ...request(answer), body: { requested_at: by(off, asked), when: 'now', how: 'call' }, waits_since: by(off, heard) });
  const says = (off: number, after: number, answer: Partial<ContactRequest> = {}) => standing({ request: on(off, answer), entry: null, now: Date.parse(by(off, heard)) + after * minutes });

  test.each([['10 minutes slow', -10], ['3 minutes fast', 3], ['right', 0]])('%s: says to ring after two minutes, not sooner and not later', (_, off) => {
    expect([says(off, 0), says(off, 1.9), says(off, 2)]).toEqual(['not_seen', 'not_seen', 'nowhere_long']);
    const unanswered = { state: 'reached', reached_at: heard, not_answered_at: '2026-11-21T21:04:30Z' } as const;
    expect([says(off, 1.9, unanswered), says(off, 2, unanswered)]).toEqual(['not_seen', 'not_answered']);
  });

  test('what an older app stored is reckoned from when it was asked, which is of the same clock', () => {
    const { waits_since: _, ...old } = on(-10, {});
    const at = (after: number) => standing({ request: old, entry: null, now: Date.parse(by(-10, asked)) + after * minutes });
    expect([at(1.9), at(2)]).toEqual(['not_seen', 'nowhere_long']);
  });
});

describe('another tap that joined', () => {
  const later = '2026-11-21T22:00:00Z';
  test('of what somebody had is waited for anew', () => {
    const seen = request({ state: 'seen', reached_at: asked, seen_at: asked, seen_by: 'Meg' });
    expect(waitsAfterJoining(seen, later)).toBe(later);
    const again = { ...request({}), waits_since: later };
    expect(standing({ request: again, entry: null, now: Date.parse(later) + 60_000 }), 'not “ring” at once').toBe('not_seen');
    expect(waitsAfterJoining(request({ promise, promise_broken: true, seen_at: asked }), later)).toBe(later);
  });
  test('takes back no “please ring”', () => {
    expect(waitsAfterJoining(request({}), later)).toBe('2026-11-21T21:04:00Z');
    expect(waitsAfterJoining(request({ reached_at: asked, not_answered_at: '2026-11-21T21:10:00Z' }), later)).toBe('2026-11-21T21:04:00Z');
  });
});
