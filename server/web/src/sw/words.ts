import type { Language } from '../shared/wire';
import type { Understood } from './payload';

/** The few words a service worker says by itself: neutral ones, for whoever else may be looking at the screen. */
const en = {
  something: 'There is something new',
  done: 'Done',
  snooze: 'In half an hour',
  open: 'Open',
  acknowledge: 'I’ve got this',
  yours: 'You’ve got this',
  yours_more: 'Open the app to see who it is, and to say when.',
  taken: 'Somebody else has this',
  taken_more: 'You need do nothing. The app says who.',
  over: 'This is over',
  over_more: 'It is done, or has changed since. Open the app to see how it stands.',
  told: 'Your answer has reached the server',
  told_more: 'Open the app to see who has it, and to say when.',
  untold: 'Could not reach the server yet',
  untold_more: 'Open the app. Until then nobody knows that you have it.',
  refused: 'The server did not take your answer',
  refused_more: 'Open the app to see how it stands.',
  and: '{list} and {last}',
};
const cy: typeof en = {
  something: 'Mae rhywbeth newydd',
  done: 'Wedi gwneud',
  snooze: 'Ymhen hanner awr',
  open: 'Agor',
  acknowledge: 'Mae hwn gen i',
  yours: 'Mae hwn gennych chi',
  yours_more: 'Agorwch yr ap i weld pwy sydd yno, ac i ddweud pryd.',
  taken: 'Mae hwn gan rywun arall',
  taken_more: 'Does dim rhaid i chi wneud dim. Mae’r ap yn dweud pwy.',
  over: 'Mae hyn ar ben',
  over_more: 'Mae wedi’i wneud, neu wedi newid ers hynny. Agorwch yr ap i weld sut mae pethau.',
  told: 'Mae eich ateb wedi cyrraedd y gweinydd',
  told_more: 'Agorwch yr ap i weld gan bwy mae hwn, ac i ddweud pryd.',
  untold: 'Methu cyrraedd y gweinydd eto',
  untold_more: 'Agorwch yr ap. Tan hynny does neb yn gwybod bod hwn gennych chi.',
  refused: 'Ni dderbyniodd y gweinydd eich ateb',
  refused_more: 'Agorwch yr ap i weld sut mae pethau.',
  and: '{list} a {last}',
};

/** What the server says to a client, of one thing and of several. It goes by the record's language; the phone may have chosen another. */
const neutral: Record<Language, Partial<Record<Understood['kind'], [string, string]>>> = {
  en: {
    reminder: ['A reminder', 'Reminders'],
    contact_news: ['News for you', 'News for you'],
    plan_waiting: ['Something to look at', 'Some things to look at'],
    test: ['This is a test', 'This is a test'],
  },
  cy: {
    reminder: ['Nodyn atgoffa', 'Nodiadau atgoffa'],
    contact_news: ['Newyddion i chi', 'Newyddion i chi'],
    plan_waiting: ['Rhywbeth i edrych arno', 'Pethau i edrych arnynt'],
    test: ['Prawf yw hwn', 'Prawf yw hwn'],
  },
};

/** Nothing else is said where nothing is to be seen, and nothing of what only a newer server tells of. */
export const instead = ({ kind, n, d }: Understood, language: Language): string | undefined =>
  d === 'hidden' && kind !== 'test' ? undefined : neutral[language][kind]?.[n > 1 ? 1 : 0];

export type Word = keyof typeof en;
export const wordsOf = (language: Language) => (language === 'cy' ? cy : en);

export function list(titles: string[], language: Language): string {
  if (titles.length < 2) return titles[0] ?? '';
  return wordsOf(language).and.replace('{list}', titles.slice(0, -1).join(', ')).replace('{last}', titles.at(-1) ?? '');
}
