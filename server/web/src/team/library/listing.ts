// What is in the list, and what is to be said of each piece.
import type { Edition, Listed, Topic } from '../../shared/wire-pack';
import { plain } from '../parts/plain';

export const STATES = ['all', 'published', 'draft', 'not_reviewed', 'newer', 'retired'] as const;
export type State = (typeof STATES)[number];
export type Wanted = { text: string; topic: Topic | ''; state: State };

export const isDraft = (piece: Listed): boolean => piece.editions.some((one) => one.draft !== null);
export const isPublished = (piece: Listed): boolean => piece.retired === null && piece.editions.some((one) => one.published !== null);
export const isNewer = (piece: Listed): boolean => piece.editions.some((one) => one.newer_shipped !== null);
/** Something that clients can read and that nobody here has put a name to. */
export const unreviewed = (piece: Listed): Edition[] =>
  piece.retired ? [] : piece.editions.filter((one) => one.published !== null && one.published.reviewed === null).map((one) => one.edition);

const IS: Record<State, (piece: Listed) => boolean> = {
  all: () => true,
  published: isPublished,
  draft: isDraft,
  not_reviewed: (piece) => unreviewed(piece).length > 0,
  newer: isNewer,
  retired: (piece) => piece.retired !== null,
};

/** By title; what is no longer offered comes last. */
export function found(items: Listed[], { text, topic, state }: Wanted): Listed[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const fits = (piece: Listed) => {
    const own = plain(`${piece.title} ${piece.summary} ${piece.slug}`);
    return words.every((word) => own.includes(word)) && (topic === '' || piece.topics.includes(topic)) && IS[state](piece);
  };
  return items.filter(fits).sort((a, b) => Number(a.retired !== null) - Number(b.retired !== null) || a.title.localeCompare(b.title));
}

/** What is shown of a piece beside its title: its plainest edition that clients can read, English first. */
export const measured = (piece: Listed): { words: number; age: number | null } | null => {
  const shown = piece.editions.find((one) => one.published !== null)?.published;
  return shown ? { words: shown.words, age: shown.reading_age } : null;
};
