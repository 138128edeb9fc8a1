/** A newer app is waiting. The person says when; under a half-filled form nothing changes by itself. */
export const update = $state<{ waiting: ServiceWorker | null; failed: boolean }>({ waiting: null, failed: false });

let asked = false;

export function startUpdates(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload();
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
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer));
  // A phone may keep the app open for weeks.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void registration.update().catch(() => undefined);
  });
}

export function takeUpdate(): void {
  asked = true;
  update.waiting?.postMessage('take-over');
}
