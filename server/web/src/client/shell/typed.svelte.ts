import { tick, untrack } from 'svelte';
import type { Uuid } from '../../shared/wire';
import { route } from '../router.svelte';
import { db } from '../store/db';
import { atMost } from '../store/patience';
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
/** The pages of which something is stored from here. */
const written = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
/** The page that is open, and whether what is typed on it is to be there again though it is left. */
let open = '';
let held = false;

const here = (): string => `${route.page}/${route.argument}`;
/** A PIN that is shown while it is typed is a field of words to the browser; it says itself that it is none. */
const isWords = (field: unknown): field is Field =>
  field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === 'text' && field.dataset.secret === undefined);

export function startTyped(): void {
  $effect.root(() => {
    $effect(() => void follow(session.current?.client_id ?? null));
    $effect(() => {
      // On each page, and when one that comes late is there.
      void [here(), arrival.count];
      untrack(() => {
        moved();
        void tick().then(putBack).then(keepTyped);
      });
    });
  });
  // And when a field is, as at a later step of the same page.
  new MutationObserver(() => left[here()] && putBack()).observe(document.body, { childList: true, subtree: true });
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
  [whose, left] = [id, {}];
  touched.clear();
  written.clear();
  if (!id) return;
  const row = await get(await db(), 'cache', [id, NAME]).catch(() => undefined);
  if (!row || id !== whose) return;
  left = ofToday(row.data);
  putBack();
}

/** Whoever leaves a page, or has sent what is on it, is done with what never found its field there. */
function moved(): void {
  if (open === here()) return;
  if (!held) delete left[open];
  [open, held] = [here(), false];
}

/** Led away by something other than their own step on the page: what is typed is there again when they come back. */
export async function holdTyped(): Promise<void> {
  await keepTyped();
  const fields = fieldsHere();
  if (!isNone(fields)) left[here()] = { at: Date.now(), fields };
  written.delete(here());
  touched.clear();
  held = true;
}

function putBack(): void {
  const page = left[here()];
  if (!page) return;
  written.add(here());
  for (const [id, words] of Object.entries(page.fields)) {
    const field = document.getElementById(id);
    if (!isWords(field)) continue;
    delete page.fields[id];
    if (field.value === words) continue;
    field.value = words;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

/** Whoever goes on afterwards does not wait for a store that does not answer. */
export const keepTyped = async (): Promise<void> => void (await atMost(keep()));

/** Each page by itself, as another tab may be open at another. On a full phone the words stay on the screen; saving them says so if it fails too. */
async function keep(): Promise<void> {
  clearTimeout(timer);
  const [id, place] = [whose, here()];
  const fields = fieldsHere();
  // What only waits for its field grows no younger.
  const at = touched.size ? Date.now() : (left[place]?.at ?? Date.now());
  const gone = [...written].filter((one) => one !== place || isNone(fields));
  if (!id || (isNone(fields) && !gone.length)) return;
  for (const one of gone) written.delete(one);
  if (!isNone(fields)) written.add(place);
  await change(await db(), id, async (turn) => {
    const pages = ofToday((await turn.get('cache', [id, NAME]))?.data);
    for (const one of gone) delete pages[one];
    if (!isNone(fields)) pages[place] = { at, fields };
    if (isNone(pages)) turn.delete('cache', [id, NAME]);
    else turn.put('cache', { client_id: id, name: NAME, data: pages, etag: null, at: new Date().toISOString() });
  }, { joined: true }).catch(() => undefined);
}

function fieldsHere(): Record<string, string> {
  for (const field of touched) if (!field.isConnected) touched.delete(field);
  const typed = [...touched].filter(({ value }) => value.trim()).map(({ id, value }) => [id, value]);
  return { ...left[here()]?.fields, ...Object.fromEntries(typed) };
}

const isNone = (record: object): boolean => Object.keys(record).length === 0;
const ofToday = (pages: unknown): Record<string, Page> => Object.fromEntries(Object.entries((pages ?? {}) as Record<string, Page>).filter(([, { at }]) => Math.abs(Date.now() - at) < DAY));
