// What browsers can do and are allowed to, and what they call it.

export type Permission = 'unsupported' | 'blocked' | 'ask' | 'allowed';

/** Without a push service, or outside the home screen on an iPhone, a browser has no PushManager at all. */
export function permission(): Permission {
  if (typeof window === 'undefined' || !('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return 'unsupported';
  return { granted: 'allowed', denied: 'blocked', default: 'ask' }[Notification.permission] as Permission;
}

/** Asks the person, in the browser's own window. Only ever from a press of a button. Old Safari answers by callback. */
export async function ask(): Promise<Permission> {
  await new Promise<unknown>((done) => void Notification.requestPermission(done)?.then(done));
  return permission();
}

/** A worker that runs: a subscription needs one. */
export async function running(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  const worker = registration.active ? null : (registration.installing ?? registration.waiting);
  if (worker) {
    await new Promise<void>((done) => {
      const look = () => (worker.state === 'activated' || worker.state === 'redundant') && done();
      worker.addEventListener('statechange', look);
      look();
    });
  }
  return registration;
}

