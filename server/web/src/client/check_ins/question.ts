import type { Item } from '../../shared/wire';
import { t } from '../words';

/** A sign is in the person's own words, so it stands in quotation marks. */
export const asked = (item: Item): string => (item.kind === 'sign' ? `“${item.text}”` : item.text);

/** The same, named inside a sentence: "your sleep", or the sign in its own words. */
export const named = (item: Item): string => (item.key ? t(`after.about_${item.key}`) : asked(item));
