import { untrack } from 'svelte';

/** A page that comes late says when its heading is there; only then can the app move the focus to it (App.svelte). */
export const arrival = $state<{ count: number; then: (() => void) | null }>({ count: 0, then: null });

/** On the heading of such a page: `<h1 tabindex="-1" {@attach arrived}>`. */
export const arrived = (): void => andThen(null);

/** The same, and `then` when the focus is there. */
export const andThen = (then: (() => void) | null): void =>
  untrack(() => {
    arrival.then = then;
    arrival.count++;
  });
