import { Problem, Unreachable, send, type Api } from '../api';
import { onlyOne } from '../locks';
import { uuidv7 } from '../uuid';
import type { Instant, Uuid } from '../wire';
import type { Subscription } from '../wire-push';
import { ask, permission, running } from './browser';
import { bodyOf, bytes, isFor } from './subscription';

/** That this device shall be told, whose it is, and as what the server knows it. */
export type Kept = { owner: Uuid; id: Uuid; endpoint: string };

/** What differs between the two apps. */
export type Side = {
  base: '/me' | '/team';
  api(): Api;
  /** Who is signed in here. */
  owner(): Uuid | null;
  worker(): Promise<ServiceWorkerRegistration>;
  read(): Promise<Kept | null>;
  write(kept: Kept | null): Promise<void>;
};

/**
 * `off`: allowed or not yet asked, and not turned on. `waiting`: turned on, but the server does not know yet. `on`: the server
 * has it. `unknown` until the first look.
 */
export type Standing = 'unknown' | 'unsupported' | 'blocked' | 'off' | 'waiting' | 'on';
/** `dismissed`: closed without an answer. `no_service`: this browser could not reach its own push service. */
export type Turned = 'on' | 'blocked' | 'dismissed' | 'no_service' | 'waiting';

/** A test on its way: what has come true of it so far, each by itself. */
export type Test = { sent: Instant | null; delivered: Instant | null; seen: Instant | null; over: boolean };

const LOOK = 1_000;
const LOOKS = 120;

/** Notifications on this device, for whichever app. What the browser says and what the server says are compared, never assumed. */
export class Push {
  standing = $state<Standing>('unknown');
  subscription = $state.raw<Subscription | null>(null);
  test = $state<Test | null>(null);
  #side: Side;

  constructor(side: Side) {
    this.#side = side;
  }

