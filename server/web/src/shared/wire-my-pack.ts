import type { Edition, Exercise, ResourceKind, Text } from './wire-pack';
import type { Instant, Uuid } from './wire';

// The pack as the client's own phone knows it, named as on the wire.

export type PackResource = {
  id: Uuid;
  slug: string;
  kind: ResourceKind;
  exercise: Exercise | null;
  /** No longer offered; here because this client keeps it. */
  retired: boolean;
  editions: Partial<Record<Edition, string>>;
};

export type ChosenForMe = { resource_id: Uuid; why: string | null; by: string | null; added_at: Instant };

export type AdditionKind = 'note' | 'photo' | 'link' | 'exercise';

/** Something of the client's own. */
export type Addition = {
  id: Uuid;
  kind: AdditionKind;
  title: string;
  text: string | null;
  url: string | null;
  exercise: Exercise | null;
  has_photo: boolean;
  made_at: Instant;
  shared: boolean;
};

export type AdditionBody = {
  kind: AdditionKind;
  title: string;
  text?: string;
  url?: string;
  exercise?: Exercise;
  /** Base64 of a JPEG, PNG or WebP. */
  photo?: string;
  made_at: Instant;
  shared: boolean;
  replaces?: Uuid;
};

/** What the client makes of one resource. Of an own addition only `shared` counts. */
export type Mark = {
  bookmarked: boolean;
  helped: 'helped' | 'not_for_me' | null;
  read_to: number;
  shared: boolean;
  /** When they last decided that: a phone that has not heard of it yet must not undo it. */
  shared_at: Instant | null;
  opened_at: Instant | null;
  changed_at: Instant;
};

export type MyPack = {
  resources: PackResource[];
  /** In the order to show. */
  chosen: ChosenForMe[];
  additions: Addition[];
  /** Ids of resources and additions, in order; null = never chosen yet. */
  first_aid: Uuid[] | null;
  marks: Record<Uuid, Mark>;
};
/** `texts`: only those that the phone did not name as its own. */
export type MyPackAnswer = MyPack & { texts: Record<string, Text> };

export type FirstAidBody = { ids: Uuid[]; changed_at: Instant };
export type SearchBody = { words: string; searched_at: Instant };
