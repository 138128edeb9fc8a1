// Words that are not saved yet are kept in this tab, for this worker, per piece and wording: a reload, a lost session or a
// wrong click loses nothing. They are words for everybody and never about a client.
import { desk } from '../session.svelte';

export type Kept = { markdown: string; based_on: string | null; at: string };
const key = (what: string) => `companion-library:${desk.me?.worker.id ?? ''}:${what}`;

export function keep(what: string, words: Kept) {
  try {
    sessionStorage.setItem(key(what), JSON.stringify(words));
  } catch {
    // No room in this browser: the words are on the screen, and leaving is asked about.
  }
}

export function recall(what: string): Kept | null {
  try {
    const words = JSON.parse(sessionStorage.getItem(key(what)) ?? 'null') as Kept | null;
    return typeof words?.markdown === 'string' ? words : null;
  } catch {
    return null;
  }
}

export const letGo = (what: string) => sessionStorage.removeItem(key(what));
