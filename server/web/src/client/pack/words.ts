import { dictionary } from '../../shared/i18n.svelte';
import { cy } from '../words/pack.cy';
import { en } from '../words/pack.en';

/** The words of the pack; they come with its views, not with the first load. */
export const p = dictionary(en, cy);
export type PackKey = keyof typeof en;

export { appSpoken, spoken } from '../words';
