// A text as it is kept: TOML between lines of "+++", then Markdown. The server is the judge of it (it reads every text again, and
// the preview says what is wrong). Here is only what a form needs: a writer for exactly our keys, and a reader for files written
// in that form. What the reader does not know for sure it does not read at all, and the file is edited as it stands: a form
// that dropped a line somebody wrote by hand would be worse than none.
import type { Edition, Exercise, ResourceKind, Source, Stage, Topic } from '../../shared/wire-pack';
import { values, type Value } from './toml';

export const TOPICS = ['feelings', 'sleep', 'body', 'signs', 'voices_and_beliefs', 'day_to_day', 'home_and_money', 'people', 'work_and_learning', 'care_and_rights', 'hard_times', 'hope'] as const satisfies readonly Topic[];
export const STAGES = ['any', 'well', 'early_signs', 'crisis', 'after'] as const satisfies readonly Stage[];
export const HELPS_WITH = ['mood', 'sleep', 'energy', 'anxiety', 'connection', 'own_sign'] as const;

export type Piece = {
  title: string;
  summary: string;
  kind: ResourceKind;
  exercise: Exercise | null;
  topics: string[];
  stage: string;
  /** As typed. */
  minutes: string;
  written_on: string;
  /** What a file may say of its edition, carried as it stands; null: it says nothing. */
  language: string | null;
  easy_read: boolean | null;
  helps_with: string[];
  search_words: string[];
  awaiting_native_review: boolean;
  /** Never suggested, and the phone keeps no trace of who opened it. */
  discreet: boolean;
  /** Carried too, and never believed: a review is made in the app, by a person. */
  reviewed_by: string | null;
  sources: Source[];
  body: string;
};

const isEasy = (edition: Edition): boolean => edition.endsWith('-easy');
export const isWelsh = (edition: Edition): boolean => edition.startsWith('cy');

/** What a new file says of its edition. */
export const spoken = (edition: Edition) => ({ language: isWelsh(edition) ? 'cy' : 'en', easy_read: isEasy(edition) || null, awaiting_native_review: isWelsh(edition) });

export const blank = (edition: Edition, today: string): Piece => ({
  title: '',
  summary: '',
  kind: 'article',
  exercise: null,
  topics: [],
  stage: 'any',
  minutes: '3',
  written_on: today,
  helps_with: [],
  search_words: [],
  discreet: false,
  reviewed_by: null,
  sources: [],
  ...spoken(edition),
  body: `## ${isWelsh(edition) ? 'Yn y pum munud nesaf' : 'In the next five minutes'}\n\n`,
});

/** A first text of another edition begins with what both have in common; its words are its own. */
export const begun = (from: Piece, edition: Edition, today: string): Piece => ({
  ...from,
  // Words that clients would read or search by are not carried into another language.
  ...(isWelsh(edition) ? { title: '', summary: '', search_words: [] } : {}),
  written_on: today,
  reviewed_by: null,
  ...spoken(edition),
  body: blank(edition, today).body,
});

export type Written = {
  file: string;
  /** The line of the file that the body begins on. */
  bodyLine: number;
  /** Which field of the form stands on a line of the file, as `title` or `sources.0`. */
  fieldAt: (line: number) => string | null;
};

export function write(piece: Piece): Written {
  const lines: string[] = [];
  const fields = new Map<number, string>();
  const put = (key: string, value: string, field = key) => {
    lines.push(`${key} = ${value}`);
    fields.set(lines.length, field);
  };
  lines.push('+++');
  put('title', quoted(piece.title));
  put('summary', quoted(piece.summary));
  put('kind', quoted(piece.kind));
  if (piece.exercise) put('exercise', quoted(piece.exercise), 'kind');
  put('topics', list(piece.topics));
  put('stage', quoted(piece.stage));
  // Something that is no number is written as it was typed: the preview says so, on this line.
  put('minutes', /^[0-9]+$/.test(piece.minutes.trim()) ? String(Number(piece.minutes)) : quoted(piece.minutes));
  put('written_on', /^\d{4}-\d{2}-\d{2}$/.test(piece.written_on) ? piece.written_on : quoted(piece.written_on));
  if (piece.language !== null) put('language', quoted(piece.language));
  if (piece.easy_read !== null) put('easy_read', String(piece.easy_read));
  if (piece.awaiting_native_review) put('awaiting_native_review', 'true');
  if (piece.discreet) put('discreet', 'true');
  put('helps_with', list(piece.helps_with));
  put('search_words', list(piece.search_words));
  if (piece.reviewed_by !== null) put('reviewed_by', quoted(piece.reviewed_by));
  piece.sources.forEach((source, n) => {
    lines.push('', '[[sources]]');
    fields.set(lines.length, `sources.${n}`);
    for (const key of ['title', 'publisher', 'url'] as const) put(key, quoted(source[key]), `sources.${n}`);
  });
  lines.push('+++', '');
  return { file: `${lines.join('\n')}\n${piece.body}`, bodyLine: lines.length + 1, fieldAt: (line) => fields.get(line) ?? null };
}

