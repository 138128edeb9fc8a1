import { send, sessionFrom } from '../../shared/api';
import { onlyOne, PATIENCE } from '../../shared/locks';
import { uuidv7 } from '../../shared/uuid';
import type { Claim, ClaimBody, Uuid } from '../../shared/wire';
import { db, type Db } from './db';
import { forgetOthers } from './forgetting';
import { writeSession } from './own';
import { fitting, unlessFull } from './quota.svelte';
import { loadSession } from './session.svelte';
import type { Joining, StoredSession } from './stored';

// Taking part. It needs signal, so it is no part of the first load.

/** The same for the same code, though the app was closed in between: an answer that was lost on the way uses nothing up. */
let asked: Joining | null = null;
async function idFor(code: string, store: Db): Promise<Uuid> {
  asked ??= ((await store.get('kept', 'joining')) as Joining | undefined) ?? null;
  if (asked?.code === code) return asked.id;
  const now = (asked = { code, id: uuidv7() });
  await fitting(store, () => store.put('kept', now, 'joining')).catch(unlessFull);
  return now.id;
}

/** Takes part with a code. What an earlier person read on this phone is cleared; what they had not sent stays theirs. */
export async function join(code: string, deviceName: string): Promise<void> {
  await onlyOne('session-client', async () => {
    const store_ = await db();
    const body: ClaimBody = { code, device_name: deviceName, device_id: await idFor(code, store_) };
    const claim = await send<Claim>('POST', '/auth/claim', { body });
    await forgetOthers(store_, claim.client.id);
    const own: StoredSession = {
      ...sessionFrom(claim, Date.now()),
      client_id: claim.client.id,
      contact_key: claim.contact_key,
      preferred_name: claim.client.preferred_name,
      language: claim.client.language,
      time_zone: claim.client.time_zone,
      over: null,
    };
    await fitting(store_, () => writeSession(store_, own));
    for (const done of ['lost', 'joining']) await store_.delete('kept', done);
    asked = null;
    // Somebody who comes back to what they had locked here has to open it first.
    await loadSession();
  }, PATIENCE, () => Promise.reject(new Error('Another tab holds the session.')));
  // Ask the phone not to clear what is stored; it may say no, and nothing depends on it.
  void navigator.storage?.persist?.().catch(() => false);
}
