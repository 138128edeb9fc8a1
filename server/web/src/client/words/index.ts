import { dictionary, speech } from '../../shared/i18n.svelte';
import { cy } from './cy';
import { en } from './en';

/** The words of the client's app. */
export const t = dictionary(en, cy);
export type Key = keyof typeof en;

/** Until every sentence is written in Welsh, the page is not called Welsh and the choice says what to expect. */
export const welshIsComplete = Object.keys(en).every((key) => key in cy);

/** Pages that are written in Welsh throughout are marked as what they are while the rest of the app is not. */
export const spoken = (): 'en' | 'cy' => speech.language;

/** What the rest of the app is spoken in, where its words stand on such a page. */
export const appSpoken = (): 'en' | 'cy' => (welshIsComplete ? speech.language : 'en');
