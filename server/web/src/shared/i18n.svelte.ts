import { en } from './en';
import type { Language } from './wire';

/** A sentence, or one per plural form of its `{n}`. */
export type Entry = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { other: string });
export type Dictionary = Record<string, Entry>;
export type Params = Record<string, string | number>;
/** The same sentences otherwise (in Welsh, in Easy Read), by the name of the dictionary they belong to. */
export type Words = Record<string, Partial<Dictionary>>;

/** The language now spoken; views that read it are drawn again when it changes. */
export const speech = $state<{ language: Language }>({ language: 'en' });
let instead = $state.raw<Words>({});

/**
 * Words of one app or page: English is always there, and what is said instead of it comes only to whoever wants it (speak).
 * Typed by the English keys, so a misspelt key does not compile.
 */
export function dictionary<D extends Dictionary>(name: string, english: D) {
  return (key: keyof D & string, params: Params = {}): string => {
    const own = instead[name]?.[key];
    return fill(own ?? english[key]!, params, own ? speech.language : 'en');
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

/** For sentences that come from elsewhere, in English: what is said instead of this one, or null. They stand in `name` by themselves. */
export const insteadOf = (name: string, sentence: string): string | null => {
  const own = instead[name]?.[sentence];
  return typeof own === 'string' ? own : null;
};

/** From now on speak `language`, with these words where there are any. The page is marked as what it is, for voices that read it aloud. */
export function speak(language: Language, words: Words = {}): void {
  speech.language = language;
  instead = words;
  if (typeof document !== 'undefined') document.documentElement.lang = language;
}

/** The words that both apps share. */
export const say = dictionary('shared', en);
