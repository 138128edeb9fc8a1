import type { Language } from '../../shared/wire';

// What a page says, in the order in which it stands there: for a voice that reads it out. What is hidden, drawn or typed is not read.

export type Said = { element: HTMLElement; text: string; language: Language };

const SILENT = 'svg, script, style, select, textarea, [aria-hidden="true"], .unread';
/** What stands in a line, and is read with it. */
const INLINE = 'a:not(.btn), abbr, b, bdi, cite, code, em, i, mark, q, s, small, span:not(.hint), strong, sub, sup, time, u';

/** Line by line: what stands in one of them in another language is said by itself. */
export function saidOn(...pages: HTMLElement[]): Said[] {
  const said: Said[] = [];
  for (const page of pages) {
    const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const parent = text.parentElement!;
      if (parent.closest(SILENT) || !isShown(parent)) continue;
      const element = lineOf(parent, page);
      const language = languageAt(parent);
      const last = said.at(-1);
      if (last?.element === element && last.language === language) last.text += text.textContent;
      // What only parts two lines is in no language.
      else if (text.textContent?.trim()) said.push({ element, text: text.textContent, language });
    }
  }
  return said.map((one) => ({ ...one, text: one.text.trim().replace(/\s+/g, ' ') }));
}

function lineOf(element: HTMLElement, page: HTMLElement): HTMLElement {
  let line = element;
  while (line !== page && line.matches(INLINE) && line.parentElement) line = line.parentElement;
  return line;
}

const isShown = (element: HTMLElement): boolean => (element.checkVisibility ? element.checkVisibility({ visibilityProperty: true }) : true);
const languageAt = (element: HTMLElement): Language => (element.closest('[lang]')?.getAttribute('lang')?.startsWith('cy') ? 'cy' : 'en');
