import { dictionary, speech } from '../../shared/i18n.svelte';
import { cy } from '../words/pack.cy';
import { en } from '../words/pack.en';
import { welshIsComplete } from '../words';

/** The words of the pack; they come with its views, not with the first load. */
export const p = dictionary(en, cy);
export type PackKey = keyof typeof en;

/** The pack is written in Welsh throughout, so its pages are marked as what they are while the rest of the app is not. */
export const spoken = (): 'en' | 'cy' => speech.language;

/** What the rest of the app is spoken in, where its words stand on a page of the pack. */
export const appSpoken = (): 'en' | 'cy' => (welshIsComplete ? speech.language : 'en');
