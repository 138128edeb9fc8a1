import { dictionary } from '../../shared/i18n.svelte';
import { en } from '../words/pack.en';

/** The words of the pack; they come with its views, not with the first load. */
export const p = dictionary('pack', en);
export type PackKey = keyof typeof en;
