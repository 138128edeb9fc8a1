/// <reference lib="webworker" />
import type { WorkerMessage } from '../shared/wire-push';
import { acknowledged, notification, receipts, type Carried } from './notification';
import { understand } from './payload';
import type { Knows } from './phone';
import { isOf, type AppName } from './places';
import { receipt, sendReceipts, type Sent } from './receipts';
import type { Understood } from './payload';

// Both apps' service workers: show what comes, say what became of it, and lead to the right page.

declare const self: ServiceWorkerGlobalScope;

type PushApp = {
  name: AppName;
  knows: (push: Understood | null, now: number) => Promise<Knows>;
  /** The browser has given this device a new address. */
  moved: (subscription: PushSubscription) => Promise<void>;
};

export function listenForPushes({ name, knows, moved }: PushApp): void {
  self.addEventListener('push', (event) => event.waitUntil(came(event.data)));

  async function came(data: PushMessageData | null) {
    const now = Date.now();
    const push = understand(data?.text() ?? null);
    await show(push, now);
    await say(push ? receipts({ id: push.id, token: push.r }, '', now).map((one) => ({ ...one, what: 'delivered' as const })) : []);
    await tell({ news: push?.kind ?? 'other' });
  }

  async function show(push: Understood | null, now: number) {
    const [known, shown] = await Promise.all([
      knows(push, now),
      push?.tag ? self.registration.getNotifications({ tag: push.tag }).catch(() => []) : [],
    ]);
    const again = shown.some((one) => (one.data as Carried | null)?.id === push?.id);
    await put(notification(name, push, { ...known, again }));
  }

  const put = ({ title, options }: ReturnType<typeof notification>) => self.registration.showNotification(title, options);

  self.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(touched(event.notification.data as Carried | null, event.action, event.notification.tag));
  });

  async function touched(carried: Carried | null, action: string, tag: string) {
    const answers = action === 'done' || action === 'snooze' || action === 'acknowledge';
    // The window first: browsers allow it only for a moment after the touch.
    if (!answers) await lead(carried?.url ?? (name === 'team' ? '/team/' : '/'));
    const sent = await say(receipts(carried ?? { id: '', token: '' }, action, Date.now()));
    if (action === 'acknowledge' && carried) await put(acknowledged(carried.id, sent, tag, (await knows(null, Date.now())).language));
    await tell({ news: 'answered' });
  }

  self.addEventListener('pushsubscriptionchange', (untyped) => {
    const event = untyped as ExtendableEvent & { newSubscription?: PushSubscription | null; oldSubscription?: PushSubscription | null };
    event.waitUntil(
      (async () => {
        const options = event.oldSubscription?.options;
        const fresh = event.newSubscription ?? (options ? await self.registration.pushManager.subscribe(options) : null);
        if (fresh) await moved(fresh);
        // A page that is open compares for itself, and so does the next one that opens.
        await tell({ news: 'subscription' });
      })().catch((error) => console.warn('push', error)),
    );
  });

  self.addEventListener('sync', (untyped) => {
    const event = untyped as ExtendableEvent & { tag: string };
    if (event.tag === 'receipts') event.waitUntil(sendReceipts(name).then(catchUp));
  });
  self.addEventListener('message', (event) => {
    if (event.data === 'send-receipts') event.waitUntil(sendReceipts(name).then(catchUp).then(({ outcome }) => (outcome === 'taken' || outcome === 'refused' ? tell({ news: 'answered' }) : undefined)));
  });

  async function say(news: Parameters<typeof receipt>[1]): Promise<Sent> {
    const sent = await receipt(name, news).catch((): Sent => ({ outcome: 'later', answers: {} }));
    if (sent.outcome !== 'later') return catchUp(sent);
    const { sync } = self.registration as ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };
    await sync?.register('receipts').catch(() => undefined);
    return sent;
  }

  /** What waited has gone by now: a notification that says otherwise is put right. */
  async function catchUp(sent: Sent): Promise<Sent> {
    if (sent.outcome === 'later') return sent;
    for (const one of await self.registration.getNotifications().catch(() => [])) {
      const { untold } = (one.data ?? {}) as Partial<Carried>;
      if (!untold) continue;
      one.close();
      await put(acknowledged(untold, sent, one.tag, (await knows(null, Date.now())).language));
    }
    return sent;
  }

  const pages = async () => (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter((page) => isOf(name, page.url));

  async function tell(message: WorkerMessage) {
    for (const page of await pages()) page.postMessage(message);
  }

  /** A page that is open is not loaded anew: it goes there by itself, and what was typed in it stays. */
  async function lead(url: string) {
    const open = await pages();
    const page = open.find((one) => one.visibilityState === 'visible') ?? open[0];
    if (!page) return void (await self.clients.openWindow(url));
    page.postMessage({ go: url.slice(url.indexOf('#')) } satisfies WorkerMessage);
    await page.focus().catch(() => undefined);
  }
}
