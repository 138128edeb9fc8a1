import type { Language } from '../../shared/wire';
import type { PackResource } from '../../shared/wire-my-pack';
import type { Edition, Text } from '../../shared/wire-pack';

export type Shown = { edition: Edition; hash: string; text: Text };

export const languageOf = (edition: Edition): Language => (edition.startsWith('cy') ? 'cy' : 'en');
export const isEasy = (edition: Edition): boolean => edition.endsWith('-easy');
export const editionFor = (language: Language, easy: boolean): Edition => (easy ? `${language}-easy` : language);

/** The language first, then how easy: a Welsh reader who likes Easy Read gets Welsh before an English Easy Read. */
export function inOrder(language: Language, easy: boolean): Edition[] {
  const other: Language = language === 'cy' ? 'en' : 'cy';
  return [editionFor(language, easy), editionFor(language, !easy), editionFor(other, easy), editionFor(other, !easy)];
}

/** The wording to show, of those whose text is on this phone. */
export function shownOf(resource: PackResource, texts: Map<string, Text>, language: Language, easy: boolean): Shown | null {
  for (const edition of inOrder(language, easy)) {
    const hash = resource.editions[edition];
    const text = hash && texts.get(hash);
    if (text) return { edition, hash, text };
  }
  return null;
}
