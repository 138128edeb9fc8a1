/// <reference lib="webworker" />

// In the place of a service worker that is broken. A browser asks the server for /sw.js past every worker and every cache, so this one
// gets in whatever the other does. It takes away the files of the app that are stored, and itself; what a person has written is in
// IndexedDB and is not touched. The next start is from the network, and installs whatever /sw.js is by then.

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(replace()));

async function replace(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith('app-')) await caches.delete(name);
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  await self.registration.unregister();
  await Promise.all(pages.map(async (page) => ((await isWell(page)) ? undefined : page.navigate(page.url).catch(() => null))));
}

/** A page of ours answers, and is left alone: something may be half written in it. What the broken worker has put there does not. */
const isWell = (page: WindowClient): Promise<boolean> =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(true);
    setTimeout(() => done(false), 3_000);
    page.postMessage({ there: true }, [port2]);
  });

export {};
