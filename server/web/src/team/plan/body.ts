// A plan while the team writes it: new pieces, what has to be put right, and two wordings of one line.
import { emptyBody, isEmptyBody, LINE_LISTS, STAGE_LISTS, tidy } from '../../shared/plan/body';
import { keepAll, keepOnly, paired } from '../../shared/plan/beside';
import { personWords } from '../../shared/plan/diff';
import { uuidv7 } from '../../shared/uuid';
import type { Line, Person, PlanBody, PlanChange, Rule, Sign, Stage } from '../../shared/wire-plan';

export const line = (text = ''): Line => ({ id: uuidv7(), text, beside: null });
export const sign = (text = ''): Sign => ({ ...line(text), item_id: null });
export const stage = (name = ''): Stage => ({ id: uuidv7(), name, signs: [], mine: [], workers: [], others: [] });
export const person = (): Person => ({ id: uuidv7(), name: '', relation: null, phone: null, note: null, beside: null });
/** `item_id` is empty, and `value` no number, until somebody has chosen them. */
export const rule = (): Rule => ({ id: uuidv7(), item_id: '', side: 'at_most', value: Number.NaN, check_ins: 3, words: '', at_night: false });

/** As it is sent. `faults` come first, so nothing is named for anybody here. */
export const sent = (body: PlanBody): PlanBody => tidy(body, '…');

export const nothingIn = (body: PlanBody): boolean => isEmptyBody(sent(body));

/** What has to be put right before it can be saved. */
export type Fault = { id: string; section: 'stages' | 'rules'; what: 'plan.need_stage_name' | 'plan.need_rule' };
export const faults = (body: PlanBody): Fault[] => [
  ...body.stages
    .filter((one) => one.name.trim() === '' && STAGE_LISTS.some((list) => one[list].some(({ text }) => text.trim() !== '')))
    .map(({ id }) => ({ id, section: 'stages', what: 'plan.need_stage_name' }) as const),
  ...body.rules
    .filter((one) => one.item_id === '' || one.words.trim() === '' || !Number.isFinite(one.value))
    .map(({ id }) => ({ id, section: 'rules', what: 'plan.need_rule' }) as const),
];

// ---- Two wordings

type Piece = { id: string; beside: string | null };
type Where = PlanChange['where'];
export type Wordings = { where: Where; stage: string | null; first: { id: string; told: string }; others: { id: string; told: string }[] };

/** `change` for every list whose pieces may stand beside each other, in the order of the plan. */
function everyList(body: PlanBody, change: <P extends Piece>(list: P[], where: Where, stage: string | null) => P[]): PlanBody {
  const next = { ...body };
  for (const where of LINE_LISTS) next[where] = change(body[where], where, null);
  next.stages = body.stages.map((one) => ({
    ...one,
    signs: change(one.signs, 'signs', one.name),
    mine: change(one.mine, 'mine', one.name),
    workers: change(one.workers, 'workers', one.name),
    others: change(one.others, 'others', one.name),
  }));
  next.people = change(body.people, 'people', null);
  return next;
}

const told = (piece: Piece) => ({ id: piece.id, told: 'text' in piece ? (piece as Line).text : personWords(piece as Person) });

/** Lines that two people wrote at once, each with its wordings. */
export function wordings(body: PlanBody): Wordings[] {
  const found: Wordings[] = [];
  everyList(body, (list, where, stage) => {
    for (const { line: first, others } of paired(list)) if (others.length > 0) found.push({ where, stage, first: told(first), others: others.map(told) });
    return list;
  });
  return found;
}

/** Somebody has chosen: one wording, or all of them as lines of their own. */
export const chosen = (body: PlanBody, { first }: Wordings, keep: string | 'all'): PlanBody =>
  everyList(body, (list) => (list.some((one) => one.id === first.id) ? (keep === 'all' ? keepAll(list, first.id) : keepOnly(list, keep)) : list));

export { emptyBody };
