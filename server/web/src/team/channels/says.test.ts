import { expect, it } from 'vitest';
import { isOver, isShown, says, tidied, whyNot } from './says';
import type { ChannelTest } from './wire';

const test = (change: Partial<ChannelTest>): ChannelTest => ({ at: '10:00', sent_at: null, delivered_at: null, seen_at: null, problem: null, ...change });
const when = (at: string) => `at ${at}`;

it('claims no more than is known', () => {
  expect(says('push', test({}), when)).toBe('On its way. Nothing is known yet.');
  expect(says('push', test({ sent_at: '10:00' }), when)).toBe('Sent at 10:00. Not known to have reached you.');
  expect(says('push', test({ sent_at: '10:00', delivered_at: '10:01' }), when)).toBe('Sent at 10:00, reached a device at 10:01.');
  expect(says('email', test({ sent_at: '10:00' }), when)).toBe('Handed over for sending at 10:00. Whether it arrived, only you can tell us: open the link in it.');
  expect(says('sms', test({ sent_at: '10:00', seen_at: '10:02' }), when)).toBe('Handed over for sending at 10:00, opened at 10:02.');
  expect(says('email', test({ sent_at: '10:00', problem: 'unreachable' }), when)).toBe('It did not go. The server that sends it could not be reached.');
  expect(says('email', test({ sent_at: '10:00', delivered_at: '10:02' }), when), 'the link in it was used').toBe('Handed over for sending at 10:00, opened at 10:02.');
  const of = (kind: 'push' | 'email', change: Partial<ChannelTest>) => isOver(kind, test(change));
  expect([isOver('push', null), of('push', { sent_at: '10:00' }), of('push', { delivered_at: '10:01' }), of('email', { delivered_at: '10:01' }), of('push', { problem: 'x' }), of('push', { seen_at: '10:02' })]).toEqual([false, false, false, true, true, true]);
});

it('says why it did not go in words, and never as a bare code', () => {
  const why = (problem: string, kind: 'push' | 'email' | 'sms' = 'email') => says(kind, test({ problem }), when).replace('It did not go. ', '');
  for (const code of ['unreachable', 'keys', 'stale', 'ended', 'unavailable', 'address']) expect(why(code)).toMatch(/^(The|Our|It|This) .*\.$/);
  for (const code of ['535', '401', '403', '421']) expect(why(code)).toBe(`The mail server or gateway said no (${code}).`);
  expect(why('400 21211', 'sms')).toBe('The mail server or gateway said no (400 21211).');
  expect(why('403', 'push')).toBe('The notification service said no (403).');
  expect(why('newly_invented')).toBe('We don’t know why (newly_invented).');
});

it('takes a way for working only when the last test was seen, or a device said that it was there', () => {
  const shown = (kind: 'push' | 'email' | 'sms' | 'voice', change: Partial<ChannelTest>) => isShown(kind, test(change));
  for (const kind of ['email', 'sms', 'voice'] as const) {
    expect([isShown(kind, null), shown(kind, {}), shown(kind, { sent_at: '10:00' }), shown(kind, { problem: '535' }), shown(kind, { sent_at: '10:00', seen_at: '10:02' })]).toEqual([false, false, false, false, true]);
  }
  expect([isShown('push', null), shown('push', { sent_at: '10:00' }), shown('push', { sent_at: '10:00', delivered_at: '10:01' })]).toEqual([false, false, true]);
});

it('says why a way would not ring', () => {
  expect(whyNot({ kind: 'sms', available: false, works: false })).toBe('channels.not_sms');
  expect(whyNot({ kind: 'push', available: true, works: false })).toBe('channels.not_push');
  expect(whyNot({ kind: 'email', available: true, works: true })).toBeNull();
});

it('tidies numbers and addresses, and knows what is none', () => {
  expect(tidied('sms', '+44 (0)7700 900123')).toBe('+447700900123');
  expect(tidied('voice', '0044 7700 900 123')).toBe('+447700900123');
  expect(tidied('sms', '07700 900123')).toBe('+447700900123');
  expect(tidied('sms', '7700')).toBeNull();
  expect(tidied('email', ' dee@harbour.example ')).toBe('dee@harbour.example');
  expect(tidied('email', 'dee@harbour')).toBeNull();
});
