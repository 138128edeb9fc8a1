/// <reference lib="webworker" />
import { whatThePhoneKnows } from './sw/phone';
import { listenForPushes } from './sw/push';
import { tellServer } from './sw/renew';

// The client's app with no network: every file of it is stored at install and answered from the store.
// The team's app and the API are never touched here. The list is written by build/client-first-load.ts. And notifications (sw/push.ts).

type ServiceWorkerScope = ServiceWorkerGlobalScope & { __PRECACHE: [url: string, revision: string][] };
declare const self: ServiceWorkerScope;

const files = [...new Map(self.__PRECACHE)]; // one entry a url: the same twice makes addAll fail, and nothing installs
const version = 'app-' + [...files.join('|')].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7).toString(36);

self.addEventListener('install', (event) => {
  const requests = files.map(([url]) => new Request(url === 'index.html' ? '/' : `/${url}`, { cache: 'reload' }));
  event.waitUntil(caches.open(version).then((cache) => cache.addAll(requests)));
});

// No skipWaiting by itself: a page with a half-filled check-in keeps the app it began with. The page asks when it may.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('app-') && name !== version).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  const page = request.mode === 'navigate';
  if (page ? url.pathname !== '/' && url.pathname !== '/index.html' : !files.some(([file]) => url.pathname === `/${file}`)) return;
  event.respondWith(
    caches
      .open(version)
      .then((cache) => cache.match(page ? '/' : request, { ignoreSearch: true }))
      .then((found) => found ?? fetch(request)),
  );
});

listenForPushes({ name: 'client', knows: whatThePhoneKnows, moved: tellServer });
