import { dictionary } from '../../shared/i18n.svelte';
import { en } from '../words/suits.en';

/** How the app talks to somebody; these words come with their views. */
export const s = dictionary('suits', en);
