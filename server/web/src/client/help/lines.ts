import { dayName, dayOf } from '../../shared/time';
import type { CrisisLine } from '../../shared/wire';
import { byRelay } from '../store/suits.svelte';
import { t } from '../words';
import { crisis } from '../words/crisis';

export const tel = (number: string): string => `tel:${number.replace(/[^\d+]/g, '')}`;

/** The form that both Android and iOS understand. */
export const lineHref = (line: CrisisLine): string =>
  line.kind === 'call' ? tel(line.number) : `sms:${line.number.replace(/\D/g, '')}${line.text_word ? `?&body=${encodeURIComponent(line.text_word)}` : ''}`;

/** Texts come first for whoever does not ring. `few`: the first two, and always one to write to. */
export function linesFor(lines: CrisisLine[], { few, textFirst }: { few: boolean; textFirst: boolean }): CrisisLine[] {
  const isText = ({ kind }: CrisisLine) => kind === 'text';
  const some = few ? lines.filter((line, n) => n < 2 || line === lines.find(isText)) : lines;
  return textFirst ? [...some.filter(isText), ...some.filter((line) => !isText(line))] : some;
}

/** Through Relay UK, by whoever types instead of speaking. `null` for a number that cannot be dialled so: one abroad, or a short one. */
export function relayed(number: string): string | null {
  const home = number.replace('(0)', '').replace(/^(?:\+|00)44\s*/, '0');
  return /^0\d{9,10}$/.test(home.replace(/[^\d+]/g, '')) ? `18001 ${home}` : null;
}

/** The team's number, as this person rings it. */
export const asRung = (number: string): string => (byRelay() && relayed(number)) || number;

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
