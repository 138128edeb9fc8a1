import { Problem, Unreachable } from '../../shared/api';
import type { Instant, Uuid } from '../../shared/wire';
import { loadRequests, openRequest } from '../contact/requests.svelte';
import { loadDraft } from '../check_ins/draft.svelte';
import { pack } from '../pack/store.svelte';
import { everything } from './about';
import { db, elsewhere } from './db';
import { backoff, isContact, isUnsent } from './outbox/waits';
import type { Lane, Part } from './outbox/request';
import type { Asking, End } from './outbox/run';
import { Locked } from './keys';
import { loadPending, pending } from './pending.svelte';
import { full } from './quota.svelte';
import { loadPreferences } from './preferences.svelte';
import { loadProvider, refreshProvider, wearBrand } from './provider.svelte';
import { get, remembered } from './rows';
import { apiFor, isHere, loadSession, session } from './session.svelte';
import { tabs, tellTabs } from './tabs';
import { beginSpeaking } from '../words/speaking.svelte';
import { time } from './now.svelte';
import { update } from '../shell/updates.svelte';

// Runs beside the views: reads what is stored, sends what waits, asks what is new. Views never wait for it.

const OFTEN = 10_000;
const SELDOM = 60_000;
const HOUR = 3_600_000;

/**
 * `broken`: this phone lets us store nothing, which the person must be told. `elsewhere`: an older app is open in another tab. `away`: the
 * server did not answer the last time, whatever the phone says of its signal. `slow`: if it is not ready by now, numbers to ring are shown.
 * `asOf`: when all that is shown was last known to be so.
 */
export const sync = $state<{ ready: boolean; broken: boolean; elsewhere: boolean; slow: boolean; away: boolean; asOf: Instant | null }>({ ready: false, broken: false, elsewhere: false, slow: false, away: false, asOf: null });

export async function start(): Promise<void> {
  elsewhere.open = () => (sync.elsewhere = true);
  elsewhere.newer = () => (update.taken = true);
  // Nobody waits longer than that for a number to ring.
  setTimeout(() => (sync.slow = true), 2_000);
  await opened();
  await personOpened();
  await beginSpeaking();
  sync.ready = true;
  wearBrand();
  tabs?.addEventListener('message', () => void Promise.all([loadPreferences(), loadSession().then(loadPerson)]).catch(() => undefined));
  for (const event of ['online', 'focus', 'pageshow']) window.addEventListener(event, () => soon());
  document.addEventListener('visibilitychange', () => soon());
  soon();
}

/** Before the store has answered nobody knows who has joined, and nobody is told that nobody has. It may answer at the next try. */
async function opened(): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await Promise.all([loadSession(), loadPreferences(), loadProvider()]);
      sync.broken = false;
      return;
    } catch (error) {
      console.warn('opening', error);
      Object.assign(sync, { slow: true, broken: tries > 1 });
      await new Promise((done) => setTimeout(done, Math.min(2 ** tries, 30) * 1_000));
    }
  }
}

/** What of their things cannot be read now is read later, and is in nobody's way. */
async function personOpened(): Promise<void> {
  try {
    await loadPerson();
    sync.broken = false;
  } catch (error) {
    console.warn('opening', error);
    sync.broken = true;
    setTimeout(() => void personOpened(), 10_000);
  }
}

/** Where the book of the talk with the server lies (outbox/disk.ts), it is written when all that is shown was last known to be so. */
const readAsOf = async (id: Uuid): Promise<Instant | null> => (await get(await db(), 'cache', [id, 'sync']))?.at || null;

/** Reads this person's things from the phone; without a person, empties the shelves. */
export async function loadPerson(): Promise<void> {
  const id = session.current?.client_id ?? null;
  await Promise.all([loadRequests(id), loadDraft(id), loadPending(id), loadShelves(id)]);
}

async function loadShelves(id: Uuid | null): Promise<void> {
  const rows = id && (await remembered(await db(), id));
  // Somebody who has left or locked the app meanwhile is shown no more.
  if (!isHere(id)) return;
  const asOf = (rows && rows.get('sync')?.at) || null;
  sync.asOf = asOf;
  // All at once: waiting between two of them, an older row would come over what was heard meanwhile.
  await Promise.all(everything.map((shelf) => (rows ? shelf.show(id, rows, asOf) : shelf.clear())));
}

