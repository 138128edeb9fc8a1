// Small sentences that several views of the library say.
import { Problem } from '../../shared/api';
import type { Day } from '../../shared/wire';
import type { Version } from '../../shared/wire-pack';
import { when } from '../clock.svelte';
import { inWords } from '../parts/work.svelte';
import { t } from '../t';

const whole = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
/** "3 November 2026": a date that is kept, and so never "Monday". */
export const onDay = (day: Day): string => whole.format(new Date(`${day}T12:00:00Z`));

/** "540 words, reading age about 10" */
export const measure = (words: number, age: number | null): string =>
  [t('measure.words', { n: words }), ...(age === null ? [] : [t('measure.age', { n: Math.round(age) })])].join(', ');

/** Where a text comes from. */
export const origin = (one: Version): string => (one.by === null ? t('piece.came') : t('piece.changed', { name: one.by, time: when(one.at) }));

/** What the server said about the words, one sentence each; or what went wrong. */
export function refusals(error: unknown): string[] {
  const said = error instanceof Problem ? error.errors.filter((one) => one.field === 'markdown').map((one) => one.message) : [];
  return said.length > 0 ? [...new Set(said)] : error ? [inWords(error)] : [];
}
