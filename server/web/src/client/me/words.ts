import { dictionary } from '../../shared/i18n.svelte';
import { en } from '../words/me.en';

/** The words of Me; they come with its views, not with the first load. */
export const m = dictionary('me', en);
