import { dictionary } from '../../shared/i18n.svelte';
import { cy } from '../words/early_warning.cy';
import { en } from '../words/early_warning.en';

/** The words of early warning; they come with its views, not with the first load. */
export const w = dictionary(en, cy);

export { appSpoken, spoken } from '../words';
