import { insteadOf, speech } from '../../shared/i18n.svelte';
import type { Item, Labels, Language } from '../../shared/wire';

/** The words of a scale, and the standard questions, in the language now spoken where they are known in it (words/items.cy.ts). */
export const said = (words: string): string => insteadOf('items', words) ?? words;

/** A sign is in the person's own words, so it stands in quotation marks. */
export const asked = (item: Pick<Item, 'kind' | 'text'>): string => (item.kind === 'sign' ? `“${item.text}”` : said(item.text));

export const labelsOf = ({ low, middle, high }: Labels): Labels => ({ low: said(low), middle: said(middle), high: said(high) });

/** The provider's words that are not known in Welsh are English, for whatever voice reads them. A sign is somebody's own, in any language. */
const wordsIn = (kind: Item['kind'], words: string): Language | undefined =>
  kind === 'standard' && words && speech.language !== 'en' && insteadOf('items', words) === null ? 'en' : undefined;
export const askedIn = ({ kind, text }: Pick<Item, 'kind' | 'text'>): Language | undefined => wordsIn(kind, text);
export const labelsIn = ({ kind, labels }: Pick<Item, 'kind' | 'labels'>): Partial<Record<keyof Labels, Language | undefined>> => ({
  low: wordsIn(kind, labels.low), middle: wordsIn(kind, labels.middle), high: wordsIn(kind, labels.high),
});
