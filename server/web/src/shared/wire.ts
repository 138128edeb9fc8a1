// What travels between the server and both apps, named as on the wire. Unknown fields are ignored, so additions are free.
// The team's half is in wire-team.ts; one import serves both.
export type * from './wire-team';
import type { FlagPlan, StageSaid } from './wire-plan';
import type { Communication } from './wire-needs';
import type { Reach } from './wire-team';

/** An RFC 3339 instant, as in "2026-11-21T21:04:00Z". */
export type Instant = string;
/** A calendar day, as in "2026-11-21". */
export type Day = string;
export type Uuid = string;
export type Language = 'en' | 'cy';

export type List<T> = { items: T[]; next_cursor: string | null };

export type ProblemBody = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: { field: string; message: string }[];
};

// ---- Public

export type Nation = 'uk' | 'england' | 'wales' | 'scotland' | 'northern_ireland';

export type CrisisLine = {
  id: string;
  nation: Nation;
  name: string;
  number: string;
  kind: 'call' | 'text';
  text_word: string | null;
  when: { en: string; cy: string };
  cost: { en: string; cy: string };
  source: string;
  checked_on?: Day | null;
  checked_by?: string | null;
};

export type Provider = {
  name: string | null;
  brand_colour: string | null;
  phone: string | null;
  phone_hours: string | null;
  nation: Nation;
  crisis_lines: CrisisLine[];
  /** What the app may speak here. Missing (an older server) = English only. */
  languages?: Language[];
};

// ---- Sessions

export type Tokens = { access_token: string; refresh_token: string; expires_in: number };

/** `device_id`: made here, so that a phone that never heard the answer can ask again with the same code. */
export type ClaimBody = { code: string; device_name: string; device_id: Uuid };
export type Claim = Tokens & {
  contact_key: string;
  client: { id: Uuid; preferred_name: string; language: Language; time_zone: string };
};

export type Role = 'support_worker' | 'recovery_coach' | 'peer_navigator' | 'team_lead' | 'admin';

export type SignIn = Tokens & {
  worker: {
    id: Uuid;
    name: string;
    first_name: string;
    roles: Role[];
    organisation: { id: Uuid; name: string; brand_colour: string | null };
  };
};

// ---- The client's phone

export type Me = {
  client: {
    id: Uuid;
    preferred_name: string;
    language: Language;
    time_zone: string;
    check_ins_per_week: number;
    phone: string | null;
  };
  provider: { name: string; phone: string | null; phone_hours: string | null; brand_colour: string | null };
  dedicated_phone: string | null;
  team: { first_name: string; role: Role; key_worker: boolean }[];
  note_readers: string[];
  /** How they like to be reached. Missing (an older server) = not known. */
  reach?: Reach;
  /** What helps them to read, hear and be understood. Missing (an older server) = not known. */
  communication?: Communication;
};

export type Labels = { low: string; middle: string; high: string };

/** One version of one question. A rewording is a new `id` in the same `series_id`. */
export type Item = {
  id: Uuid;
  series_id: Uuid;
  version: number;
  kind: 'standard' | 'sign';
  key: 'mood' | 'sleep' | 'energy' | 'anxiety' | 'connection' | null;
  text: string;
  labels: Labels;
  min: number;
  max: number;
  higher_is: 'better' | 'worse';
  position: number;
};

export type Items = { check_ins_per_week: number; items: Item[] };
export type ItemsBody = {
  check_ins_per_week: number;
  signs: { series_id: Uuid | null; text: string; labels?: Labels }[];
};

export type Answer = { item_id: Uuid; value: number | null };

export type CheckInBody = {
  recorded_at: Instant;
  answers: Answer[];
  note?: string;
  note_shared?: boolean;
  replaces?: Uuid;
  /** The step of their plan that the client feels they are in. */
  stage?: StageSaid;
};

/** How something came from somebody with no app at hand: told to a worker who wrote it down, or sent as a text. */
export type Given = 'in_person' | 'by_phone' | 'by_text';

