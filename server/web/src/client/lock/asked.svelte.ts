import type { ContactRequestBody, How, Uuid, When } from '../../shared/wire';
import { db, type KnownRequest } from '../store/db';
import { isUnsent } from '../store/outbox/waits';
import { joinedHere } from '../store/own';
import { keepRequest, type EntryOf } from '../store/outbox';
import { allWhileLocked } from '../store/rows';

// Asking for contact while the app is locked. What is typed is written and never read again before somebody unlocks: only when it was asked
// and how it stands are kept for the screen.

type Line = { request: KnownRequest; entry: EntryOf<'contact_request'> | null };
/** Newest first, without words. Of before it was locked: how many are still on their way (`before`), and how many could not be sent (`refused`). */
export const asked = $state<{ lines: Line[]; before: number; refused: number }>({ lines: [], before: 0, refused: 0 });

export async function loadAsked(): Promise<void> {
  const store = await db();
  const own = await joinedHere(store);
  if (!own) return;
  const waiting = (await allWhileLocked(store, 'outbox', own.client_id)).filter((one): one is EntryOf<'contact_request'> => one.kind === 'contact_request');
  const requests = await allWhileLocked(store, 'requests', own.client_id);
  asked.lines = requests
    .sort((a, b) => b.id.localeCompare(a.id))
    .map((request) => ({ request: { ...request, body: wordless(request.body) }, entry: waiting.filter((one) => one.id === request.id).map((one) => ({ ...one, body: wordless(one.body) }))[0] ?? null }));
  const before = waiting.filter((one) => !requests.some(({ id }) => id === one.id));
  asked.before = before.filter(isUnsent).length;
  asked.refused = before.filter(({ state }) => state === 'refused').length;
}

function wordless({ message: _, ...rest }: ContactRequestBody): ContactRequestBody {
  return rest;
}

export async function askWhileLocked(when: When, how: How, message: string): Promise<Uuid> {
  const store = await db();
  const id = await keepRequest(store, (await joinedHere(store))?.client_id ?? '', when, how, message);
  await loadAsked();
  return id;
}
