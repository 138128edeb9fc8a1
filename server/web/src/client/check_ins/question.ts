import { insteadOf, speech } from '../../shared/i18n.svelte';
import type { Item, Labels, Language } from '../../shared/wire';

/** The words of a scale, and the standard questions, in the language now spoken where they are known in it (words/items.cy.ts). */
export const said = (words: string): string => insteadOf('items', words) ?? words;

/** A sign is in the person's own words, so it stands in quotation marks. */
export const asked = (item: Pick<Item, 'kind' | 'text'>): string => (item.kind === 'sign' ? `“${item.text}”` : said(item.text));

export const labelsOf = ({ low, middle, high }: Labels): Labels => ({ low: said(low), middle: said(middle), high: said(high) });

/** A question of the provider's that is not known in Welsh is English, for whatever voice reads it. */
export const askedIn = (item: Pick<Item, 'kind' | 'text'>): Language | undefined =>
  item.kind === 'standard' && speech.language !== 'en' && insteadOf('items', item.text) === null ? 'en' : undefined;
