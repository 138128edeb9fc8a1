import { tick } from 'svelte';

/**
 * For a press that takes away what was pressed: once the page is drawn again, the focus goes to what came in its place. Without that somebody with
 * a keyboard or a screen reader stands nowhere. Whoever has moved on meanwhile is not called back.
 */
export async function refocus(find: () => HTMLElement | null | undefined): Promise<void> {
  await tick();
  if (document.activeElement === null || document.activeElement === document.body) find()?.focus();
}

/** Where a page begins: for when nothing of what was pressed is left. */
export const heading = (): HTMLElement | null => document.querySelector<HTMLElement>('main h1');
