import { dictionary } from '../../shared/i18n.svelte';
import { en } from '../words/welcome.en';

/** The words of the first five minutes; they come with their views. */
export const v = dictionary('welcome', en);
