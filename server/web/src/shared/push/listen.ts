import type { WorkerMessage } from '../wire-push';

/** What the service worker says to the pages of its app. */
export function listen(heard: (message: WorkerMessage) => void): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
    if (data && typeof data === 'object' && ('go' in data || 'news' in data)) heard(data);
  });
  navigator.serviceWorker.startMessages?.();
}

/** Receipts that could not go yet may go now. */
export function letReceiptsGo(registration: ServiceWorkerRegistration | undefined): void {
  registration?.active?.postMessage('send-receipts');
}
