import { newKey } from '../store/seal';
import type { Lock, Wrap } from '../store/stored';

// The data key of an account, wrapped by a key that comes from a PIN or from the phone's own unlocking, and never lies anywhere.

/** What OWASP's password storage cheat sheet asks for PBKDF2 with HMAC-SHA-256. */
export const ITERATIONS = 600_000;

const AES = { name: 'AES-GCM', length: 256 };
const bound = (clientId: string, id: string) => new TextEncoder().encode(JSON.stringify(['lock', clientId, id]));

/** A PIN is the same however a keyboard put its letters together. */
export async function keyFromPin(pin: string, { salt, iterations }: { salt: Uint8Array<ArrayBuffer>; iterations: number }): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin.normalize('NFKC')), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, typed, AES, false, ['wrapKey', 'unwrapKey']);
}

/** `secret`: the 32 bytes that the phone's own unlocking gives for our salt. */
export async function keyFromDevice(secret: BufferSource, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const given = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode('companion lock') }, given, AES, false, ['wrapKey', 'unwrapKey']);
}

/** A new data key, wrapped, and as the app then uses it. */
export async function lockedKey(clientId: string, id: string, wrap: Wrap, wrapping: CryptoKey, after: number): Promise<{ lock: Lock; key: CryptoKey }> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const wrapped = await crypto.subtle.wrapKey('raw', await newKey(true), wrapping, { name: 'AES-GCM', iv: nonce, additionalData: bound(clientId, id) });
  const lock: Lock = { ...wrap, wrapped, nonce, after };
  return { lock, key: await unwrapped(clientId, id, lock, wrapping) };
}

/** Throws when the PIN was another. */
export const unwrapped = (clientId: string, id: string, { wrapped, nonce }: Lock, wrapping: CryptoKey): Promise<CryptoKey> =>
  crypto.subtle.unwrapKey('raw', wrapped, wrapping, { name: 'AES-GCM', iv: nonce, additionalData: bound(clientId, id) }, AES, false, ['encrypt', 'decrypt']);

export const newSalt = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(32));