const list = (words: string[]): string => `[${words.map(quoted).join(', ')}]`;

function quoted(words: string): string {
  // A field is one line; what cannot be seen has no place in it.
  const clean = words.replace(/\s+/g, ' ').replace(/[\u0000-\u001f\u007f]/g, '').trim();
  return `"${clean.replace(/["\\]/g, '\\$&')}"`;
}

/** Front matter and body, or null when the file has not got the two. */
export function parted(file: string): { front: string; body: string; bodyLine: number } | null {
  const lines = file.replaceAll('\r\n', '\n').split('\n');
  if (lines[0] !== '+++') return null;
  const end = lines.indexOf('+++', 1);
  if (end < 0) return null;
  let from = end + 1;
  while (from < lines.length && lines[from]!.trim() === '') from += 1;
  return { front: lines.slice(1, end).join('\n'), body: lines.slice(from).join('\n'), bodyLine: from + 1 };
}

/** Null: not written in our form. Then the file is edited as it stands. */
export function read(file: string): Piece | null {
  const parts = parted(file);
  const tables = parts && values(parts.front);
  if (!tables) return null;
  const [own, ...rest] = tables;
  const front = own!.entries;
  if (own!.name !== null || [...front.keys()].some((key) => !KEYS.includes(key)) || rest.some((one) => one.name !== 'sources')) return null;
  const sources = rest.map((one) => source(one.entries));
  const given = <T>(key: string, as: (value: Value | undefined) => T | null): T | null => (front.has(key) ? as(front.get(key)) : null);
  const piece: { [K in keyof Piece]: Piece[K] | null } = {
    title: text(front.get('title')),
    summary: text(front.get('summary')),
    kind: oneOf(front.get('kind') ?? 'article', ['article', 'exercise'] as const),
    exercise: given('exercise', text) as Exercise | null,
    topics: words(front.get('topics')),
    stage: text(front.get('stage') ?? 'any'),
    minutes: typeof front.get('minutes') === 'number' ? String(front.get('minutes')) : null,
    written_on: date(front.get('written_on')),
    language: given('language', text),
    easy_read: given('easy_read', flag),
    helps_with: words(front.get('helps_with') ?? []),
    search_words: words(front.get('search_words') ?? []),
    awaiting_native_review: flag(front.get('awaiting_native_review') ?? false),
    discreet: flag(front.get('discreet') ?? false),
    reviewed_by: given('reviewed_by', text),
    sources: sources.every((one) => one !== null) ? sources : null,
    body: parts.body,
  };
  // Something that stands in the file and could not be read would be lost.
  const lost = (key: string, value: unknown) => value === null && (front.has(key) || !OPTIONAL.includes(key));
  return Object.entries(piece).some(([key, value]) => lost(key, value)) ? null : (piece as Piece);
}

const OPTIONAL = ['exercise', 'language', 'easy_read', 'reviewed_by'];
const KEYS = ['title', 'summary', 'kind', 'topics', 'stage', 'minutes', 'written_on', 'awaiting_native_review', 'discreet', 'helps_with', 'search_words', ...OPTIONAL];

const text = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);
const words = (value: Value | undefined): string[] | null => (Array.isArray(value) ? value : null);
const flag = (value: Value | undefined): boolean | null => (typeof value === 'boolean' ? value : null);
const date = (value: Value | undefined): string | null => (value && typeof value === 'object' && !Array.isArray(value) ? value.date : null);
const oneOf = <T extends string>(value: Value, all: readonly T[]): T | null => all.find((one) => one === value) ?? null;

function source(entries: Map<string, Value>): Source | null {
  if ([...entries.keys()].some((key) => !['title', 'publisher', 'url'].includes(key))) return null;
  const [title, publisher, url] = ['title', 'publisher', 'url'].map((key) => text(entries.get(key)));
  return title == null || publisher == null || url == null ? null : { title, publisher, url };
}
