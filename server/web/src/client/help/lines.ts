import { dayName, dayOf } from '../../shared/time';
import type { CrisisLine } from '../../shared/wire';
import { t } from '../words';
import { crisis } from '../words/crisis';

export const tel = (number: string): string => `tel:${number.replace(/[^\d+]/g, '')}`;

/** The form that both Android and iOS understand. */
export const lineHref = (line: CrisisLine): string =>
  line.kind === 'call' ? tel(line.number) : `sms:${line.number.replace(/\D/g, '')}${line.text_word ? `?&body=${encodeURIComponent(line.text_word)}` : ''}`;

/** In English, as all of a crisis line (words/crisis.ts). */
export function lineWords(line: CrisisLine): string {
  if (line.kind === 'call') return crisis('help.call', { number: line.number });
  return line.text_word ? crisis('help.text', { word: line.text_word, number: line.number }) : crisis('help.text_plain', { number: line.number });
}

/** Has a person at the provider tried this number, and when? */
export function checkedWords(line: CrisisLine, now: number, zone: string, provider: string): string {
  if (line.checked_on) return t('help.checked', { name: line.checked_by ?? provider, day: dayName(line.checked_on, dayOf(now, zone)) });
  return t('help.unchecked', { site: new URL(line.source).hostname.replace(/^www\./, '') });
}
