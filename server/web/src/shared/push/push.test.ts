import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Unreachable, type Api } from '../api';
import type { Subscription } from '../wire-push';
import { Push, type Kept } from './push.svelte';

// A browser, a server and somebody's phone, as far as notifications know them.
const KEY = 'AQID';
let permission: NotificationPermission;
let answer: NotificationPermission;
let inBrowser: { endpoint: string } | null;
let made: number;
let onServer: Subscription[];
let kept: Kept | null;
let owner: string | null;
let reachable: boolean;
let noService: boolean;

const subscription = (endpoint: string) => ({
  endpoint,
  options: { applicationServerKey: null },
  getKey: () => new Uint8Array([1, 2, 3]).buffer,
  unsubscribe: async () => ((inBrowser = null), true),
});
const registration = {
  active: {},
  getNotifications: async () => [],
  pushManager: {
    getSubscription: async () => inBrowser,
    subscribe: async () => {
      if (noService) throw new DOMException('push service error', 'AbortError');
      return (inBrowser = subscription(`https://push.example/${++made}`));
    },
  },
} as unknown as ServiceWorkerRegistration;
const heard = <T>(value: T): Promise<T> => (reachable ? Promise.resolve(value) : Promise.reject(new Unreachable()));
const api = {
  get: () => heard({ items: onServer }),
  put: (path: string) =>
    heard(null).then(() => {
      const id = path.split('/').at(-1)!;
      for (const one of onServer) one.ended ??= 'replaced';
      const row: Subscription = { id, made_at: '2026-11-22T10:00:00Z', last_sent_at: null, last_delivered_at: null, last_seen_at: null, ended: null };
      onServer = [row, ...onServer];
      return row;
    }),
  delete: (path: string) => heard(null).then(() => void (onServer = onServer.filter((one) => !path.endsWith(one.id)))),
} as unknown as Api;
const phone = () =>
  new Push({ base: '/me', api: () => api, owner: () => owner, worker: async () => registration, read: async () => kept, write: async (value) => void (kept = value) });

beforeEach(() => {
  [permission, answer, inBrowser, made, onServer, kept, owner, reachable, noService] = ['default', 'granted', null, 0, [], null, 'jo', true, false];
  vi.stubGlobal('PushManager', class {});
  vi.stubGlobal('Notification', {
    get permission() {
      return permission;
    },
    requestPermission: async (done?: (result: string) => void) => (done?.((permission = answer)), permission),
  });
  Object.defineProperty(navigator, 'serviceWorker', { configurable: true, value: {} });
  vi.stubGlobal('fetch', async () => (reachable ? new Response(JSON.stringify({ key: KEY })) : Promise.reject(new TypeError('no network'))));
});
const on = async () => {
  const push = phone();
  expect(await push.turnOn()).toBe('on');
  return push;
};

describe('turning notifications on', () => {
  test('asks, subscribes, and tells the server', async () => {
    const push = await on();
    expect([push.standing, made, onServer.length, kept?.owner, kept?.id]).toEqual(['on', 1, 1, 'jo', onServer[0]!.id]);
  });

  test('ends where the person says no, or says nothing', async () => {
    answer = 'denied';
    const push = phone();
    expect([await push.turnOn(), push.standing, made, kept]).toEqual(['blocked', 'blocked', 0, null]);
    permission = answer = 'default';
    expect([await push.turnOn(), push.standing, made]).toEqual(['dismissed', 'off', 0]);
  });

  test('says so when the browser has none, or cannot reach its push service', async () => {
    noService = true;
    const push = phone();
    expect([await push.turnOn(), push.standing, kept]).toEqual(['no_service', 'off', null]);
    vi.stubGlobal('PushManager', undefined);
    delete (window as { PushManager?: unknown }).PushManager;
    expect([await push.turnOn(), push.standing]).toEqual(['no_service', 'unsupported']);
  });
});

describe('at the start of the app', () => {
  test('nobody is ever asked', async () => {
    const push = phone();
    await push.keep();
    expect([push.standing, permission, made]).toEqual(['off', 'default', 0]);
  });

  test('what is as it was is left alone', async () => {
    await on();
    const push = phone();
    await push.keep();
    expect([push.standing, made, onServer.length]).toEqual(['on', 1, 1]);
  });

  test('what the browser lost is made again, and the server told', async () => {
    await on();
    inBrowser = null;
    await phone().keep();
    expect([made, onServer.map((one) => one.ended), kept?.endpoint]).toEqual([2, [null, 'replaced'], 'https://push.example/2']);
  });

  test('what the server lost is told again; what the push service has given up is made anew', async () => {
    await on();
    onServer = [];
    await phone().keep();
    expect([made, onServer.length, kept?.id]).toEqual([1, 1, onServer[0]!.id]);
    onServer[0]!.ended = 'gone';
    await phone().keep();
    expect([made, onServer[0]!.ended, kept?.endpoint]).toEqual([2, null, 'https://push.example/2']);
  });

  test('with no signal nothing is lost, and the next start sees to it', async () => {
    await on();
    reachable = false;
    const push = phone();
    await push.keep();
    expect([push.standing, made, inBrowser !== null, kept !== null]).toEqual(['on', 1, true, true]);
  });

  test('somebody else who has joined is not told what was meant for another', async () => {
    await on();
    owner = 'alex';
    const push = phone();
    await push.keep();
    expect([push.standing, inBrowser, kept]).toEqual(['off', null, null]);
  });

  test('whoever switched it off in the browser’s settings is not asked again', async () => {
    await on();
    permission = 'denied';
    const push = phone();
    await push.keep();
    expect(push.standing).toBe('blocked');
  });
});

describe('turning it off', () => {
  test('works at once, and the server is told', async () => {
    const push = await on();
    await push.turnOff();
    expect([push.standing, inBrowser, kept, onServer]).toEqual(['off', null, null, []]);
  });
  test('works with no signal too', async () => {
    const push = await on();
    reachable = false;
    await push.turnOff();
    expect([push.standing, inBrowser, kept]).toEqual(['off', null, null]);
  });
  test('goes with signing out', async () => {
    const push = await on();
    await push.leave();
    expect([push.standing, inBrowser, kept]).toEqual(['off', null, null]);
  });
  test('goes with a revocation that is heard while this device is being compared, and takes what is shown with it', async () => {
    const push = await on();
    // Compared by a tab that waits for the very session which is being ended; what is kept may be gone by then.
    vi.stubGlobal('navigator', Object.assign(navigator, { locks: { request: () => new Promise(() => undefined) } }));
    kept = null;
    let shown = 1;
    vi.spyOn(registration, 'getNotifications').mockResolvedValue([{ close: () => shown-- } as unknown as Notification]);
    await push.leave();
    vi.stubGlobal('navigator', Object.assign(navigator, { locks: undefined }));
    expect([push.standing, inBrowser, shown]).toEqual(['off', null, 0]);
  });
});
