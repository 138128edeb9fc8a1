import { me } from '../store/about';
import { t } from '../words';

/** "Meg, Sam and Priya" */
export function names(list: string[]): string {
  if (list.length < 2) return list[0] ?? '';
  const last = list.at(-1) ?? '';
  return t(/^[aeiou]/i.test(last) ? 'app.and_vowel' : 'app.and', { list: list.slice(0, -1).join(', '), last });
}

/** "Meg and Sam": who reads what the client shares. */
export const readers = (): string => names(me.data?.note_readers ?? []) || t('app.team');
