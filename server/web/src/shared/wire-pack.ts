import type { Day, Instant, Uuid } from './wire';

// The library and the pack, as the team sees them, named as on the wire. The first part is what both apps draw.

/** `href` is "https://…", "tel:116123" or "resource:slug"; whoever draws it checks the scheme again (blocks/href.ts). */
export type Span = { text: string; strong?: true; emphasis?: true; href?: string };

/** The server's Markdown as a tree. Apps draw it with text nodes only (blocks/Blocks.svelte), never as HTML. */
export type Block =
  | { kind: 'heading'; level: 2 | 3; text: Span[] }
  | { kind: 'paragraph'; text: Span[] }
  | { kind: 'quote'; text: Span[] }
  | { kind: 'list'; ordered: boolean; items: Span[][] }
  | { kind: 'image'; image_id: Uuid; alt: string };

export type Topic =
  | 'feelings'
  | 'sleep'
  | 'body'
  | 'signs'
  | 'voices_and_beliefs'
  | 'day_to_day'
  | 'home_and_money'
  | 'people'
  | 'work_and_learning'
  | 'care_and_rights'
  | 'hard_times'
  | 'hope';
export type Stage = 'any' | 'well' | 'early_signs' | 'crisis' | 'after';
export type Source = { title: string; publisher: string; url: string };
/** Who at the provider read a text and said that it is right for their clients; null = nobody yet. */
export type Reviewed = { by: string; on: Day } | null;

export type Text = {
  title: string;
  summary: string;
  topics: Topic[];
  stage: Stage;
  minutes: number;
  helps_with: string[];
  search_words: string[];
  sources: Source[];
  written_on: Day;
  reviewed: Reviewed;
  awaiting_native_review: boolean;
  /** Never suggested, and no trace is kept of who opened it. */
  discreet?: boolean;
  blocks: Block[];
};

// ---- The library

export type Edition = 'en' | 'en-easy' | 'cy' | 'cy-easy';
export type ResourceKind = 'article' | 'exercise';
export type Exercise = 'paced_breathing' | 'five_senses' | 'worry_time' | 'one_small_step' | 'letter_to_myself' | 'what_helped';

export type EditionState = {
  edition: Edition;
  published: { number: number; at: Instant; by: string | null; reviewed: Reviewed; words: number; reading_age: number | null } | null;
  draft: { number: number; at: Instant; by: string } | null;
  /** The number of a newer text that came with the app and waits for a choice. */
  newer_shipped: number | null;
};

export type Listed = {
  id: Uuid;
  slug: string;
  kind: ResourceKind;
  exercise: Exercise | null;
  title: string;
  summary: string;
  topics: Topic[];
  stage: Stage;
  /** Retired: no longer offered, kept by those who keep it. Withdrawn: gone from phones. */
  retired: null | 'retired' | 'withdrawn';
  editions: EditionState[];
};

export type Rights = { may_write: boolean; may_publish: boolean };
export type Library = Rights & { items: Listed[] };

/** One version of one edition. `by: null` = it came with the app. */
export type Version = {
  edition: Edition;
  number: number;
  state: 'published' | 'draft' | 'earlier' | 'shipped_offer';
  markdown: string;
  hash: string;
  at: Instant;
  by: string | null;
  reviewed: Reviewed;
};
/** `texts` are newest first. */
export type Resource = Listed & Rights & { texts: Version[] };

export type NewResource = { edition: Edition; markdown: string };
export type DraftBody = { markdown: string; based_on: string | null };
/** Which text exactly is meant: its hash says that it is still the one that was read. */
export type Exactly = { edition: Edition; number: number; hash: string };

export type Remark = { line: number | null; message: string };
export type Preview = {
  text: Text | null;
  /** What stands in the way of saving. */
  faults: Remark[];
  advice: Remark[];
  words: number;
  reading_age: number | null;
  publishable: boolean;
};
export type ImageMade = { id: Uuid; width: number; height: number; bytes: number };

// ---- What is read

/** People, rounded down to a multiple of five; null = fewer than five, or nobody. */
export type Count = number | null;
export type Counts = { read: Count; helped: Count; not_for_me: Count };
export type Figures = {
  from: Day;
  to: Day;
  fewest: number;
  topics: ({ topic: Topic; services: null | ({ name: string } & Counts)[] } & Counts)[];
  resources: ({ id: Uuid; title: string } & Counts)[];
  little_opened: { id: Uuid; title: string }[];
  missing_searches: { words: string; people: number }[];
};

// ---- One client's pack

export type Chosen = { resource_id: Uuid; title: string; kind: ResourceKind; retired: boolean; why: string | null; by: string | null; added_at: Instant };
export type SharedMark = {
  resource_id: Uuid;
  title: string;
  bookmarked: boolean;
  helped: 'helped' | 'not_for_me' | null;
  read_to: number;
  changed_at: Instant;
};
export type SharedAddition = {
  id: Uuid;
  kind: 'note' | 'photo' | 'link' | 'exercise';
  title: string;
  text: string | null;
  url: string | null;
  exercise: Exercise | null;
  has_photo: boolean;
  made_at: Instant;
};
/** Only what the client shares is in `shared`. `revision` goes up with every change of `chosen`. */
export type ClientPack = { revision: number; chosen: Chosen[]; shared: { marks: SharedMark[]; additions: SharedAddition[] } };
export type ClientPackBody = { revision: number; chosen: { resource_id: Uuid; why: string | null }[] };
