import { dictionary } from '../../shared/i18n.svelte';
import { en } from './en';

/** The words of the client's app. */
export const t = dictionary('main', en);
export type Key = keyof typeof en;
