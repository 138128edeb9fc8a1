import type { Receipt } from '../shared/wire-push';
import { asked, within } from './store';

// Receipts are on disk before they are sent, and leave when the server has them. What cannot go now goes with the next push,
// the next start of the app, or when the browser says that there is signal again.

const MOST = 20;
const STORES = ['receipts', 'told'];

export const own = <T>(app: string, mode: IDBTransactionMode, store: string, work: (store: IDBObjectStore) => Promise<T>) => within(`companion-push-${app}`, STORES, mode, store, work);

/** What came of "I've got this": it is theirs, somebody else has it, or it is over. */
export type Answer = 'yours' | 'taken' | 'over';
/** `none`: there was nothing to send. `refused`: the server will never take the newest of them. `later`: some still wait. Answers are by delivery. */
export type Sent = { outcome: 'none' | 'taken' | 'refused' | 'later'; answers: Record<string, Answer> };

/** Kept, and sent if that is possible now. */
export async function receipt(app: string, news: Receipt[]): Promise<Sent> {
  try {
    await own(app, 'readwrite', 'receipts', async (store) => {
      for (const one of news) await asked(store.put(one));
    });
  } catch {
    // This phone keeps nothing now: then at least once, at once.
    return postAtOnce(news);
  }
  return sendReceipts(app);
}

export async function sendReceipts(app: string): Promise<Sent> {
  const all: Sent = { outcome: 'none', answers: {} };
  // How many of the next go by themselves. The server says no to all for one that it does not like, and among them may be "I've got this".
  let alone = 0;
  for (;;) {
    const most = alone > 0 ? 1 : MOST;
    const [keys, waiting] = await own(app, 'readonly', 'receipts', async (store) => [await asked(store.getAllKeys(null, most)), (await asked(store.getAll(null, most))) as Receipt[]] as const);
    if (waiting.length === 0) return all;
    const { outcome, answers } = await post(waiting);
    if (outcome === 'refused' && waiting.length > 1) {
      alone = waiting.length;
      continue;
    }
    alone = Math.max(0, alone - 1);
    all.outcome = outcome;
    Object.assign(all.answers, answers);
    if (outcome === 'later') return all;
    await own(app, 'readwrite', 'receipts', async (store) => {
      for (const key of keys) await asked(store.delete(key));
    });
  }
}

/** Together, and where that is refused each by itself. */
async function postAtOnce(news: Receipt[]): Promise<Sent> {
  const together = await post(news);
  if (together.outcome !== 'refused' || news.length < 2) return together;
  const all: Sent = { outcome: 'none', answers: {} };
  for (const one of news) {
    const { outcome, answers } = await post([one]);
    all.outcome = outcome;
    Object.assign(all.answers, answers);
  }
  return all;
}

/** What the server says no to is not sent again; what it could not hear, or hear now, is. */
async function post(receipts: Receipt[]): Promise<Sent> {
  if (receipts.length === 0) return { outcome: 'none', answers: {} };
  try {
    const answer = await fetch('/api/v1/push/receipts', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      credentials: 'omit',
      cache: 'no-store',
      body: JSON.stringify({ receipts }),
      signal: AbortSignal.timeout(15_000),
    });
    if (answer.ok) return { outcome: 'taken', answers: await answersIn(answer) };
    const never = answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429;
    return { outcome: never ? 'refused' : 'later', answers: {} };
  } catch {
    return { outcome: 'later', answers: {} };
  }
}

const ANSWERS: readonly string[] = ['yours', 'taken', 'over'] satisfies Answer[];

/** An older server says nothing of it, a newer one may say what this worker has never heard of, and a line may break just here. */
async function answersIn(answer: Response): Promise<Record<string, Answer>> {
  try {
    const { acknowledged = [] } = (await answer.json()) as { acknowledged?: { id: string; outcome: Answer }[] };
    return Object.fromEntries(acknowledged.filter(({ outcome }) => ANSWERS.includes(outcome)).map(({ id, outcome }) => [id, outcome]));
  } catch {
    return {};
  }
}
