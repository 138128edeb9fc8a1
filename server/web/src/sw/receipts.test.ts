import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Receipt } from '../shared/wire-push';
import { own, receipt, sendReceipts } from './receipts';
import { asked, within } from './store';

const one = (id: string): Receipt => ({ id, token: 't', what: 'delivered', at: '2026-11-22T21:00:00Z' });
let posted: Receipt[][];
let answer: () => Promise<{ ok: boolean; status: number }>;
beforeEach(async () => {
  posted = [];
  answer = async () => ({ ok: true, status: 200 });
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    posted.push((JSON.parse(body) as { receipts: Receipt[] }).receipts);
    return answer();
  });
  await own('client', 'readwrite', 'receipts', (store) => asked(store.clear()));
});

describe('receipts', () => {
  test('go at once, and are not sent again', async () => {
    expect(await receipt('client', [one('a')])).toBe(true);
    expect(await sendReceipts('client')).toBe('none');
    expect(posted).toEqual([[one('a')]]);
  });

  test('stay on the phone while the server cannot be reached, and go together later', async () => {
    for (const lost of [() => Promise.reject(new Error('no network')), async () => ({ ok: false, status: 503 }), async () => ({ ok: false, status: 429 })]) {
      answer = lost;
      expect(await receipt('client', [one('a')])).toBe(false);
    }
    answer = async () => ({ ok: true, status: 200 });
    posted = [];
    expect(await receipt('client', [one('b')])).toBe(true);
    expect(posted).toEqual([[one('a'), one('a'), one('a'), one('b')]]);
  });

  test('go twenty at a time', async () => {
    answer = () => Promise.reject(new Error('no network'));
    await receipt('client', Array.from({ length: 45 }, (_, n) => one(String(n))));
    answer = async () => ({ ok: true, status: 200 });
    posted = [];
    expect(await sendReceipts('client')).toBe('sent');
    expect(posted.map((some) => some.length)).toEqual([20, 20, 5]);
  });

  test('that the server will never take are let go', async () => {
    answer = async () => ({ ok: false, status: 422 });
    expect(await receipt('client', [one('a')])).toBe(true);
    expect(posted).toHaveLength(1);
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
