import type { Receipt } from '../shared/wire-push';
import { asked, within } from './store';

// Receipts are on disk before they are sent, and leave when the server has them. What cannot go now goes with the next push,
// the next start of the app, or when the browser says that there is signal again.

const MOST = 20;
const STORES = ['receipts', 'told'];

export const own = <T>(app: string, mode: IDBTransactionMode, store: string, work: (store: IDBObjectStore) => Promise<T>) => within(`companion-push-${app}`, STORES, mode, store, work);

/** Kept, and sent if that is possible now. True when nothing is left. */
export async function receipt(app: string, news: Receipt[]): Promise<boolean> {
  try {
    await own(app, 'readwrite', 'receipts', async (store) => {
      for (const one of news) await asked(store.put(one));
    });
  } catch {
    // This phone keeps nothing now: then at least once, at once.
    return (await post(news)) !== 'later';
  }
  return (await sendReceipts(app)) !== 'later';
}

/** `none`: there was nothing to send. `later`: some still wait. */
export async function sendReceipts(app: string): Promise<'none' | 'sent' | 'later'> {
  for (let some = false; ; some = true) {
    const [keys, waiting] = await own(app, 'readonly', 'receipts', async (store) => [await asked(store.getAllKeys(null, MOST)), (await asked(store.getAll(null, MOST))) as Receipt[]] as const);
    if (waiting.length === 0) return some ? 'sent' : 'none';
    if ((await post(waiting)) === 'later') return 'later';
    await own(app, 'readwrite', 'receipts', async (store) => {
      for (const key of keys) await asked(store.delete(key));
    });
  }
}

/** What the server says no to is not sent again; what it could not hear, or hear now, is. */
async function post(receipts: Receipt[]): Promise<'gone' | 'later'> {
  if (receipts.length === 0) return 'gone';
  try {
    const answer = await fetch('/api/v1/push/receipts', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      credentials: 'omit',
      cache: 'no-store',
      body: JSON.stringify({ receipts }),
      signal: AbortSignal.timeout(15_000),
    });
    return answer.ok || (answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) ? 'gone' : 'later';
  } catch {
    return 'later';
  }
}
