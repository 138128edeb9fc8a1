import type { Entry } from './i18n.svelte';
import type { en } from './en';

/** Welsh is written by a Welsh writer. What is missing here is shown in English. */
export const cy: Partial<Record<keyof typeof en, Entry>> = {
  'language.en': 'English',
  'language.cy': 'Cymraeg',
};
