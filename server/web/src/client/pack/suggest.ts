import type { Answer, Item, Uuid } from '../../shared/wire';
import type { MyPack, PackResource } from '../../shared/wire-my-pack';
import type { Text } from '../../shared/wire-pack';
import { after } from '../check_ins/after';
import { markOf } from './changes';

// One thing from the pack after a check-in, or none. Decided on the phone, from these answers and this pack alone.

export type Candidate = { resource: PackResource; text: Pick<Text, 'helps_with' | 'stage' | 'discreet'> };
export type Suggested = { resource: PackResource; because: Item };
type Asked = {
  answers: Answer[];
  questions: Map<Uuid, Item>;
  candidates: Candidate[];
  pack: MyPack;
  /** What was suggested before, newest last. */
  before: Uuid[];
};

export function suggest({ answers, questions, candidates, pack, before }: Asked): Suggested | null {
  // The hardest answer, if any was on the hard side: the same one that the page speaks of.
  const because = after(answers, questions, null).suggestion.because;
  if (!because) return null;
  const helps = because.kind === 'sign' ? 'own_sign' : because.key;
  const fitting = candidates
    .filter(({ resource, text }) => helps !== null && text.helps_with.includes(helps) && !resource.retired && !text.discreet)
    .filter(({ resource }) => markOf(pack, resource.id).helped !== 'not_for_me');
  const fresh = fitting.filter(({ resource }) => !before.slice(-2).includes(resource.id));
  const best = (fresh.length ? fresh : fitting).sort((a, b) => rank(a, pack) - rank(b, pack))[0];
  return best ? { resource: best.resource, because } : null;
}

/** Chosen with them, then what helped them, then their first-aid box, then the rest: what is for steadier days comes last. */
function rank({ resource, text }: Candidate, pack: MyPack): number {
  const chosen = pack.chosen.findIndex((one) => one.resource_id === resource.id);
  if (chosen >= 0) return chosen / 1000;
  if (markOf(pack, resource.id).helped === 'helped') return 1;
  if (pack.first_aid?.includes(resource.id)) return 2;
  return text.stage === 'well' ? 4 : 3;
}