  /** On opening the app: what was turned on is on, or is turned on again where the browser or the server lost it. Never asks anybody. */
  keep(): Promise<void> {
    return this.#alone(async () => {
      const [allowed, kept, owner] = [permission(), await this.#side.read(), this.#side.owner()];
      if (allowed === 'unsupported') return this.#is('unsupported');
      if (!owner) return;
      if (kept && kept.owner !== owner) {
        // Whoever had this device before is not told of here any more.
        await this.#end(null);
        return this.#is(allowed === 'blocked' ? 'blocked' : 'off');
      }
      if (allowed === 'blocked') return this.#is('blocked');
      if (!kept) return this.#is('off');
      if (allowed === 'ask') return this.#is('off');
      await this.#make(kept);
    });
  }

  /** From a press of a button. Asks, if the person has not said yet. */
  async turnOn(): Promise<Turned> {
    const allowed = permission() === 'ask' ? await ask() : permission();
    if (allowed === 'unsupported') return this.#is('unsupported', 'no_service');
    if (allowed === 'blocked') return this.#is('blocked', 'blocked');
    if (allowed === 'ask') return this.#is('off', 'dismissed');
    return this.#alone(() => this.#make(null));
  }

  /** At once on this device; the server is told if it can be. */
  turnOff(): Promise<void> {
    return this.#alone(async () => {
      await this.#end(this.#side.api());
      this.#is(permission() === 'blocked' ? 'blocked' : 'off');
    });
  }

  /**
   * Somebody signs out here: nobody's notifications come to this device from now on, and none that are theirs stay on it. It waits for nobody, as
   * whoever compares just now may be waiting for whoever signs out.
   */
  async leave(): Promise<void> {
    if (permission() === 'unsupported') return;
    const registration = await this.#side.worker();
    for (const shown of await registration.getNotifications().catch(() => [])) shown.close();
    await this.#end(null);
    this.#is('off');
  }

  /** What has become of the latest, asked anew. */
  async look(): Promise<void> {
    const kept = this.standing === 'on' ? await this.#side.read() : null;
    if (kept) this.subscription = (await this.#listed()).find((one) => one.id === kept.id) ?? this.subscription;
  }

  /** Sends one now, and looks what becomes of it while somebody is watching. Opening it can take as long as they like. */
  async tryOut(watched: () => boolean): Promise<void> {
    const kept = await this.#side.read();
    if (!kept) return;
    const path = `${this.#side.base}/push-subscriptions`;
    const before = (await this.#listed()).find((one) => one.id === kept.id);
    await this.#side.api().post(`${path}/${kept.id}/test`);
    this.test = { sent: null, delivered: null, seen: null, over: false };
    const of = this.test;
    for (let looks = 0; looks < LOOKS && watched() && this.test === of; looks++) {
      await new Promise((done) => setTimeout(done, LOOK));
      const now = await this.#listed().then((all) => all.find((one) => one.id === kept.id), () => undefined);
      if (!now) continue;
      this.subscription = now;
      // By the server's clock only: what has moved on since before belongs to this one.
      const news = (what: 'last_sent_at' | 'last_delivered_at' | 'last_seen_at') => (now[what] !== (before?.[what] ?? null) ? now[what] : null);
      Object.assign(of, { sent: news('last_sent_at'), delivered: news('last_delivered_at'), seen: news('last_seen_at') });
      if (of.seen) break;
    }
    of.over = true;
  }

  #listed = async (): Promise<Subscription[]> => (await this.#side.api().get<{ items: Subscription[] }>(`${this.#side.base}/push-subscriptions`)).items;

  /** Subscribed in the browser and known to the server, whatever of it was missing. */
  async #make(kept: Kept | null): Promise<Turned> {
    const owner = this.#side.owner();
    if (!owner) return 'dismissed';
    let made: PushSubscription;
    let known: Subscription | undefined;
    try {
      const { key } = await send<{ key: string }>('GET', '/push/vapid-public-key');
      known = kept ? (await this.#listed()).find((one) => one.id === kept.id) : undefined;
      const { pushManager } = await running(await this.#side.worker());
      let current = await pushManager.getSubscription();
      // One that the push service has given up, or that was made for another key, is of no use.
      const usable = current && isFor(current, key) && !(known?.ended === 'gone' && current.endpoint === kept?.endpoint);
      if (current && !usable) {
        await current.unsubscribe();
        current = null;
      }
      made = current ?? (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }));
    } catch (error) {
      // With no signal nothing has changed: what was on is on as far as anybody knows.
      if (error instanceof Unreachable || (error instanceof Problem && error.status >= 500)) return this.#is(kept ? 'on' : 'off', 'waiting');
      if (error instanceof Problem) throw error;
      console.warn('push', error);
      return this.#is('off', 'no_service');
    }
    if (known && !known.ended && kept?.endpoint === made.endpoint) {
      this.subscription = known;
      return this.#is('on', 'on');
    }
    const id = uuidv7();
    await this.#side.write({ owner, id, endpoint: made.endpoint });
    try {
      this.subscription = await this.#side.api().put<Subscription>(`${this.#side.base}/push-subscriptions/${id}`, bodyOf(made));
      return this.#is('on', 'on');
    } catch (error) {
      // The next start tries again: what is kept here is not in the server's list.
      if (error instanceof Unreachable) return this.#is('waiting', 'waiting');
      await this.#end(null);
      this.#is('off');
      throw error;
    }
  }

  async #end(api: Api | null): Promise<void> {
    const kept = await this.#side.read();
    await this.#side.write(null);
    this.subscription = null;
    this.test = null;
    const registration = await this.#side.worker().catch(() => null);
    const current = await registration?.pushManager.getSubscription().catch(() => null);
    await current?.unsubscribe().catch(() => false);
    // Even if the server is not told: the push service will say that this device is gone.
    if (kept && api) await api.delete(`${this.#side.base}/push-subscriptions/${kept.id}`).catch(() => undefined);
  }

  #is<T>(standing: Standing, result?: T): T {
    this.standing = standing;
    return result as T;
  }

  #alone = <T>(work: () => Promise<T>): Promise<T> => onlyOne(`push${this.#side.base}`, work);
}
