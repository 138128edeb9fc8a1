import { letReceiptsGo, listen } from '../../shared/push/listen';
import { zoneHere } from '../reminders/times';
import { askAgain, saveSettings } from '../reminders/view.svelte';
import { go, parse, route } from '../router.svelte';
import { reminders } from '../store/about';
import { session } from '../store/session.svelte';
import { run } from '../store/sync.svelte';
import { loadAsked, push } from './push.svelte';

/** Beside the app's start: nothing waits for it, and nobody is asked anything. */
export function startPush(): void {
  listen((message) => {
    if ('go' in message) void lead(message.go);
    else if (message.news === 'subscription') void push.keep();
    else {
      void run();
      void askAgain();
      void push.look().catch(() => undefined);
    }
  });
  void look();
  // A phone may keep the app open for weeks.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void look();
  });
}

/** Nobody has done with the page that they are led away from: what they typed there is there again. */
async function lead(hash: string): Promise<void> {
  const { page, argument } = parse(hash);
  if (page === route.page && argument === route.argument) return;
  await import('../shell/typed.svelte').then(({ holdTyped }) => holdTyped()).catch(() => undefined);
  go(page, argument);
}

const SELDOM = 60 * 60_000;
let compared = 0;

export async function look(): Promise<void> {
  await loadAsked().catch(() => undefined);
  // Two questions to the server: not each time that somebody comes back to the app.
  if (session.current?.over === null && Math.abs(Date.now() - compared) > SELDOM) {
    compared = Date.now();
    await push.keep().catch((error) => console.warn('push', error));
  }
  if ('serviceWorker' in navigator) letReceiptsGo(await navigator.serviceWorker.getRegistration('/').catch(() => undefined));
  await tellZone().catch(() => undefined);
}

/** Only for somebody who wants reminders to come along: where the phone is stays on the phone otherwise. */
async function tellZone(): Promise<void> {
  const settings = reminders.data?.settings;
  const here = zoneHere();
  if (settings?.follow_travel && here && settings.zone_here !== here) await saveSettings({ zone_here: here });
}
