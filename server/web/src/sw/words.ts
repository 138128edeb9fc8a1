import type { Language } from '../shared/wire';

/** The few words a service worker says by itself: neutral ones, for whoever else may be looking at the screen. */
const en = {
  something: 'There is something new',
  done: 'Done',
  snooze: 'In half an hour',
  open: 'Open',
  and: '{list} and {last}',
};
const cy: typeof en = {
  something: 'Mae rhywbeth newydd',
  done: 'Wedi gwneud',
  snooze: 'Ymhen hanner awr',
  open: 'Agor',
  and: '{list} a {last}',
};

export type Word = keyof typeof en;
export const wordsOf = (language: Language) => (language === 'cy' ? cy : en);

export function list(titles: string[], language: Language): string {
  if (titles.length < 2) return titles[0] ?? '';
  return wordsOf(language).and.replace('{list}', titles.slice(0, -1).join(', ')).replace('{last}', titles.at(-1) ?? '');
}
