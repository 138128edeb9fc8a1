import MiniSearch, { type SearchResult } from 'minisearch';
import type { Uuid } from '../../shared/wire';
import type { Text } from '../../shared/wire-pack';
import { likeness } from './likeness';
import { asked, words } from './sounds';

// Search on the phone, from the phone's own texts: it forgives spelling, and tells nobody what was looked for.

/** Every wording of one resource; `topics` are their names as people read them. */
export type Searchable = { id: Uuid; texts: Text[]; topics: string[] };
/** `found`: these are about it. Otherwise the list is what may be near, and may be empty. */
export type Answer = { found: boolean; ids: Uuid[] };

type Row = { id: string; title: string; search_words: string; topics: string; summary: string; headings: string; body: string };

const WEIGHTS = { title: 6, search_words: 6, topics: 2, summary: 3, headings: 2, body: 1 };
const MOST = 12;
const WORTH = 0.12;
/** More than any score that single words can bring. */
const SAID = 10_000;

export class Index {
  #search = new MiniSearch<Row>({ fields: Object.keys(WEIGHTS), tokenize: words, processTerm: (term) => term });
  #written: string[];
  /** How often each word is in each text. */
  #counts = new Map<string, Map<string, number>>();
  /** Titles and search words as they are said, several words each. */
  #phrases: { id: Uuid; words: string[] }[];

  constructor(pieces: Searchable[]) {
    const rows = pieces.flatMap(({ id, texts, topics }) => texts.map((text, n) => row(`${id} ${n}`, text, topics)));
    this.#search.addAll(rows);
    for (const { id, ...fields } of rows) {
      const counts = new Map<string, number>();
      for (const word of words(Object.values(fields).join(' '))) counts.set(word, (counts.get(word) ?? 0) + 1);
      this.#counts.set(id, counts);
    }
    this.#phrases = pieces.flatMap(({ id, texts }) =>
      texts.flatMap((text) => [text.title, ...text.search_words].map((phrase) => ({ id, words: words(phrase) }))).filter((phrase) => phrase.words.length > 1),
    );
    this.#written = [...new Set([...this.#counts.values()].flatMap((counts) => [...counts.keys()]))];
  }

  find(query: string): Answer {
    const typed = asked(query);
    const meant = this.#meant(typed);
    const said = this.#said(words(query));
    if (meant.size === 0 && said.length === 0) return { found: false, ids: [] };
    const results = this.#search.search([...meant.keys()].join(' '), { boost: WEIGHTS, boostTerm: (term) => meant.get(term)?.like ?? 1 });

    // Of several wordings the best one speaks for the resource.
    const best = new Map<Uuid, { id: Uuid; score: number; about: boolean }>();
    for (const result of results) {
      const id = String(result.id).split(' ')[0]!;
      const share = new Set(result.terms.map((term) => meant.get(term)?.typed)).size / typed.length;
      const one = { id, score: result.score * share, about: share >= 0.5 && this.#isAbout(result, share) };
      const known = best.get(id);
      if (!known || rank(one, known) < 0) best.set(id, one);
    }
    // What is called just so comes first, however common its words are.
    for (const id of said) best.set(id, { id, score: (best.get(id)?.score ?? 0) + SAID, about: true });
    const all = [...best.values()].sort(rank);
    // What is only touched on, far behind what is really about it, stays out.
    const most = Math.max(0, ...all.filter((one) => one.about && one.score < SAID).map((one) => one.score));
    const about = all.filter((one) => one.about && one.score >= most * WORTH);
    return about.length ? { found: true, ids: about.slice(0, MOST).map((one) => one.id) } : { found: false, ids: all.slice(0, 3).map((one) => one.id) };
  }

  /** The written words that may be meant, each with the one that was typed. A word that is written somewhere is no slip. */
  #meant(typed: string[]): Map<string, { typed: string; like: number }> {
    const meant = new Map<string, { typed: string; like: number }>();
    typed.forEach((word, place) => {
      const known = this.#written.includes(word);
      for (const written of this.#written) {
        const like = likeness(word, written, place === typed.length - 1);
        if (like > (known ? 0.75 : 0) && like > (meant.get(written)?.like ?? 0)) meant.set(written, { typed: word, like });
      }
    });
    return meant;
  }

  /** Whose title or search words are what was typed, or are part of it, or it of them: word by word, spelt as it may be. */
  #said(typed: string[]): Uuid[] {
    const within = (few: string[], many: string[], like: (a: string, b: string) => number) =>
      many.some((_, start) => start + few.length <= many.length && few.every((word, n) => like(word, many[start + n]!) >= 0.6));
    return this.#phrases
      .filter((phrase) => typed.length > 1 && (within(typed, phrase.words, (a, b) => likeness(a, b, false)) || within(phrase.words, typed, (a, b) => likeness(b, a, false))))
      .map((phrase) => phrase.id);
  }

  /** Where a text says what it is about, or in the text itself, when everything that was typed is there more than once. */
  #isAbout({ id, match }: SearchResult, share: number): boolean {
    if (Object.values(match).some((fields) => fields.some((field) => field !== 'body'))) return true;
    return share === 1 && Object.keys(match).some((word) => (this.#counts.get(String(id))?.get(word) ?? 0) > 1);
  }
}

const rank = (a: { about: boolean; score: number }, b: { about: boolean; score: number }): number => Number(b.about) - Number(a.about) || b.score - a.score;

function row(id: string, text: Text, topics: string[]): Row {
  const lines = { headings: [] as string[], body: [] as string[] };
  for (const block of text.blocks) {
    const spans = block.kind === 'list' ? block.items.flat() : block.kind === 'image' ? [{ text: block.alt }] : block.text;
    lines[block.kind === 'heading' ? 'headings' : 'body'].push(spans.map((span) => span.text).join(''));
  }
  return {
    id,
    title: text.title,
    search_words: text.search_words.join(' '),
    topics: topics.join(' '),
    summary: text.summary,
    headings: lines.headings.join(' '),
    body: lines.body.join(' '),
  };
}
