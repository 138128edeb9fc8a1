import type { Language } from '../../shared/wire';

// Discreet mode: what others see of this app without opening it. No words of the app's own are needed for it before it is opened.

/** The same in both languages' homes: a name that stands under an icon. */
const NEUTRAL = { en: 'Notes', cy: 'Nodiadau' } as const;

export const neutralName = (language: 'en' | 'cy'): string => NEUTRAL[language];
export const appName = ({ discreet, language }: { discreet: boolean; language: Language | null }): string => (discreet ? neutralName(language ?? 'en') : __NAME__);

export const EXITS = { weather: 'https://www.bbc.co.uk/weather', news: 'https://www.bbc.co.uk/news', blank: 'about:blank' } as const;
export type Exit = keyof typeof EXITS;