let timer: ReturnType<typeof setTimeout> | undefined;
/** Rounds in a row that came to nothing. */
let failures = 0;

/** There is reason to think that it may work now: what failed before is not waited for. */
export function soon(): void {
  failures = 0;
  loop();
}

function loop(): void {
  clearTimeout(timer);
  void run().finally(() => {
    const waiting = pending.entries.filter(isUnsent);
    const urgent = openRequest() !== null || waiting.some(({ kind }) => isContact(kind));
    clearTimeout(timer);
    timer = setTimeout(loop, failures > 0 ? backoff(failures, urgent) : urgent || waiting.length ? OFTEN : SELDOM);
  });
}

let running: Promise<void> | null = null;
let following: Promise<void> | null = null;
/** When everything was last asked for. */
let askedAll = 0;

/** Someone has just joined: everything is news. */
export async function welcome(): Promise<void> {
  askedAll = 0;
  await loadPerson();
  tellTabs();
  soon();
}

/** One round: send first, then ask. A call while one is under way is about the one that follows it. */
export function run(): Promise<void> {
  if (running) return (following ??= running.then(() => ((following = null), run())));
  running = round().finally(() => (running = null));
  return running;
}

/** Something new is in the outbox: show it, and let it go now. A request for contact does not stand behind a round that waits for slow answers. */
export async function nudge(): Promise<void> {
  const id = session.current?.client_id ?? null;
  await loadPending(id);
  tellTabs();
  if (id && running && pending.entries.some((entry) => isContact(entry.kind) && isUnsent(entry))) void talk(id, 'contact', QUIETLY).catch((error) => console.warn('sending', error));
  soon();
}

/** What waits is sent, and no news asked for. */
const QUIETLY: Asking = { beside: [] };
/** How a request stands is asked each time that somebody looks (it may have been made elsewhere), the rest seldom, for phones with little data. */
const STANDING: Part[] = ['contact_requests', 'cover'];

const talking = () => import('./talk');

/** What changed is shown here, and in the other tabs. */
async function talk(id: Uuid, lane: Lane, ask: Asking): Promise<End> {
  const { end, changed } = await (await talking()).talk(id, lane, ask).finally(() => (isHere(id) ? loadPending(id) : undefined));
  if (changed) tellTabs();
  return end;
}

async function round(): Promise<void> {
  const id = session.current?.client_id ?? null;
  // A hidden page still sends what waits, but does not ask for news.
  const visible = document.visibilityState === 'visible';
  // News that found no room comes once more, but is not paid for each minute.
  const pause = Date.now() - full.at < 10 * SELDOM ? 10 * SELDOM : SELDOM;
  const all = visible && Math.abs(Date.now() - askedAll) > pause - 5_000;
  try {
    const asking: Asking = visible ? { beside: null, alone: all ? null : STANDING } : QUIETLY;
    const end = id ? await send(id, asking) : await refreshProvider().then((): End => 'done');
    // A 401 that ended no session was said by something between us and our server.
    failures = end === 'away' || end === 'unfit' || (end === 'over' && !session.current?.over) ? failures + 1 : 0;
    sync.away = failures > 0;
    if (id) sync.asOf = await readAsOf(id);
    // Whoever joined meanwhile was not asked about: for them everything is still news.
    if (all && end === 'done' && isHere(id)) askedAll = Date.now();
    // Last, as it may take long. What a full phone has let go of is not fetched for it each minute.
    if (id && isHere(id) && visible && end !== 'away' && !session.current?.over && Date.now() - full.at > HOUR) await pack.complete(apiFor(id), id).catch(() => undefined);
  } catch (error) {
    failures++;
    sync.away = error instanceof Unreachable || error instanceof Problem;
    // No network is normal and shown as "as of"; anything else must not stop the next round either.
    if (!(error instanceof Unreachable || error instanceof Locked)) console.warn('sync', error);
  } finally {
    time.now = Date.now();
    wearBrand();
  }
}

async function send(id: Uuid, asking: Asking): Promise<End> {
  const first = await talk(id, 'contact', QUIETLY);
  if (session.current?.over) {
    const { askByKey, heedRevocation } = await talking();
    await heedRevocation(id);
    await askByKey(id);
  }
  if (first !== 'done' || session.current?.over) return first;
  return talk(id, 'rest', asking);
}
