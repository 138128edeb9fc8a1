// A client's pack while it is being changed. Nothing is sent until it is saved as a whole, in order.
import { Problem } from '../../shared/api';
import type { Chosen, ClientPackBody, Listed } from '../../shared/wire-pack';

export const MOST = 30;
export const LONGEST_WHY = 400;

export type Draft = Pick<Chosen, 'resource_id' | 'title' | 'kind' | 'retired' | 'by'> & { why: string; added_at: string | null };

export const draftOf = (one: Chosen): Draft => ({ ...one, why: one.why ?? '' });

/** One from the library, not chosen until it is saved. */
export const fresh = ({ id, title, kind }: Listed): Draft => ({ resource_id: id, title, kind, retired: false, why: '', by: null, added_at: null });

export const bodyOf = (revision: number, drafts: Draft[]): ClientPackBody => ({
  revision,
  chosen: drafts.map((one) => ({ resource_id: one.resource_id, why: one.why.trim() || null })),
});

/** What can still be added: offered, published, and not in the pack already. */
export const addable = (items: Listed[], drafts: Draft[]): Listed[] =>
  items.filter((one) => one.retired === null && one.editions.some((each) => each.published) && !drafts.some((draft) => draft.resource_id === one.id));

/** What the server said of single pieces, each by its title: somebody may have taken one out of the library meanwhile. */
export const refusalsOf = (error: unknown, sent: Draft[]): { title: string; why: string }[] =>
  (error instanceof Problem ? error.errors : []).flatMap(({ field, message }) => {
    const draft = sent[Number(/^chosen\[(\d+)\]/.exec(field)?.[1] ?? NaN)];
    return draft ? [{ title: draft.title, why: message }] : [];
  });
