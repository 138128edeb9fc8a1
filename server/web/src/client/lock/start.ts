import { hush } from '../aloud/hush';
import { session } from '../store/session.svelte';
import { lock, lockNow, lookAtLock } from './lock.svelte';
import { keepLooks } from './looks';

// Beside the app's start: with the lock on, the app locks itself after its time in the background. While it is in the background nothing of
// it can be seen, in the list of open apps either, or heard.

let hiddenAt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export async function startLock(): Promise<void> {
  if (session.locked) void import('./sending').then(({ startSending }) => startSending());
  document.addEventListener('visibilitychange', () => {
    if (!lock.now || !session.current) return;
    const wait = lock.now.after * 60_000;
    clearTimeout(timer);
    if (document.visibilityState === 'hidden') {
      hiddenAt = Date.now();
      hush();
      void keepLooks(true);
      document.documentElement.classList.add('covered');
      timer = setTimeout(lockNow, wait);
      return;
    }
    const away = Date.now() - hiddenAt;
    // A clock that was put back meanwhile says nothing: then it is locked.
    if (hiddenAt && (away < 0 || away >= wait)) lockNow();
    else document.documentElement.classList.remove('covered');
  });
  await lookAtLock();
  // What stands in front of the lock must be there when it locks, also where the app is not stored (yet) and the signal is gone.
  if (lock.now && !navigator.serviceWorker?.controller) void import('./Locked.svelte').catch(() => undefined);
}
