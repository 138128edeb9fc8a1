import { Push, type Kept } from '../../shared/push/push.svelte';
import { letReceiptsGo, listen } from '../../shared/push/listen';
import { api, desk } from '../session.svelte';

// Notifications on this device. Turned on, they outlive the tab: a worker on call has closed it. Signing out ends them, and so does
// somebody else who signs in here. What is kept are ids and the address of this browser at its push service.

const KEY = 'companion-team-push';

export const push = new Push({
  base: '/team',
  api: () => api,
  owner: () => desk.me?.worker.id ?? null,
  worker: () => navigator.serviceWorker.register('/team/sw.js', { scope: '/team/', updateViaCache: 'none' }),
  read: async () => JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null,
  write: async (kept) => (kept ? localStorage.setItem(KEY, JSON.stringify(kept)) : localStorage.removeItem(KEY)),
});

/** What was turned on here earlier, by whomever. Where nothing was, no service worker is registered. */
const turnedOn = () => localStorage.getItem(KEY) !== null;

let listening = false;
/** Once somebody is signed in. */
export function startPush(): void {
  if (!listening) {
    listening = true;
    listen((message) => {
      if ('go' in message) location.hash = message.go;
      else if (message.news === 'subscription') void keep();
      else void push.look().catch(() => undefined);
    });
  }
  void keep();
}

async function keep(): Promise<void> {
  if (!turnedOn()) return;
  await push.keep().catch((error) => console.warn('push', error));
  letReceiptsGo(await navigator.serviceWorker?.getRegistration('/team/').catch(() => undefined));
}

/** Before the session is forgotten: a shared desk tells the next person nothing. */
export function leavePush(): void {
  if (turnedOn()) void push.leave().catch(() => undefined);
}
