// What is typed about a client, and what of it travels. Empty fields are left out of a new client and cleared in an old one.
import type { How, Language } from '../../shared/wire';
import type { ClientBody, ClientPage, CoverKind, Reach } from '../../shared/wire-team';

export type Typed = {
  name: string;
  preferred_name: string;
  phone: string;
  service_id: string;
  language: Language;
  time_zone: string;
  hours_per_week: string;
  cover: CoverKind;
  dedicated_phone: string;
  reach_how: How | null;
  reach_when: string;
  reach_words: string;
  /** What the client said on their phone, which nobody else changes: it goes back as it came. */
  reach_said: Pick<Reach, 'leave_message' | 'not_at_work'>;
  about: string;
  check_ins_per_week: number;
};

export const blank = (): Typed => ({
  name: '',
  preferred_name: '',
  phone: '',
  service_id: '',
  language: 'en',
  time_zone: 'Europe/London',
  hours_per_week: '',
  cover: 'day',
  dedicated_phone: '',
  reach_how: null,
  reach_when: '',
  reach_words: '',
  reach_said: {},
  about: '',
  check_ins_per_week: 3,
});

export const typedFrom = (client: ClientPage): Typed => ({
  name: client.name,
  preferred_name: client.preferred_name,
  phone: client.phone ?? '',
  service_id: client.service.id,
  language: client.language,
  time_zone: client.time_zone,
  hours_per_week: client.hours_per_week?.toString() ?? '',
  cover: client.cover,
  dedicated_phone: client.dedicated_phone ?? '',
  reach_how: client.reach.how,
  reach_when: client.reach.when ?? '',
  reach_words: client.reach.words ?? '',
  reach_said: { leave_message: client.reach.leave_message ?? null, not_at_work: client.reach.not_at_work ?? false },
  about: client.about ?? '',
  check_ins_per_week: client.check_ins_per_week,
});

/** The whole body. `null` clears a field; for a new client it simply says that there is none. */
export function bodyFrom(typed: Typed): ClientBody {
  const or = (text: string) => text.trim() || null;
  return {
    name: typed.name.trim(),
    preferred_name: typed.preferred_name.trim() || (typed.name.trim().split(' ')[0] ?? ''),
    phone: or(typed.phone),
    service_id: typed.service_id,
    language: typed.language,
    time_zone: typed.time_zone,
    hours_per_week: typed.hours_per_week === '' ? null : Number(typed.hours_per_week),
    cover: typed.cover,
    dedicated_phone: or(typed.dedicated_phone),
    reach: {
      ...typed.reach_said,
      how: typed.reach_how,
      ...(typed.reach_when.trim() ? { when: typed.reach_when.trim() } : {}),
      ...(typed.reach_words.trim() ? { words: typed.reach_words.trim() } : {}),
    },
    about: or(typed.about),
    check_ins_per_week: typed.check_ins_per_week,
  };
}

/** Only what was changed, for a PATCH: two people editing different fields do not undo each other. */
export function changes(before: Typed, after: Typed): Partial<ClientBody> {
  const [old, now] = [bodyFrom(before), bodyFrom(after)];
  const differs = (key: keyof ClientBody) => JSON.stringify(old[key]) !== JSON.stringify(now[key]);
  return Object.fromEntries((Object.keys(now) as (keyof ClientBody)[]).filter(differs).map((key) => [key, now[key]]));
}
