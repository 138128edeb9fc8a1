/// <reference lib="webworker" />
import { answer, nameOf, storeAll, tidy, type Files } from './sw/files';
import { whatThePhoneKnows } from './sw/phone';
import { isOf } from './sw/places';
import { listenForPushes } from './sw/push';
import { tellServer } from './sw/renew';

// The client's app with no network: every file of it is stored at install and answered from the store.
// The API and the team's pages are never touched here. A team's page that has no worker of its own yet is answered /assets/ like the client's.
// The list is written by build/client-first-load.ts. And notifications (sw/push.ts).

type ServiceWorkerScope = ServiceWorkerGlobalScope & { __PRECACHE: Files };
declare const self: ServiceWorkerScope;

const files: Files = [...new Map(self.__PRECACHE)]; // one entry a url: the same twice makes addAll fail, and nothing installs
const version = nameOf(files);

self.addEventListener('install', (event) => event.waitUntil(storeAll(version, files)));

// No skipWaiting by itself: a page with a half-filled check-in keeps the app it began with. The page asks when it may.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
  if (event.data === 'claim') event.waitUntil(self.clients.claim());
});

const tabs = async () => (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter((page) => isOf('client', page.url)).length;
const tidyUp = async () => tidy(version, await tabs(), self.registration);

self.addEventListener('activate', (event) => {
  event.waitUntil(tidyUp().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  const page = request.mode === 'navigate';
  // What is not of this version may be of the one before, which a tab that did not take the update still runs.
  const mine = url.pathname.startsWith('/assets/') || files.some(([file]) => url.pathname === `/${file}`);
  if (page ? url.pathname !== '/' && url.pathname !== '/index.html' : !mine) return;
  event.respondWith(answer(version, request, page));
  // A start, with no other tab: nobody runs an older one.
  if (page) event.waitUntil(tidyUp().catch(() => undefined));
});

listenForPushes({ name: 'client', knows: whatThePhoneKnows, moved: tellServer });
