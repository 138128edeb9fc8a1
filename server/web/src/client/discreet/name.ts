// Discreet mode: what others see of this app without opening it. No words of the app's own are needed for it before it is opened.

/** The same whatever the app speaks: it is what stands under the icon, and a home screen is told of one name (public/notes.webmanifest). */
export const NEUTRAL = 'Notes';

export const appName = ({ discreet }: { discreet: boolean }): string => (discreet ? NEUTRAL : __NAME__);

export const EXITS = { weather: 'https://www.bbc.co.uk/weather', news: 'https://www.bbc.co.uk/news', blank: 'about:blank' } as const;
export type Exit = keyof typeof EXITS;
