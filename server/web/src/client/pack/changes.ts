import type { Addition, Mark, MyPack } from '../../shared/wire-my-pack';
import type { Instant, Uuid } from '../../shared/wire';
import type { Entry } from '../store/outbox';

// What each change makes of a pack. Pure, and used twice: for what waits on this phone, so that it shows at once, and for
// what the server answered.

export const EMPTY: MyPack = { resources: [], chosen: [], additions: [], first_aid: null, marks: {} };

export const UNMARKED: Omit<Mark, 'changed_at'> = { bookmarked: false, helped: null, read_to: 0, shared: false, shared_at: null, opened_at: null };

export const markOf = (pack: MyPack, id: Uuid): Omit<Mark, 'changed_at'> => pack.marks[id] ?? UNMARKED;

/** Of an own addition a mark only says whether it is shared. */
export function withMark(pack: MyPack, id: Uuid, mark: Mark): MyPack {
  const own = pack.additions.some((one) => one.id === id);
  if (own) return { ...pack, additions: pack.additions.map((one) => (one.id === id ? { ...one, shared: mark.shared } : one)) };
  return { ...pack, marks: { ...pack.marks, [id]: mark } };
}

export const withFirstAid = (pack: MyPack, first_aid: Uuid[]): MyPack => ({ ...pack, first_aid });

/** A newer one takes the older one's place, in the first-aid box too. */
export function withAddition(pack: MyPack, addition: Addition, replaces?: Uuid): MyPack {
  return {
    ...pack,
    additions: [addition, ...pack.additions.filter((one) => one.id !== addition.id && one.id !== replaces)],
    first_aid: pack.first_aid?.map((id) => (id === replaces ? addition.id : id)) ?? null,
  };
}

export const withoutAddition = (pack: MyPack, id: Uuid): MyPack => ({
  ...pack,
  additions: pack.additions.filter((one) => one.id !== id),
  first_aid: pack.first_aid?.filter((one) => one !== id) ?? null,
});

export function additionFrom(entry: Extract<Entry, { kind: 'pack_addition' }>): Addition {
  const { kind, title, text, url, exercise, photo, made_at, shared } = entry.body;
  return { id: entry.id, kind, title, text: text ?? null, url: url ?? null, exercise: exercise ?? null, has_photo: photo !== undefined, made_at, shared };
}

/** The pack as it will be when everything that waits has gone. What was refused changes nothing, but an own addition still shows. */
export function withWaiting(pack: MyPack, entries: Entry[]): MyPack {
  return [...entries].sort(byTime).reduce((made, entry) => {
    if (entry.kind === 'pack_addition') return withAddition(made, additionFrom(entry), entry.body.replaces);
    if (entry.state === 'refused' || !entry.kind.startsWith('pack_')) return made;
    if (entry.kind === 'pack_feedback') return withMark(made, entry.target!, entry.body);
    if (entry.kind === 'pack_first_aid') return withFirstAid(made, entry.body.ids);
    if (entry.kind === 'pack_addition_gone') return withoutAddition(made, entry.target!);
    return made;
  }, pack);
}

const byTime = (a: { created_at: Instant; id: Uuid }, b: { created_at: Instant; id: Uuid }) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id);
