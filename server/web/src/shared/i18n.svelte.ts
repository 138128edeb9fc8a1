import { cy } from './cy';
import { en } from './en';
import type { Language } from './wire';

/** A sentence, or one per plural form of its `{n}`. */
export type Entry = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { other: string });
export type Dictionary = Record<string, Entry>;
export type Params = Record<string, string | number>;

/** The language now spoken; views that read it are drawn again when it changes. */
export const speech = $state<{ language: Language }>({ language: 'en' });

/**
 * Words of one app: `en` is complete, `cy` may lack some, which then come in English.
 * Typed by the English keys, so a misspelt key does not compile.
 */
export function dictionary<D extends Dictionary>(english: D, welsh: Partial<Record<keyof D, Entry>>) {
  return (key: keyof D & string, params: Params = {}): string => {
    const own = speech.language === 'cy' ? welsh[key] : undefined;
    return fill(own ?? english[key]!, params, own ? 'cy' : 'en');
  };
}

function fill(entry: Entry, params: Params, language: Language): string {
  const sentence = typeof entry === 'string' ? entry : (entry[plural(language).select(Number(params.n))] ?? entry.other);
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

const rules = new Map<Language, Intl.PluralRules>();
function plural(language: Language): Intl.PluralRules {
  const known = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, known);
  return known;
}

/** Speak `language` from now on. The page is marked Welsh only when `complete` says that it truly is. */
export function speak(language: Language, complete: boolean): void {
  speech.language = language;
  // A Welsh voice reading English aloud is hard to follow: an unfinished translation stays marked as English.
  document.documentElement.lang = language === 'cy' && complete ? 'cy' : 'en';
}

/** The words that both apps share. */
export const say = dictionary(en, cy);