export type CheckIn = {
  id: Uuid;
  recorded_at: Instant;
  received_at: Instant;
  made_at: Instant;
  clock_corrected: boolean;
  answers: Answer[];
  note: string | null;
  /** Only the team sees this: a note exists and the client keeps it to themselves. */
  note_withheld?: boolean;
  note_shared: boolean;
  replaces: Uuid | null;
  replaced_by: Uuid | null;
  entered_by: string | null;
  /** How it was given, where it did not come from the client's app. */
  given?: Given | null;
  /** When a worker first had it on their screen, and their first name. Missing (an older server) = not known. */
  seen_at?: Instant | null;
  seen_by?: string | null;
  stage?: StageSaid | null;
};

export type Usual = { item_id: Uuid; low: number; high: number };

export type CheckIns = List<CheckIn> & { questions: Item[]; usual: Usual[]; sentence: string | null; sentences?: Sentences };

export type Cover = {
  watched_now: boolean;
  by: string | null;
  until: Instant | null;
  next: Instant | null;
  phone: string | null;
};

export type Fact = {
  item_id: Uuid;
  text: string;
  usual: { low: number; high: number; centre: number };
  now: number;
  count: number;
  of: number;
  /** What was counted; an older server does not say. `answers`: the item was skipped in between. */
  counted?: 'check_ins' | 'days' | 'answers' | null;
  since: Day;
};

/** One sentence in each language. Missing (an older server) = it is told in that of the record only. */
export type Sentences = { en: string; cy: string | null };

export type FlagState = 'open' | 'acknowledged' | 'resolved';
export type FlagAnswer = 'please_talk' | 'about_right' | 'one_off' | 'not_sure';
export type GivenAnswer = { answer: FlagAnswer; words: string | null; at: Instant };

export type Flag = {
  id: Uuid;
  kind: 'early_warning' | 'silence' | 'client_asked' | 'system';
  state: FlagState;
  raised_at: Instant;
  /** In the language of the record; empty for who does not want to read it. */
  sentence: string;
  sentences?: Sentences | null;
  facts: Fact[];
  /** Whether it is still seen in the answers. Missing (an older server) = it is. */
  stands?: boolean;
  /** What the agreed plan says beside it. */
  plan?: FlagPlan | null;
  seen_by: string | null;
  seen_at: Instant | null;
  answer: GivenAnswer | null;
};
export type FlagAnswerBody = { id: Uuid; answer: FlagAnswer; words?: string };

export type When = 'now' | 'today' | 'when_you_can';
export type How = 'call' | 'text' | 'visit';
export type ContactState = 'received' | 'reached' | 'seen' | 'promised' | 'attempted' | 'done' | 'cancelled';

export type ContactRequestBody = { requested_at: Instant; when: When; how: How; message?: string };

export type ContactRequest = {
  id: Uuid;
  requested_at: Instant;
  received_at: Instant;
  when: When;
  /** The most urgent of this and every tap that joined it. */
  urgency: When;
  how: How;
  message: string | null;
  state: ContactState;
  folded_into: Uuid | null;
  reached_at: Instant | null;
  seen_at: Instant | null;
  seen_by: string | null;
  promise: { what: How; by: Instant; by_whom: string; made_at: Instant } | null;
  promise_broken: boolean;
  attempts: { at: Instant; by: string; how: How; reached: boolean; words: string | null }[];
  done_at: Instant | null;
  done_by: string | null;
  cancelled_at: Instant | null;
  additions: { id: Uuid; at: Instant; message: string }[];
  phone: string | null;
  handed_to: string | null;
  /** Somebody was in touch before the promised time. */
  promise_kept_at?: Instant | null;
  /** Everybody who can be rung was rung once, and nobody has it. */
  not_answered_at?: Instant | null;
  /** They rang, and a worker wrote it down: nothing of it was ever on a phone of theirs. */
  by_phone?: boolean;
  given?: Given | null;
};

/** What the contact key may learn: states and times, no names or words. */
export type ContactByKey = {
  id: Uuid;
  state: ContactState;
  received_at: Instant;
  reached_at: Instant | null;
  seen_at: Instant | null;
  promised_by: Instant | null;
  promise_broken: boolean;
  done_at: Instant | null;
  cancelled_at: Instant | null;
  folded_into: Uuid | null;
};
