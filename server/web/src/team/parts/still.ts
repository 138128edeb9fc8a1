import type { Attachment } from 'svelte/attachments';

/** Kept by the browser itself, and for those who type with a keyboard on the screen too; the focus and what is chosen stay where they are. */
const TYPED = 'input, textarea';
const CHOSEN = 'select, [type=radio], [type=checkbox], [type=range], [type=file]';
/** Whoever will not wait may leave: `data-leaves` is on what cancels. */
const PRESSED = `${CHOSEN}, label, button[type=button]:not([data-leaves])`;

/**
 * On the element around what is being saved: until the answer has come nothing in it changes. What would be typed meanwhile would be lost with
 * what the answer puts in its place.
 */
export const still = (busy: () => boolean): Attachment<HTMLElement> => (node) => {
  if (!busy()) return;
  const typed = [...node.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(TYPED)].filter((one) => !one.readOnly);
  for (const one of typed) one.readOnly = true;
  node.dataset.still = '';
  node.setAttribute('aria-busy', 'true');
  const stop = new AbortController();
  const hold = (event: Event, is: unknown) => {
    if (!is) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const on = <E extends keyof HTMLElementEventMap>(name: E, held: (event: HTMLElementEventMap[E], target: Element) => unknown) =>
    node.addEventListener(name, (event) => hold(event, held(event, event.target as Element)), { capture: true, signal: stop.signal });
  on('click', (_, target) => target.closest(PRESSED));
  on('mousedown', (_, target) => target.closest(PRESSED));
  // Enter adds a line here and there; what is chosen goes by arrows, letters and the space bar.
  on('keydown', ({ key, ctrlKey, metaKey }, target) => (key === 'Enter' ? target.matches(TYPED) : target.matches(CHOSEN) && !ctrlKey && !metaKey && !/^(Tab|Escape|F\d+)$/.test(key)));
  // A form within it, as for one more line. Whoever saves guards against a second time.
  on('submit', (_, target) => target !== node);
  return () => {
    stop.abort();
    delete node.dataset.still;
    node.removeAttribute('aria-busy');
    for (const one of typed) one.readOnly = false;
  };
};
