// The list of questions while it is being changed. Nothing is sent until it is saved as a whole, in order.
import type { Item, Uuid } from '../../shared/wire';
import type { TeamItemsBody } from '../../shared/wire-team';

export type Draft = {
  /** For the list on the screen only. */
  key: string;
  series_id: Uuid | null;
  item: Omit<TeamItemsBody['items'][number], 'text' | 'series_id'>;
  text: string;
  /** The words as they are asked now; null for one that is new. */
  asked: string | null;
  retired: boolean;
};

export const MAX_SIGNS = 12;

export const draftOf = (item: Item): Draft => ({
  key: item.series_id,
  series_id: item.series_id,
  item: { kind: item.kind, key: item.key, labels: item.labels, min: item.min, max: item.max, higher_is: item.higher_is },
  text: item.text,
  asked: item.text,
  retired: false,
});

/** A new sign: the client's own words, on the scale that all signs have. */
export const newSign = (key: string, text: string): Draft => ({
  key,
  series_id: null,
  item: { kind: 'sign', key: null, labels: { low: 'Not at all', middle: 'Some', high: 'A lot' }, min: 1, max: 7, higher_is: 'worse' },
  text: text.trim(),
  asked: null,
  retired: false,
});

/** The standard questions. None asks about self-harm, on purpose. Their words and labels are the server's, in the client's language. */
export const STANDARD = ['mood', 'sleep', 'energy', 'anxiety', 'connection'] as const;

export const newStandard = (key: (typeof STANDARD)[number], name: string): Draft => ({
  key: `standard-${key}`,
  series_id: null,
  item: { kind: 'standard', key, labels: { low: '', middle: '', high: '' }, min: 1, max: 7, higher_is: key === 'anxiety' ? 'worse' : 'better' },
  text: name,
  asked: null,
  retired: false,
});

export const reworded = (draft: Draft): boolean => draft.asked !== null && draft.text.trim() !== draft.asked;
export const signs = (drafts: Draft[]): number => drafts.filter((one) => one.item.kind === 'sign' && !one.retired).length;

export const bodyOf = (drafts: Draft[], perWeek: number): TeamItemsBody => ({
  check_ins_per_week: perWeek,
  items: drafts.filter((one) => !one.retired).map((one) => ({ ...one.item, series_id: one.series_id, text: one.text.trim() })),
});
