import type { Attachment } from 'svelte/attachments';

/** Kept by the browser itself, and for those who type with a keyboard on the screen too; the focus and what is chosen stay where they are. */
const TYPED = 'input, textarea';
const CHOSEN = 'select, [type=radio], [type=checkbox], [type=range], [type=file]';

/**
 * On the element around what is being saved: until the answer has come nothing in it changes. What would be typed meanwhile would be lost with
 * what the answer puts in its place.
 */
export const still = (busy: () => boolean): Attachment<HTMLElement> => (node) => {
  if (!busy()) return;
  const typed = [...node.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(TYPED)].filter((one) => !one.readOnly);
  for (const one of typed) one.readOnly = true;
  node.dataset.still = '';
  const stop = new AbortController();
  const hold = (which: string) => (event: Event) => {
    if (!(event.target as Element).closest(which) || (event instanceof KeyboardEvent && event.key === 'Tab')) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const options = { capture: true, signal: stop.signal };
  for (const event of ['click', 'mousedown']) node.addEventListener(event, hold(`${CHOSEN}, label, button[type=button]`), options);
  node.addEventListener('keydown', hold(CHOSEN), options);
  return () => {
    stop.abort();
    delete node.dataset.still;
    for (const one of typed) one.readOnly = false;
  };
};
