import type { Uuid } from '../../../shared/wire';
import type { Turn } from '../turn';

// The cursor says what the server last told of each part, and the server tells what is other than that. Of a part that this phone has learnt
// of otherwise (from the answer to a change, or because it was asked for by itself) it would call unchanged what was put back meanwhile. Such a
// part is in doubt, and asked for anew, until it was told again. Written with what was learnt, so that a kill between the two forgets neither.

/** By part; the number tells a doubt from one that came upon it. */
export type Doubts = Partial<Record<string, number>>;

/** Where the book of the talk with the server lies: with what was learnt, so that both are forgotten together, and everything is asked for anew. */
export const BOOK = 'sync';

export const doubting = (doubts: Doubts, parts: string[]): Doubts => ({
  ...doubts,
  ...Object.fromEntries(parts.map((part) => [part, Math.max(0, ...(Object.values(doubts) as number[])) + 1])),
});

/** Of these parts, those that nobody has doubted since they were asked for: what was learnt meanwhile may be newer than the answer. */
export const notOvertaken = <P extends string>(parts: P[], asked: Doubts, now: Doubts): P[] => parts.filter((part) => asked[part] === now[part]);

/** Without those of these parts that nobody has doubted again since. */
export const settled = (doubts: Doubts, parts: string[], since: Doubts): Doubts =>
  Object.fromEntries(Object.entries(doubts).filter(([part, doubt]) => !(parts.includes(part) && doubt === since[part])));

/** Of all parts that are in doubt after this. There may be no book yet, and the first answer on its way. */
export async function doubt(turn: Turn, clientId: Uuid, parts: string[]): Promise<Doubts> {
  const row = await turn.get('cache', [clientId, BOOK]);
  const book = row?.data as { doubts?: Doubts } | undefined;
  const doubts = doubting(book?.doubts ?? {}, parts);
  if (parts.length) turn.put('cache', { client_id: clientId, name: BOOK, etag: null, at: row?.at ?? '', data: { ...book, doubts } });
  return doubts;
}

/** Whether something is written, decided in the same turn. */
export type Guard = (turn: Turn) => Promise<boolean>;

/** What was told: if something newer was learnt since it was put in doubt, that stays. */
export const ifStands = (clientId: Uuid, part: string, doubts: Doubts): Guard => async (turn) => {
  const book = (await turn.get('cache', [clientId, BOOK]))?.data as { doubts?: Doubts } | undefined;
  return book?.doubts?.[part] === doubts[part];
};

/** What was learnt otherwise. */
export const inDoubt = (clientId: Uuid, part: string): Guard => (turn) => doubt(turn, clientId, [part]).then(() => true);
