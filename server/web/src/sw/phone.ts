import type { Language } from '../shared/wire';
import type { MyReminders } from '../shared/wire-reminders';
import type { Understood } from './payload';
import { own } from './receipts';
import { asked, within } from './store';
import { dueNow, stillOfUse, type Told } from './titles';

// What the client's app keeps on this phone, read only. Nothing of it when somebody has signed out, or was signed out.

type Session = { client_id: string; language: Language; over: string | null };
const app = <T>(store: string, work: (store: IDBObjectStore) => Promise<T>) => within('companion', null, 'readonly', store, work);

export type Knows = { titles: string[]; language: Language };

export async function whatThePhoneKnows(push: Understood | null, now: number): Promise<Knows> {
  try {
    const [session, preferences] = await app('kept', async (store) => [
      (await asked(store.get('session'))) as Session | undefined,
      (await asked(store.get('preferences'))) as { language: Language | null } | undefined,
    ] as const);
    const language = preferences?.language ?? session?.language ?? 'en';
    const theirs = session && !session.over && push?.kind === 'reminder' && push.d === 'words';
    return { language, titles: theirs ? await titles(session.client_id, push.n, now) : [] };
  } catch {
    return { language: 'en', titles: [] };
  }
}

async function titles(client: string, count: number, now: number): Promise<string[]> {
  const row = (await app('cache', (store) => asked(store.get([client, 'reminders'])))) as { data: MyReminders } | undefined;
  if (!row) return [];
  const told = ((await own('client', 'readonly', 'told', (store) => asked(store.get(client)))) as Told | undefined) ?? {};
  const fresh = dueNow(row.data, now, told);
  // Several together have what is still open of an earlier time too.
  const open = dueNow(row.data, now, {});
  const due = fresh.length !== count && count > 1 && open.length === count ? open : fresh;
  const after = { ...stillOfUse(told, now), ...Object.fromEntries(due.map(({ id }) => [id, now])) };
  await own('client', 'readwrite', 'told', (store) => asked(store.put(after, client)));
  return due.length === count ? due.map(({ title }) => title) : [];
}
