import type { Language } from '../../shared/wire';

// What a page says, in the order in which it stands there: for a voice that reads it out. What is hidden, or drawn, is not read.

export type Said = { element: HTMLElement; text: string; language: Language };

const READ = 'h1, h2, h3, p, li, legend, label, summary, dt, dd, th, td, button, a.btn, .say';

export function saidOn(page: HTMLElement): Said[] {
  return [...page.querySelectorAll<HTMLElement>(READ)]
    .filter((element) => !element.closest('[aria-hidden="true"], .unread') && isShown(element))
    .map((element) => ({ element, text: ownWords(element), language: languageAt(element) }))
    .filter(({ text }) => text !== '');
}

/** Without what is inside another part that is read by itself, or each would be heard twice. */
function ownWords(element: HTMLElement): string {
  const own = element.cloneNode(true) as HTMLElement;
  for (const other of own.querySelectorAll(`${READ}, [aria-hidden="true"], svg, script, style`)) other.remove();
  return (own.textContent ?? '').trim().replace(/\s+/g, ' ');
}

const isShown = (element: HTMLElement): boolean => (element.checkVisibility ? element.checkVisibility({ visibilityProperty: true }) : true);
const languageAt = (element: HTMLElement): Language => (element.closest('[lang]')?.getAttribute('lang')?.startsWith('cy') ? 'cy' : 'en');
