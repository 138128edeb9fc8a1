import { Unreachable } from '../../shared/api';
import { refreshRequests, openRequest, loadRequests } from '../contact/requests.svelte';
import { loadDraft } from '../check_ins/draft.svelte';
import { everything } from './about';
import { db } from './db';
import { flush } from './outbox';
import { loadPending, pending } from './pending.svelte';
import { loadPreferences, speakAsChosen } from './preferences.svelte';
import { loadProvider, refreshProvider, wearBrand } from './provider.svelte';
import { sendEntry } from './sender';
import { apiFor, loadSession, session } from './session.svelte';
import { time } from './now.svelte';

// Runs beside the views: reads what is stored, sends what waits, asks what is new. Views never wait for it.

const OFTEN = 10_000;
const SELDOM = 60_000;

/** `broken`: this phone lets us store nothing, which the person must be told. */
export const sync = $state<{ ready: boolean; broken: boolean; reached_at: number | null }>({ ready: false, broken: false, reached_at: null });

/** Another tab joined, signed out or sent something. */
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('companion');
export const tellTabs = (): void => tabs?.postMessage('changed');

export async function start(): Promise<void> {
  try {
    await loadSession();
    await loadPreferences();
    await loadProvider();
    await loadPerson();
  } catch {
    sync.broken = true;
  }
  sync.ready = true;
  wearBrand();
  tabs?.addEventListener('message', () => void loadSession().then(loadPerson).catch(() => undefined));
  for (const event of ['online', 'focus', 'pageshow']) window.addEventListener(event, () => void run());
  document.addEventListener('visibilitychange', () => void run());
  loop();
}

/** Reads this person's things from the phone; without a person, empties the shelves. */
export async function loadPerson(): Promise<void> {
  const id = session.current?.client_id ?? null;
  for (const shelf of everything) {
    if (id) await shelf.load(id);
    else shelf.clear();
  }
  await loadRequests(id);
  await loadDraft(id);
  await loadPending(id);
  speakAsChosen();
}

let timer: ReturnType<typeof setTimeout> | undefined;
function loop(): void {
  clearTimeout(timer);
  void run().finally(() => {
    const soon = openRequest() !== null || pending.entries.some((entry) => entry.state === 'waiting');
    timer = setTimeout(loop, soon ? OFTEN : SELDOM);
  });
}

let running: Promise<void> | null = null;
let again = false;

/** One round: send first, then ask. A call while one is under way makes another follow it. */
export function run(): Promise<void> {
  if (running) {
    again = true;
    return running;
  }
  running = round().finally(() => {
    running = null;
    if (again) {
      again = false;
      void run();
    }
  });
  return running;
}

/** Something new is in the outbox: show it, and let it go now. */
export async function nudge(): Promise<void> {
  await loadPending(session.current?.client_id ?? null);
  tellTabs();
  loop();
}

async function round(): Promise<void> {
  const id = session.current?.client_id ?? null;
  // A hidden page still sends what waits, but does not ask for news.
  const asking = document.visibilityState === 'visible';
  try {
    if (id) {
      const api = apiFor(id);
      if (pending.entries.length > 0) {
        await flush(await db(), id, (entry) => sendEntry(api, entry).finally(() => loadPending(id)));
        await loadPending(id);
        tellTabs();
      }
      if (asking) await refreshRequests(api, id);
      if (asking && !session.current?.over) for (const shelf of everything) await shelf.refresh(api, id);
    }
    if (asking) await refreshProvider();
    sync.reached_at = Date.now();
  } catch (error) {
    // No network is normal and shown as "as of"; anything else must not stop the next round either.
    if (!(error instanceof Unreachable)) console.warn('sync', error);
  } finally {
    time.now = Date.now();
    wearBrand();
  }
}
