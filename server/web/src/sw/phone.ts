import type { Language } from '../shared/wire';
import type { MyReminders } from '../shared/wire-reminders';
import { cached, joined, preferences } from './own';
import type { Understood } from './payload';
import { own } from './receipts';
import { asked } from './store';
import { dueNow, stillOfUse, type Told } from './titles';

// What the client's app keeps on this phone, read only. Nothing of it when somebody has signed out, or was signed out, or has a lock on it.

/** `quiet`: in discreet mode a notification wears the plain icon, and none of the person's words. */
export type Knows = { titles: string[]; language: Language; quiet?: boolean };

export async function whatThePhoneKnows(push: Understood | null, now: number): Promise<Knows> {
  try {
    const session = await joined();
    const chosen = await preferences();
    const language = chosen?.language ?? session?.language ?? 'en';
    const theirs = session && !chosen?.discreet && !session.over && push?.kind === 'reminder' && push.d === 'words';
    return { language, ...(chosen?.discreet ? { quiet: true } : {}), titles: theirs ? await titles(session.client_id, push.n, now) : [] };
  } catch {
    return { language: 'en', titles: [] };
  }
}

async function titles(client: string, count: number, now: number): Promise<string[]> {
  const reminders = await cached<MyReminders>(client, 'reminders');
  if (!reminders) return [];
  const told = ((await own('client', 'readonly', 'told', (store) => asked(store.get(client)))) as Told | undefined) ?? {};
  const fresh = dueNow(reminders, now, told);
  // Several together have what is still open of an earlier time too.
  const open = dueNow(reminders, now, {});
  const due = fresh.length !== count && count > 1 && open.length === count ? open : fresh;
  const after = { ...stillOfUse(told, now), ...Object.fromEntries(due.map(({ id }) => [id, now])) };
  await own('client', 'readwrite', 'told', (store) => asked(store.put(after, client)));
  return due.length === count ? due.map(({ title }) => title) : [];
}
