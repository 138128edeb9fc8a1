import type { SubscriptionBody } from '../wire-push';

// A subscription as browsers give it, for pages and service workers.

export function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export const base64url = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/** As the server wants it. */
export function bodyOf(subscription: PushSubscription): SubscriptionBody {
  const key = (name: PushEncryptionKeyName) => base64url(subscription.getKey(name) ?? new ArrayBuffer(0));
  return { endpoint: subscription.endpoint, keys: { p256dh: key('p256dh'), auth: key('auth') } };
}

/** Made for another key of the server's, it can never be reached again. A browser that does not say is believed. */
export function isFor(subscription: PushSubscription, key: string): boolean {
  const own = subscription.options?.applicationServerKey;
  return !own || base64url(own) === key.replace(/=+$/, '');
}
