// A plan that is being written is kept in this tab, for this worker and client: a reload or a wrong click loses nothing. It is about
// a client, so signing out takes it away (session.svelte.ts empties everything under this name).
import type { PlanBody, Rule } from '../../shared/wire-plan';
import { desk, IN_THIS_TAB } from '../session.svelte';

/** `rules` are those of the text it is based on. */
export type Kept = { body: PlanBody; based_on: string | null; rules: Rule[]; at: string };
const key = (client: string) => `${IN_THIS_TAB}plan:${desk.me?.worker.id ?? ''}:${client}`;

export function keep(client: string, words: Kept) {
  try {
    sessionStorage.setItem(key(client), JSON.stringify(words));
  } catch {
    // No room in this browser: the words are on the screen, and leaving is asked about.
  }
}

export function recall(client: string): Kept | null {
  try {
    const words = JSON.parse(sessionStorage.getItem(key(client)) ?? 'null') as Kept | null;
    return Array.isArray(words?.body?.stages) ? words : null;
  } catch {
    return null;
  }
}

export const letGo = (client: string) => sessionStorage.removeItem(key(client));
