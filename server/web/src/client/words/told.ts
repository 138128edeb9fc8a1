import { speech } from '../../shared/i18n.svelte';
import type { Language, Sentences } from '../../shared/wire';
import { me } from '../store/about';

/** A sentence of the server's, as the phone now speaks. An older server tells one only, in the language of the record. */
export function told({ sentence, sentences }: { sentence: string; sentences?: Sentences | null }): { text: string; lang: Language } {
  if (!sentences) return { text: sentence, lang: me.data?.client.language ?? 'en' };
  return speech.language === 'cy' && sentences.cy ? { text: sentences.cy, lang: 'cy' } : { text: sentences.en, lang: 'en' };
}
