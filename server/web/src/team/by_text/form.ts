// What is agreed about texts, in plain choices, and back.
import type { Item, Uuid } from '../../shared/wire';
import type { Clock, Weekday } from '../../shared/wire-reminders';
import { WEEKDAYS } from '../reminders/form';
import type { AgreedHow, ByTextBody, ByTextSettings } from './wire';

export const MOST_QUESTIONS = 3;
/** Texts wake people up. */
const EARLIEST = '08:00';
const LATEST = '20:59';

export type Form = { number: string; items: Uuid[]; days: Weekday[]; time: Clock; language: string; names: boolean; from: string; how: AgreedHow | null };

/** `phone`: the number that is known of them; it is only offered. */
export function formOf(settings: ByTextSettings | null, items: Item[], language: string, phone: string | null): Form {
  const mood = items.filter((item) => item.key === 'mood').map((item) => item.series_id);
  return {
    number: settings?.number ?? phone ?? '',
    items: [...(settings?.items ?? mood)],
    days: [...(settings?.days ?? WEEKDAYS)],
    time: settings?.time ?? '10:00',
    language: settings?.language ?? language,
    names: settings?.names_questions ?? false,
    from: settings?.from ?? '',
    how: null,
  };
}

/** The first thing that is missing; null for nothing. */
export function missing(form: Form) {
  if (!form.number.trim()) return 'by_text.need_number';
  if (form.items.length === 0 || form.items.length > MOST_QUESTIONS) return 'by_text.need_questions';
  if (form.days.length === 0) return 'by_text.need_days';
  if (!form.time || form.time < EARLIEST || form.time > LATEST) return 'by_text.need_time';
  return form.how ? null : 'by_text.need_agreed';
}

/** Questions in the order in which they are asked in the app, days from Monday on. */
export function bodyOf(form: Form, items: Item[], how: AgreedHow): ByTextBody {
  const asked = [...items].sort((a, b) => a.position - b.position).map((item) => item.series_id);
  const from = form.from.trim();
  return {
    number: form.number.trim(),
    items: asked.filter((id) => form.items.includes(id)),
    days: WEEKDAYS.filter((day) => form.days.includes(day)),
    time: form.time,
    language: form.language,
    names_questions: form.names,
    ...(from ? { from } : {}),
    agreed: how,
  };
}
