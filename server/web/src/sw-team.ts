/// <reference lib="webworker" />
import { listenForPushes } from './sw/push';

// Notifications of the team's app, and nothing else: a desk is always asked afresh, so nothing of it is stored here.

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

listenForPushes({
  name: 'team',
  knows: async () => ({ titles: [], language: 'en' }),
  // The session is a tab's own: the page tells the server, the next time it is open.
  moved: async () => undefined,
});
