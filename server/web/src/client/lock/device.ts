import { newSalt } from './wrap';

// The phone's own unlocking (finger, face, its code) by WebAuthn. Its PRF extension gives the same 32 bytes for the same salt, and only after the
// phone has looked who it is. No server takes part, so what is signed is of no interest.

type Prf = { prf?: { enabled?: boolean; results?: { first?: BufferSource } } };
type WithCapabilities = typeof PublicKeyCredential & { getClientCapabilities?: () => Promise<Record<string, boolean>> };

const LIMIT = 60_000;

/** Offered only where the browser says that it can. */
export async function deviceCan(): Promise<boolean> {
  try {
    const { getClientCapabilities } = PublicKeyCredential as WithCapabilities;
    const can = await getClientCapabilities?.call(PublicKeyCredential);
    return can?.['extension:prf'] === true && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
  } catch {
    return false;
  }
}

/** `null`: it was not done, or this phone turned out not to be able to. `name` is what the phone lists it as. */
export async function makeDevice(name: string): Promise<{ credential: ArrayBuffer; salt: Uint8Array<ArrayBuffer>; secret: BufferSource } | null> {
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rp: { name },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name, displayName: name },
      pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required', residentKey: 'discouraged' },
      timeout: LIMIT,
      extensions: { prf: {} } as AuthenticationExtensionsClientInputs,
    },
  }).catch(() => null)) as PublicKeyCredential | null;
  if (!made || !(made.getClientExtensionResults() as Prf).prf?.enabled) return null;
  const salt = newSalt();
  // Asked at once: what cannot be opened again must not be locked.
  const secret = await secretOf(made.rawId, salt);
  return secret && { credential: made.rawId, salt, secret };
}

export async function secretOf(credential: ArrayBuffer, salt: Uint8Array<ArrayBuffer>): Promise<BufferSource | null> {
  const found = (await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      allowCredentials: [{ type: 'public-key', id: credential, transports: ['internal'] }],
      userVerification: 'required',
      timeout: LIMIT,
      extensions: { prf: { eval: { first: salt } } } as AuthenticationExtensionsClientInputs,
    },
  }).catch(() => null)) as PublicKeyCredential | null;
  return (found?.getClientExtensionResults() as Prf | undefined)?.prf?.results?.first ?? null;
}
