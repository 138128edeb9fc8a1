// The files of the app on this phone: stored at install, each version in a cache of its own, and answered from there.

export type Files = [url: string, revision: string][];

const OURS = 'app-';
const PAGE = 'index.html';
export const nameOf = (files: Files): string => OURS + [...files.join('|')].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7).toString(36);

/**
 * All of them or none. While servers are brought up to date one by one, the page may come from another version than this worker: with that nothing is
 * installed, and it is tried again (client/shell/updates.svelte.ts). It is looked at before anything is written, as an older worker may have the same cache in use.
 */
export async function storeAll(name: string, files: Files): Promise<void> {
  const page = await fetch(new Request('/', { cache: 'reload' }));
  const digest = await crypto.subtle.digest('SHA-256', await page.clone().arrayBuffer());
  const revision = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('').slice(0, 12);
  if (!page.ok || revision !== new Map(files).get(PAGE)) throw new Error('The page is not of this version.');
  const cache = await caches.open(name);
  await cache.addAll(files.filter(([url]) => url !== PAGE).map(([url]) => new Request(`/${url}`, { cache: 'reload' })));
  await cache.put('/', page);
}

/** From this version, else from one that a tab still runs, else from the network; also where the browser's store fails. */
export async function answer(name: string, request: Request, page: boolean): Promise<Response> {
  const here = async () => (await caches.open(name)).match(page ? '/' : request, { ignoreSearch: true });
  const older = async () => (page ? undefined : caches.match(request, { ignoreSearch: true }));
  return (await here().catch(() => undefined)) ?? (await older().catch(() => undefined)) ?? fetch(request);
}

/**
 * Lets go of older versions. As long as a tab is open it may run the one before, and need a part of it that has not been loaded. While a newer one is
 * being installed, or waits, one of them is newer: then nothing goes.
 */
export async function tidy(name: string, tabs: number, registration: Pick<ServiceWorkerRegistration, 'installing' | 'waiting'>): Promise<void> {
  const older = (await caches.keys()).filter((one) => one.startsWith(OURS) && one !== name);
  if (registration.installing || registration.waiting) return;
  await Promise.all((tabs ? older.slice(0, -1) : older).map((one) => caches.delete(one)));
}
