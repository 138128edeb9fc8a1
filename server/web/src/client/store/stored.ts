import type { Session } from '../../shared/api';
import type { Instant, Language, Uuid } from '../../shared/wire';
import type { Box } from './seal';

// What lies on the phone, as the app and its service worker find it there.

export type StoredSession = Session & {
  client_id: Uuid;
  contact_key: string;
  preferred_name: string;
  language: Language;
  time_zone: string;
  /** The server ended the session; `revoked` when the contact key was refused as well. */
  over: null | 'ended' | 'revoked';
};

export type StoredRow = Box & { client_id: Uuid; id?: Uuid; name?: string; kind?: string; received_at?: Instant };
/** The session as it is stored, and the key for contact, which alone can be opened while the app is locked. */
export type StoredOwn = Box & { client_id: Uuid; over: StoredSession['over']; language: Language };
export type StoredContact = Box & { client_id: Uuid };
/**
 * The keys of one account. `data` seals what the person has and writes; where the lock is on it lies here only wrapped, and in memory after
 * unlocking. `device` never hangs on a PIN: with it a request for contact goes out of a locked phone.
 */
export type Keys = {
  client_id: Uuid;
  /** Which data key: a new one is made when the lock is turned on or off. */
  id: string;
  data: CryptoKey | null;
  device: CryptoKey;
  lock: Lock | null;
};

/** How the data key is wrapped, and after how many minutes in the background it is asked for again. */
export type Lock = Wrap & { wrapped: ArrayBuffer; nonce: Uint8Array<ArrayBuffer>; after: number };
/** `pin`: PBKDF2-SHA-256 of what was typed. `device`: from what the phone's own unlocking gives (WebAuthn, PRF). */
export type Wrap = { salt: Uint8Array<ArrayBuffer> } & ({ kind: 'pin'; iterations: number } | { kind: 'device'; credential: ArrayBuffer });

/** PINs that were wrong in a row, and until when the next one has to wait. */
export type Tries = { client_id: Uuid; wrong: number; until: number };

/** The code that somebody is joining with, and as which phone, until they have. */
export type Joining = { code: string; id: Uuid };

export const DEVICE = 'device';
