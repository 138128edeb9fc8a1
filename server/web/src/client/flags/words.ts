import { dictionary } from '../../shared/i18n.svelte';
import { en } from '../words/early_warning.en';

/** The words of early warning; they come with its views, not with the first load. */
export const w = dictionary('early_warning', en);
