import { speech } from '../../shared/i18n.svelte';
import type { Uuid } from '../../shared/wire';
import type { Addition, Mark, MyPack, PackResource } from '../../shared/wire-my-pack';
import type { Edition, Text } from '../../shared/wire-pack';
import { pending } from '../store/pending.svelte';
import type { State } from '../store/outbox/rules';
import { preferences } from '../store/preferences.svelte';
import { easyRead } from '../store/suits.svelte';
import { EMPTY, markOf, withWaiting } from './changes';
import { shownOf } from './editions';
import { pack } from './store.svelte';

// The pack as the views show it: what the server knows, with what still waits on this phone.

export type Piece = { resource: PackResource; edition: Edition; hash: string; text: Text };
export type Own = Addition & { state: 'sent' | State; reason: string | null };

const made = $derived(withWaiting(pack.data ?? EMPTY, pending.entries));

/** Is there anything to show? Before the first answer of the server there is not. */
export const known = (): boolean => pack.data !== null;

export const mine = (): MyPack => made;

export function pieceOf(resource: PackResource): Piece | null {
  const shown = pack.texts && shownOf(resource, pack.texts, speech.language, preferences.easy_read ?? easyRead());
  return shown && { resource, ...shown };
}

const everyPiece = $derived(made.resources.flatMap((resource) => pieceOf(resource) ?? []));
const byId = $derived(new Map(everyPiece.map((piece) => [piece.resource.id, piece])));

/** Everything that is on this phone, retired pieces too. */
export const pieces = (): Piece[] => everyPiece;
/** What is offered: in topics, in the search, as a suggestion. */
export const offered = (): Piece[] => everyPiece.filter((piece) => !piece.resource.retired);
export const pieceById = (id: Uuid): Piece | null => byId.get(id) ?? null;
export const pieceBySlug = (slug: string): Piece | null => everyPiece.find((piece) => piece.resource.slug === slug) ?? null;

export const markFor = (id: Uuid): Omit<Mark, 'changed_at'> => markOf(made, id);

export function ownThings(): Own[] {
  return made.additions.map((one) => {
    const entry = pending.entries.find((waiting) => waiting.id === one.id);
    return { ...one, state: entry?.state ?? 'sent', reason: entry?.reason ?? null };
  });
}
export const ownById = (id: Uuid): Own | null => ownThings().find((one) => one.id === id) ?? null;

export type Kept = { id: Uuid; piece: Piece | null; own: Own | null };

/** What is in the first-aid box, in order; what has gone from the pack has gone from it. */
export const firstAid = (): Kept[] =>
  (made.first_aid ?? []).map((id) => ({ id, piece: pieceById(id), own: ownById(id) })).filter((one) => one.piece !== null || one.own !== null);
