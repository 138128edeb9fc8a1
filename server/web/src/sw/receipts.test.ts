import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Receipt } from '../shared/wire-push';
import { own, receipt, sendReceipts, type Sent } from './receipts';
import { asked, within } from './store';

const one = (id: string): Receipt => ({ id, token: 't', what: 'delivered', at: '2026-11-22T21:00:00Z' });
let posted: Receipt[][];
let answer: () => Promise<{ ok: boolean; status: number; json?: () => Promise<unknown> }>;
const outcome = async (sent: Promise<Sent>) => (await sent).outcome;
beforeEach(async () => {
  posted = [];
  answer = async () => ({ ok: true, status: 200 });
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    posted.push((JSON.parse(body) as { receipts: Receipt[] }).receipts);
    return answer();
  });
  for (const app of ['client', 'team']) await own(app, 'readwrite', 'receipts', (store) => asked(store.clear()));
});

describe('receipts', () => {
  test('go at once, and are not sent again', async () => {
    expect(await outcome(receipt('client', [one('a')]))).toBe('taken');
    expect(await outcome(sendReceipts('client'))).toBe('none');
    expect(posted).toEqual([[one('a')]]);
  });

  test('stay on the phone while the server cannot be reached, and go together later', async () => {
    for (const lost of [() => Promise.reject(new Error('no network')), async () => ({ ok: false, status: 503 }), async () => ({ ok: false, status: 429 })]) {
      answer = lost;
      expect(await outcome(receipt('client', [one('a')]))).toBe('later');
    }
    answer = async () => ({ ok: true, status: 200 });
    posted = [];
    expect(await outcome(receipt('client', [one('b')]))).toBe('taken');
    expect(posted).toEqual([[one('a'), one('a'), one('a'), one('b')]]);
  });

  test('go twenty at a time', async () => {
    answer = () => Promise.reject(new Error('no network'));
    await receipt('client', Array.from({ length: 45 }, (_, n) => one(String(n))));
    answer = async () => ({ ok: true, status: 200 });
    posted = [];
    expect(await outcome(sendReceipts('client'))).toBe('taken');
    expect(posted.map((some) => some.length)).toEqual([20, 20, 5]);
  });

  test('that the server will never take are let go', async () => {
    answer = async () => ({ ok: false, status: 422 });
    expect(await outcome(receipt('client', [one('a')]))).toBe('refused');
    expect(posted).toHaveLength(1);
  });

  test('of which one is refused go by themselves, and only that one is let go', async () => {
    answer = () => Promise.reject(new Error('no network'));
    await receipt('team', [one('bad'), one('a'), { ...one('ring'), what: 'acknowledge' }]);
    posted = [];
    answer = async () => {
      const sent = posted.at(-1)!;
      if (sent.some(({ id }) => id === 'bad')) return { ok: false, status: 422 };
      return { ok: true, status: 200, json: async () => ({ acknowledged: sent.filter(({ what }) => what === 'acknowledge').map(({ id }) => ({ id, outcome: 'yours' })) }) };
    };
    expect(await sendReceipts('team')).toEqual({ outcome: 'taken', answers: { ring: 'yours' } });
    expect(posted.map((some) => some.map(({ id }) => id))).toEqual([['bad', 'a', 'ring'], ['bad'], ['a'], ['ring']]);
    expect(await outcome(sendReceipts('team'))).toBe('none');
  });

  test('by themselves stay where the server cannot be reached any more', async () => {
    answer = () => Promise.reject(new Error('no network'));
    await receipt('team', [one('bad'), { ...one('ring'), what: 'acknowledge' }]);
    posted = [];
    answer = () => (posted.length > 2 ? Promise.reject(new Error('no network')) : Promise.resolve({ ok: false, status: 422 }));
    expect(await outcome(sendReceipts('team'))).toBe('later');
    answer = async () => ({ ok: true, status: 200 });
    posted = [];
    await sendReceipts('team');
    expect(posted).toEqual([[{ ...one('ring'), what: 'acknowledge' }]]);
  });

  test('bring back what came of “I’ve got this”, also when it went later', async () => {
    answer = () => Promise.reject(new Error('no network'));
    expect(await receipt('team', [{ ...one('a'), what: 'acknowledge' }])).toEqual({ outcome: 'later', answers: {} });
    answer = async () => ({ ok: true, status: 200, json: async () => ({ acknowledged: [{ id: 'a', outcome: 'taken' }, { id: 'b', outcome: 'newly_invented' }] }) });
    expect(await sendReceipts('team')).toEqual({ outcome: 'taken', answers: { a: 'taken' } });
  });

  test('of the two apps are apart', async () => {
    answer = () => Promise.reject(new Error('no network'));
    await receipt('team', [one('a')]);
    posted = [];
    await sendReceipts('client');
    expect(posted).toEqual([]);
  });
});

test('the app’s own store is read, and never made, by a service worker', async () => {
  await expect(within('nobody-made-this', null, 'readonly', 'kept', (store) => asked(store.get('session')))).rejects.toBeTruthy();
  expect((await indexedDB.databases()).map((db) => db.name)).not.toContain('nobody-made-this');
});
