// A row of a person, as it lies on the phone: what must be readable without a key in clear, the rest in a box. AES-GCM, 256 bit, a fresh
// nonce each time; the box is bound to its store, its key and its person, so a row that was moved or swapped does not open.

export type Box = { by: string; nonce: Uint8Array<ArrayBuffer>; box: ArrayBuffer };
export type Named = { by: string; key: CryptoKey };
export type Place = { store: string; key: unknown; client_id: string };

const bound = ({ store, key, client_id }: Place) => new TextEncoder().encode(JSON.stringify([store, key, client_id]));
const algorithm = (nonce: Uint8Array<ArrayBuffer>, place: Place): AesGcmParams => ({ name: 'AES-GCM', iv: nonce, additionalData: bound(place) });

export const newKey = (extractable = false): Promise<CryptoKey> => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, extractable, ['encrypt', 'decrypt']);

/** JSON, and behind it the bytes of a picture, which would grow by a third as text. */
export async function seal(row: object, { by, key }: Named, place: Place): Promise<Box> {
  const { bytes, ...rest } = row as { bytes?: ArrayBuffer };
  const json = new TextEncoder().encode(JSON.stringify(rest));
  const all = new Uint8Array(4 + json.length + (bytes?.byteLength ?? 0));
  new DataView(all.buffer).setUint32(0, json.length);
  all.set(json, 4);
  if (bytes) all.set(new Uint8Array(bytes), 4 + json.length);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  return { by, nonce, box: await crypto.subtle.encrypt(algorithm(nonce, place), key, all) };
}

/** Throws when it does not open: another key, another place, or broken. */
export async function unseal<T>({ nonce, box }: Box, key: CryptoKey, place: Place): Promise<T> {
  const all = await crypto.subtle.decrypt(algorithm(nonce, place), key, box);
  const end = 4 + new DataView(all).getUint32(0);
  const row = JSON.parse(new TextDecoder().decode(new Uint8Array(all, 4, end - 4))) as T;
  return end < all.byteLength ? { ...row, bytes: all.slice(end) } : row;
}

/** A row that an older app wrote has no box. */
export const isSealed = (row: object): row is Box => 'box' in row;

/** Changes with every time that a row is written. */
export const stamp = (row: object | undefined): string => (!row ? 'none' : isSealed(row) ? String(row.nonce) : 'clear');
