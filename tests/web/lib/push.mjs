// Push without a push service: a browser of ours has none. What the browser would give is made here, the server sends to it as to
// any other, and what arrives is opened and handed to the service worker, as a browser would do it.
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { lockScreenOf, shareLockScreen } from './lock_screen.mjs';
import { until } from './until.mjs';

const STOPPED = Symbol('stopped');
const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

/** The two keys of a subscription, and what opens messages for it (RFC 8291). */
export class Keys {
  constructor() {
    this.ecdh = createECDH('prime256v1');
    this.ecdh.generateKeys();
    this.auth = randomBytes(16);
  }
  get p256dh() {
    return base64url(this.ecdh.getPublicKey());
  }
  get secret() {
    return base64url(this.auth);
  }

  /** One aes128gcm record, as push messages are. */
  open(body) {
    const salt = body.subarray(0, 16);
    const theirs = body.subarray(21, 21 + body[20]);
    const sealed = body.subarray(21 + body[20]);
    const shared = this.ecdh.computeSecret(theirs);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.ecdh.getPublicKey(), theirs]);
    const ikm = Buffer.from(hkdfSync('sha256', shared, this.auth, info, 32));
    const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
    const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
    const decipher = createDecipheriv('aes-128-gcm', key, nonce);
    decipher.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return plain.subarray(0, plain.lastIndexOf(2)).toString('utf8');
  }
}

/**
 * A browser that has a push service: subscribing works as the standard says, at an address of our choosing. `says`: what the person
 * answers when the browser asks whether it may show notifications; how often it asked is counted.
 */
export async function givePushService(context, { endpoint, says = 'granted', keys = new Keys() }) {
  await context.grantPermissions(['notifications']);
  await shareLockScreen(context);
  await context.addInitScript(
    ({ endpoint, p256dh, auth, says }) => {
      if (!window.PushManager) return;
      const SAID = 'story-permission';
      Object.defineProperty(Notification, 'permission', { get: () => localStorage.getItem(SAID) ?? 'default' });
      Notification.requestPermission = async (done) => {
        localStorage.setItem('story-asked', Number(localStorage.getItem('story-asked') ?? 0) + 1);
        localStorage.setItem(SAID, says);
        done?.(says);
        return says;
      };
      const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0)).buffer;
      const KEY = `story-subscription ${location.pathname}`;
      const made = (number) => ({
        endpoint: `${endpoint}${number}`,
        options: { userVisibleOnly: true, applicationServerKey: null },
        getKey: (name) => bytes(name === 'auth' ? auth : p256dh),
        unsubscribe: async () => (localStorage.removeItem(KEY), true),
      });
      PushManager.prototype.getSubscription = async () => (localStorage.getItem(KEY) ? made(localStorage.getItem(KEY)) : null);
      PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
        if (!userVisibleOnly || new Uint8Array(applicationServerKey).length !== 65) throw new DOMException('A key is needed', 'InvalidAccessError');
        const number = Number(localStorage.getItem(`${KEY} count`) ?? 0) + 1;
        localStorage.setItem(`${KEY} count`, number);
        localStorage.setItem(KEY, number);
        return made(number);
      };
    },
    { endpoint, p256dh: keys.p256dh, auth: keys.secret, says },
  );
  return keys;
}

/** How often the browser has asked the person. */
export const timesAsked = (screen) => screen.page.evaluate(() => Number(localStorage.getItem('story-asked') ?? 0));

/** Hands a message to the service worker of this page, as the browser does when one has come. */
export async function deliver(screen, data) {
  await lockScreenOf(screen);
  const devtools = await screen.context.newCDPSession(screen.page);
  const scope = await screen.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).scope);
  const known = new Promise((found) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const one = registrations.find(({ scopeURL, isDeleted }) => scopeURL === scope && !isDeleted);
      if (one) found(one.registrationId);
    }),
  );
  await devtools.send('ServiceWorker.enable');
  const registrationId = await known;
  await devtools.send('ServiceWorker.deliverPushMessage', { origin: new URL(scope).origin, registrationId, data });
  await devtools.detach();
}

/** What stands on the lock screen, for this app. */
export async function notifications(screen) {
  const standing = await (await lockScreenOf(screen)).evaluate(() => self.lockScreen.standing());
  return standing.map(({ title, body, tag, data, actions }) => ({ title, body, tag, data, actions: actions.map((one) => one.action) }));
}

/** Waits until one of these words stands there. */
export const notified = (screen, title) =>
  until(async () => (await notifications(screen)).find((one) => one.title === title), Boolean);

/** Somebody touches it: the notification itself, or one of its buttons. */
export async function touch(screen, title, action = '') {
  const press = async () => (await lockScreenOf(screen)).evaluate(([title, action]) => self.lockScreen.touch(title, action), [title, action]);
  // A worker that the browser stops in the middle answers nobody: it is woken, and touched once more, which is as free as any retry.
  if ((await Promise.race([press(), setTimeout(20_000, STOPPED, { ref: false })])) === STOPPED) await press();
}

/** A push service on this machine. What it is sent waits until somebody asks for it. A server that may send here is one for tests only. */
export class PushService {
  #server;
  #came = [];
  #waiting = [];
  #slow = [];

  static async begin() {
    process.env.COMPANION_TEST_PUSH_TO_THIS_MACHINE = '1';
    const service = new PushService();
    service.#server = createServer((request, answer) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        const taken = () => answer.writeHead(201, { location: `http://127.0.0.1:${service.port}/message/1` }).end();
        const slow = service.#slow.some((address) => service.#isFor(request.url, address));
        service.#came.push({ path: request.url, headers: request.headers, body: Buffer.concat(parts), taken: slow ? taken : () => {} });
        service.#waiting.splice(0).forEach((look) => look());
        if (!slow) taken();
      });
    });
    await new Promise((done) => service.#server.listen(0, '127.0.0.1', done));
    service.port = service.#server.address().port;
    service.url = `http://127.0.0.1:${service.port}/push/`;
    return service;
  }

  /** The next message that came, or comes, for addresses that begin so. */
  async next(address) {
    for (;;) {
      const place = this.#came.findIndex(({ path }) => this.#isFor(path, address));
      if (place < 0) await new Promise((look) => this.#waiting.push(look));
      else {
        const [message] = this.#came.splice(place, 1);
        message.taken();
        return message;
      }
    }
  }

  /** A message for these addresses counts as sent only when the story has asked for it (the server waits ten seconds). */
  isSlowFor = (address) => this.#slow.push(address);
  #isFor = (path, address) => `http://127.0.0.1:${this.port}${path}`.startsWith(address);

  end() {
    const ended = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    return ended;
  }
}
