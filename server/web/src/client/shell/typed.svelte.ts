import { tick, untrack } from 'svelte';
import type { Uuid } from '../../shared/wire';
import { route } from '../router.svelte';
import { db } from '../store/db';
import { change, get } from '../store/rows';
import { session } from '../store/session.svelte';
import { arrival } from './arrival.svelte';

// Words that were typed and are neither sent nor saved: kept sealed while they are typed, and put back into their fields where the app was
// closed, locked or brought up to date in the middle. No form knows of it: what a field says of itself is its id and its page.

type Field = HTMLTextAreaElement | HTMLInputElement;
type Page = { at: number; fields: Record<string, string> };

const NAME = 'typed';
const DAY = 86_400_000;
const SOON = 800;

/** Of earlier, page by page, and not back in their fields yet. */
let left: Record<string, Page> = {};
/** Those that were typed in here. */
const touched = new Set<Field>();
let whose: Uuid | null = null;
let stored = false;
let timer: ReturnType<typeof setTimeout> | undefined;

const here = (): string => `${route.page}/${route.argument}`;
const isWords = (field: unknown): field is Field => field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === 'text');

export function startTyped(): void {
  $effect.root(() => {
    $effect(() => void follow(session.current?.client_id ?? null));
    $effect(() => {
      // On each page, and when one that comes late is there.
      void [here(), arrival.count];
      untrack(() => void tick().then(putBack).then(keepTyped));
    });
  });
  document.addEventListener('input', ({ target }) => {
    if (!isWords(target) || !target.id || !whose) return;
    touched.add(target);
    soon();
  });
  // A form that was sent has emptied its fields by then.
  for (const event of ['submit', 'click']) document.addEventListener(event, () => touched.size && soon());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && void keepTyped());
}

function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void keepTyped(), SOON);
}

async function follow(id: Uuid | null): Promise<void> {
  if (id === whose) return;
  [whose, left, stored] = [id, {}, false];
  touched.clear();
  if (!id) return;
  const row = await get(await db(), 'cache', [id, NAME]).catch(() => undefined);
  if (!row || id !== whose) return;
  stored = true;
  left = Object.fromEntries(Object.entries(row.data as Record<string, Page>).filter(([, { at }]) => Math.abs(Date.now() - at) < DAY));
  putBack();
}

function putBack(): void {
  const page = left[here()];
  if (!page) return;
  for (const [id, words] of Object.entries(page.fields)) {
    const field = document.getElementById(id);
    if (!isWords(field)) continue;
    delete page.fields[id];
    if (field.value === words) continue;
    field.value = words;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

/** On a full phone the words stay on the screen; saving them says so if it fails too. */
export async function keepTyped(): Promise<void> {
  clearTimeout(timer);
  const id = whose;
  for (const field of touched) if (!field.isConnected) touched.delete(field);
  const typed = Object.fromEntries([...touched].filter(({ value }) => value.trim()).map(({ id, value }) => [id, value]));
  const fields = { ...left[here()]?.fields, ...typed };
  const pages = Object.entries({ ...left, [here()]: { at: Date.now(), fields } }).filter(([, page]) => Object.keys(page.fields).length);
  if (!id || (!pages.length && !stored)) return;
  stored = pages.length > 0;
  await change(await db(), id, (turn) => {
    if (pages.length) turn.put('cache', { client_id: id, name: NAME, data: Object.fromEntries(pages), etag: null, at: new Date().toISOString() });
    else turn.delete('cache', [id, NAME]);
  }, { joined: true }).catch(() => undefined);
}
