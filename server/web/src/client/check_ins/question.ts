import type { Item } from '../../shared/wire';

/** A sign is in the person's own words, so it stands in quotation marks. */
export const asked = (item: Item): string => (item.kind === 'sign' ? `“${item.text}”` : item.text);
