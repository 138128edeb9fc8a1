import { dictionary } from '../../shared/i18n.svelte';
import type { Item } from '../../shared/wire';
import { en } from '../words/check_ins.en';
import { asked } from './question';

/** What is said after a check-in and when looking back; it comes with its views, not with the first load. */
export const c = dictionary('check_ins', en);

/** A question named inside a sentence: "your sleep", or a sign in the person's own words. */
export const named = (item: Item): string => (item.key ? c(`after.about_${item.key}`) : asked(item));
