// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answer, nameOf, storeAll, tidy, type Files } from './files';

let stores: Map<string, Map<string, string>>;
let served: Record<string, string>;
let broken: boolean;

const pathOf = (of: unknown): string => new URL(typeof of === 'string' ? of : (of as { url: string }).url, 'https://here.example').pathname;
beforeEach(() => {
  [stores, broken] = [new Map(), false];
  const get = (url: string) => (url in served ? new Response(served[url]) : new Response('', { status: 404 }));
  const found = (store: Map<string, string> | undefined, url: string) => (store?.has(url) ? new Response(store.get(url)) : undefined);
  vi.stubGlobal('Request', class { constructor(readonly url: string) {} });
  vi.stubGlobal('fetch', async (request: unknown) => get(pathOf(request)));
  vi.stubGlobal('caches', {
    open: async (name: string) => {
      if (broken) throw new DOMException('no', 'UnknownError');
      const store = stores.get(name) ?? new Map<string, string>();
      stores.set(name, store);
      return {
        match: async (request: unknown) => found(store, pathOf(request)),
        addAll: async (requests: unknown[]) => {
          for (const one of requests) store.set(pathOf(one), served[pathOf(one)] ?? '');
        },
        put: async (request: unknown, response: Response) => void store.set(pathOf(request), await response.text()),
      };
    },
    match: async (request: unknown) => [...stores.values()].map((store) => found(store, pathOf(request))).find(Boolean),
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

const PAGE = '<p>page of one</p>';
const revisionOf = async (text: string) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))].map((byte) => byte.toString(16).padStart(2, '0')).join('').slice(0, 12);
const one = async (): Promise<Files> => [['index.html', await revisionOf(PAGE)], ['assets/client-1.js', 'x']];
const textOf = async (path: string, name: string, page = false) => (await answer(name, { url: path } as Request, page)).text();

test('the page is stored with its own files, or nothing is', async () => {
  served = { '/': PAGE, '/assets/client-1.js': 'one' };
  const files = await one();
  const name = nameOf(files);
  await storeAll(name, files);
  served = {};
  expect([await textOf('/', name, true), await textOf('/assets/client-1.js', name)]).toEqual([PAGE, 'one']);

  // Servers are being brought up to date: the page is of another version than the worker that asks for it.
  served = { '/': '<p>page of two</p>', '/assets/client-1.js': 'one' };
  await expect(storeAll(name, files)).rejects.toThrow('not of this version');
  expect(await textOf('/', name, true), 'what was stored is left as it was').toBe(PAGE);
});

const IDLE = { installing: null, waiting: null };
const worker = {} as ServiceWorker;

test('a tab that runs the version before still finds all of it; with no tab open it goes', async () => {
  for (const name of ['app-0', 'app-1', 'app-2']) stores.set(name, new Map([[`/assets/late-${name}.js`, name]]));
  stores.set('theirs', new Map());
  served = {};
  await tidy('app-2', 1, IDLE);
  expect([...stores.keys()]).toEqual(['app-1', 'app-2', 'theirs']);
  expect(await textOf('/assets/late-app-1.js', 'app-2')).toBe('app-1');
  await tidy('app-2', 0, IDLE);
  expect([...stores.keys()]).toEqual(['app-2', 'theirs']);
});

test('what a newer version is being installed into, or waits with, is not taken for older', async () => {
  for (const name of ['app-0', 'app-1', 'app-2']) stores.set(name, new Map());
  for (const newer of [{ installing: worker }, { waiting: worker }]) await tidy('app-1', 0, { ...IDLE, ...newer });
  expect([...stores.keys()]).toEqual(['app-0', 'app-1', 'app-2']);
});

test('where the browser’s store fails, the network answers', async () => {
  broken = true;
  vi.spyOn(caches, 'match').mockRejectedValue(new DOMException('no', 'UnknownError'));
  served = { '/assets/client-1.js': 'one' };
  expect(await textOf('/assets/client-1.js', 'app-1')).toBe('one');
});
