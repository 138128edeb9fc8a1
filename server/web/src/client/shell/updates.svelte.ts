/**
 * A newer app is waiting. The person says when; under a half-filled form nothing changes by itself. `taken`: it was taken in another tab, and
 * this one still runs the older. `failed`: the app could not be stored, and may not open with no signal.
 */
export const update = $state<{ waiting: ServiceWorker | null; taken: boolean; failed: boolean }>({ waiting: null, taken: false, failed: false });

let asked = false;
let registration: ServiceWorkerRegistration | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
/** What breaks at once breaks again: nobody's data is used up by going to and fro. */
const BREATH = 60_000;
let failedAt = 0;
let pause = 2 * BREATH;

export function startUpdates(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // The very first one takes over a page that had none, which is no news.
  let had = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) startAnew();
    else if (had) Object.assign(update, { waiting: null, taken: true });
    else if (registration) look(registration);
    had = true;
  });
  // Whoever replaces a broken worker asks whether this page is well (sw-replace.ts).
  navigator.serviceWorker.addEventListener('message', ({ data, ports }) => {
    if ((data as { there?: true } | null)?.there) ports[0]?.postMessage('yes');
  });
  void store();
  window.addEventListener('online', again);
  // A phone may keep the app open for weeks.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void (update.failed ? again() : registration?.update().catch(() => undefined));
  });
}

/** Not while the new worker is still coming to life: a page that is asked for then has to wait for it. */
function startAnew(): void {
  const worker = navigator.serviceWorker.controller;
  const anew = () => location.reload();
  if (!worker || worker.state === 'activated') return anew();
  worker.addEventListener('statechange', anew, { once: true });
  setTimeout(anew, 3_000);
}

const store = (): Promise<void> => navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).then(watch, failed);

const again = (): unknown => update.failed && Date.now() - failedAt > BREATH && store();

/** No browser tries again by itself what it has never stored yet. Left alone, each time after twice as long, up to an hour, for phones with little data or little room. */
function failed(why: unknown): void {
  console.warn('storing the app', why);
  update.failed = true;
  failedAt = Date.now();
  clearTimeout(timer);
  timer = setTimeout(() => {
    pause = Math.min(pause * 2, 3_600_000);
    void store();
  }, pause);
}

function watch(found: ServiceWorkerRegistration): void {
  registration = found;
  const follow = () => {
    const worker = found.installing;
    if (!worker) return;
    worker.onstatechange = () => {
      look(found);
      // Not one file of it is kept without all the others, as with a signal that goes in the middle.
      if (worker.state === 'redundant' && !found.active) failed('redundant');
    };
  };
  look(found);
  follow();
  found.onupdatefound = follow;
}

function look({ waiting, active }: ServiceWorkerRegistration): void {
  const { controller } = navigator.serviceWorker;
  // The very first one installs with nobody waiting; only a second one is an update.
  if (waiting && controller) update.waiting = waiting;
  if (!active) return;
  update.failed = false;
  // A page that was being loaded while the worker came to life belongs to none, and has its other pages only with a signal. One that is
  // still coming to life takes on what there is by itself.
  if (!controller && active.state === 'activated') active.postMessage('claim');
}

export async function takeUpdate(): Promise<void> {
  // Half-typed words are there again afterwards.
  await import('./typed.svelte').then(({ keepTyped }) => keepTyped()).catch(() => undefined);
  if (!update.waiting) return location.reload();
  asked = true;
  update.waiting.postMessage('take-over');
}
