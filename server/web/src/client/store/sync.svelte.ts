import { Unreachable } from '../../shared/api';
import type { Uuid } from '../../shared/wire';
import { refreshRequests, openRequest, loadRequests } from '../contact/requests.svelte';
import { loadDraft } from '../check_ins/draft.svelte';
import { everything } from './about';
import { db, elsewhere } from './db';
import { flush } from './outbox';
import { joinedHere } from './own';
import { loadPending, pending } from './pending.svelte';
import { loadPreferences } from './preferences.svelte';
import { loadProvider, refreshProvider, wearBrand } from './provider.svelte';
import { sendEntry } from './sender';
import { apiFor, loadSession, session } from './session.svelte';
import { beginSpeaking } from '../words/speaking.svelte';
import { time } from './now.svelte';

// Runs beside the views: reads what is stored, sends what waits, asks what is new. Views never wait for it.

const OFTEN = 10_000;
const SELDOM = 60_000;

/** `broken`: this phone lets us store nothing, which the person must be told. `elsewhere`: an older app is open in another tab. */
export const sync = $state({ ready: false, broken: false, elsewhere: false });

/** Another tab joined, signed out or sent something. */
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('companion');
export const tellTabs = (): void => tabs?.postMessage('changed');

export async function start(): Promise<void> {
  elsewhere.open = () => (sync.elsewhere = true);
  try {
    await loadSession();
    await loadPreferences();
    await loadProvider();
    await loadPerson();
  } catch {
    sync.broken = true;
  }
  await beginSpeaking();
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
}

/** One thing the server cannot tell now does not keep us from asking for the others. */
async function unlessUnreachable(error: unknown, id: Uuid): Promise<void> {
  if (error instanceof Unreachable) throw error;
  // That the session is over, or that somebody is signing out, is no news. The store knows it a moment before the views do.
  const own = await joinedHere(await db());
  if (own?.client_id === id && !own.over) console.warn('asking', error);
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
/** When everything was last asked for: how a request stands is asked often, the rest seldom, for phones with little data. */
let askedAll = 0;

/** Someone has just joined: everything is news. */
export async function welcome(): Promise<void> {
  askedAll = 0;
  await loadPerson();
  tellTabs();
  loop();
}

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
  const id = session.current?.client_id ?? null;
  await loadPending(id);
  tellTabs();
  // Not behind a round that may be waiting for slow answers.
  if (id) void sendWaiting(id).catch((error) => console.warn('sending', error));
  loop();
}

async function sendWaiting(id: Uuid): Promise<void> {
  const api = apiFor(id);
  await flush(await db(), id, (entry) => sendEntry(api, entry).finally(() => loadPending(id)));
  await loadPending(id);
  tellTabs();
}

async function round(): Promise<void> {
  const id = session.current?.client_id ?? null;
  // A hidden page still sends what waits, but does not ask for news.
  const asking = document.visibilityState === 'visible';
  try {
    // A mark in the pack changes nothing else, so it asks for nothing else.
    const news = pending.entries.some((entry) => !entry.kind.startsWith('pack_'));
    const all = asking && (Date.now() - askedAll > SELDOM - 5_000 || news);
    if (id) {
      const api = apiFor(id);
      if (pending.entries.length > 0) await sendWaiting(id);
      if (asking) await refreshRequests(api, id);
      for (const shelf of all ? everything : []) {
        if (session.current?.client_id !== id || session.current.over) break;
        await shelf.refresh(api, id).catch((error) => unlessUnreachable(error, id));
      }
    }
    if (all) {
      await refreshProvider();
      // Whoever joined meanwhile was not asked about: for them everything is still news.
      if (id === (session.current?.client_id ?? null)) askedAll = Date.now();
    }
  } catch (error) {
    // No network is normal and shown as "as of"; anything else must not stop the next round either.
    if (!(error instanceof Unreachable)) console.warn('sync', error);
  } finally {
    time.now = Date.now();
    wearBrand();
  }
}
