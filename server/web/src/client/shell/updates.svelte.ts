/**
 * A newer app is waiting. The person says when; under a half-filled form nothing changes by itself. `taken`: it was taken in another tab, and
 * this one still runs the older. `failed`: the app could not be stored, and may not open with no signal.
 */
export const update = $state<{ waiting: ServiceWorker | null; taken: boolean; failed: boolean }>({ waiting: null, taken: false, failed: false });

let asked = false;

export function startUpdates(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // The very first one takes over a page that had none, which is no news.
  let had = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload();
    else if (had) Object.assign(update, { waiting: null, taken: true });
    had = true;
  });
  // Whoever replaces a broken worker asks whether this page is well (sw-replace.ts).
  navigator.serviceWorker.addEventListener('message', ({ data, ports }) => {
    if ((data as { there?: true } | null)?.there) ports[0]?.postMessage('yes');
  });
  navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).then(watch, (error) => {
    update.failed = true;
    console.warn('The app could not be stored for use with no signal.', error);
  });
}

function watch(registration: ServiceWorkerRegistration): void {
  // The very first one installs with nobody waiting; only a second one is an update.
  const offer = () => {
    if (registration.waiting && navigator.serviceWorker.controller) update.waiting = registration.waiting;
  };
  offer();
  const follow = (worker: ServiceWorker | null) =>
    worker?.addEventListener('statechange', () => {
      offer();
      // Not one file of it is kept without all the others, as with a signal that goes in the middle.
      update.failed = worker.state === 'redundant' && !registration.active;
    });
  follow(registration.installing);
  registration.addEventListener('updatefound', () => follow(registration.installing));
  // A phone may keep the app open for weeks.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void registration.update().catch(() => undefined);
  });
}

export async function takeUpdate(): Promise<void> {
  // Half-typed words are there again afterwards.
  await import('./typed.svelte').then(({ keepTyped }) => keepTyped()).catch(() => undefined);
  if (!update.waiting) return location.reload();
  asked = true;
  update.waiting.postMessage('take-over');
}
