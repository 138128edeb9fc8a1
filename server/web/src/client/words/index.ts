import { dictionary } from '../../shared/i18n.svelte';
import { cy } from './cy';
import { en } from './en';

/** The words of the client's app. */
export const t = dictionary(en, cy);
export type Key = keyof typeof en;

/** Until every sentence is written in Welsh, the page is not called Welsh and the choice says what to expect. */
export const welshIsComplete = Object.keys(en).every((key) => key in cy);
