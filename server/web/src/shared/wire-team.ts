import type { Communication } from './wire-needs';
import type { ContactRequest, Day, Fact, FlagState, Given, GivenAnswer, How, Instant, Item, Language, List, Role, Uuid } from './wire';
import type { Escalation } from './wire-night';
import type { FlagPlan } from './wire-plan';

// The team's side of the wire. Types only: nothing of this reaches the client's app.

export type WorkerRef = { id: Uuid; name: string; first_name: string };
export type ClientRef = { id: Uuid; name: string; preferred_name: string };
export type ServiceKind = '24_hour' | 'medium' | 'flexible_community' | 'forensic' | 'recovery_college' | 'women_only';

export type TeamMe = {
  worker: WorkerRef & { email: string; roles: Role[]; services: { id: Uuid; name: string }[] };
  organisation: { id: Uuid; name: string; brand_colour: string | null; phone: string | null };
};

export type Group = 'now' | 'today' | 'when_you_can';
export type InboxRow = {
  kind: 'contact_request' | 'flag';
  group: Group;
  since: Instant;
  client: ClientRef;
  sentence: string;
  owner: WorkerRef | null;
  contact_request?: TeamRequest;
  flag?: TeamFlag;
};
export type Inbox = { items: InboxRow[]; last_event_id: string };

export type TeamEvent = {
  what: 'contact_request' | 'flag' | 'check_in' | 'client' | 'items';
  id: Uuid;
  client_id: Uuid;
  at: Instant;
};

export type FlagOutcome = 'talked_and_fine' | 'support_changed' | 'one_off' | 'new_usual' | 'not_useful' | 'other';
export type FlagStep = 'raised' | 'added' | 'level_rose' | 'eased' | 'acknowledged' | 'note' | 'answered' | 'resolved';

export type TeamFlag = {
  id: Uuid;
  client: ClientRef;
  kind: 'early_warning' | 'silence' | 'client_asked' | 'reminders' | 'system';
  level: 'watch' | 'alert';
  state: FlagState;
  raised_at: Instant;
  sentence: string;
  facts: Fact[];
  stands_today: boolean;
  days: Day[];
  reported_late: boolean;
  owner: WorkerRef | null;
  acknowledged_at: Instant | null;
  resolved_at: Instant | null;
  outcome: FlagOutcome | null;
  answer: GivenAnswer | null;
  took_over_from?: WorkerRef | null;
  /** False: the client chose not to be shown flags. Missing = not known. */
  flags_shown?: boolean;
  /** What the agreed plan says beside it. */
  plan?: FlagPlan | null;
  /** Who is rung about it. Missing or null = nobody is. */
  escalation?: Escalation | null;
  timeline: { at: Instant; what: FlagStep; by: WorkerRef | null; words: string | null }[];
};

/** Any of it may be unknown. `leave_message`: null where they have not said. */
export type Reach = { how: How | null; when: string | null; words: string | null; leave_message?: boolean | null; not_at_work?: boolean };

export type TeamRequest = ContactRequest & {
  /** `communication` missing (an older server) = not known. */
  client: ClientRef & { phone: string | null; reach: Reach; communication?: Communication };
  /** Null while it rings: nobody has said that they have it. */
  owner: WorkerRef | null;
  /** While it rings: whom it was handed to, or who let it pass. Missing = not told. */
  last_with?: WorkerRef | null;
  timeline: { at: Instant; what: string; by: WorkerRef | null; words: string | null; given?: Given | null }[];
  taps: number;
  /** Who is rung about it, and what comes next. */
  escalation?: Escalation | null;
};

export type CoverKind = 'day' | 'sleeping_night' | 'waking_night' | 'on_call';

export type CaseloadRow = ClientRef & {
  service: { id: Uuid; name: string };
  key_worker: WorkerRef | null;
  last_check_in_at: Instant | null;
  open_flags: number;
  open_requests: number;
  joined: boolean;
};

export type ClientBody = {
  name: string;
  preferred_name: string;
  phone?: string | null;
  service_id: Uuid;
  language: Language;
  time_zone: string;
  hours_per_week?: number | null;
  cover: CoverKind;
  dedicated_phone?: string | null;
  reach?: { how: How | null; when?: string; words?: string; leave_message?: boolean | null; not_at_work?: boolean };
  about?: string | null;
  check_ins_per_week?: number;
};

export type Assignment = { worker: WorkerRef; role: Role; key_worker: boolean };

export type ClientPage = ClientRef & {
  phone: string | null;
  service: { id: Uuid; name: string };
  language: Language;
  time_zone: string;
  hours_per_week: number | null;
  cover: CoverKind;
  dedicated_phone: string | null;
  reach: Reach;
  /** What helps them to be understood. Missing (an older server) = not known. */
  communication?: Communication;
  about: string | null;
  check_ins_per_week: number;
  assignments: Assignment[];
  last_check_in_at: Instant | null;
  joined: boolean;
  created_at: Instant;
  /** The client's choices of what they are shown and what counts. Missing = not known. */
  flags_shown?: boolean;
  silence_counts?: boolean;
};

export type Invite = { code: string; url: string; qr_svg: string; expires_at: Instant };
export type Device = { id: Uuid; name: string; joined_at: Instant; last_seen_at: Instant | null; revoked_at: Instant | null };

export type Assessment = { day: Day; level: 'steady' | 'watch' | 'alert'; sentence: string; silence: string | null; facts: Fact[] };
export type TimelineEntry = {
  at: Instant;
  what: string;
  by: string | WorkerRef | null;
  words: string | null;
  /** How it was given, where that was not in the client's app. */
  given?: Given | null;
  ref: { kind: string; id: Uuid } | null;
};

export type TeamItemsBody = {
  check_ins_per_week: number;
  items: (Pick<Item, 'kind' | 'key' | 'text' | 'labels' | 'min' | 'max' | 'higher_is'> & { series_id: Uuid | null })[];
};

export type Worker = WorkerRef & { roles: Role[] };
export type Service = { id: Uuid; name: string; kind: ServiceKind };
export type AuditEntry = { seq: number; at: Instant; who: string; what: string; client_id: Uuid | null };
export type Page<T> = List<T>;
