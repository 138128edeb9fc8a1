import type { Line, LineList, PlanBody, Rule, Stage } from '../wire-plan';

// What a plan is made of, and how long each thing may be. Pure; both apps use it.

export const LINE_LISTS: readonly LineList[] = ['keeps_well', 'important', 'triggers', 'works', 'does_not_work', 'want', 'do_not_want', 'tell', 'do_not_tell'];
export const STAGE_LISTS = ['signs', 'mine', 'workers', 'others'] as const;
export type StageList = (typeof STAGE_LISTS)[number];

/** The longest and the most that the server takes. */
export const LONGEST = { line: 300, name: 80, relation: 80, phone: 40, note: 300, rule: 200 } as const;
export const MOST = { lines: 40, stages: 4, check_ins: 14 } as const;

export const emptyBody = (): PlanBody => ({
  keeps_well: [], important: [], works: [], does_not_work: [], triggers: [], stages: [],
  want: [], do_not_want: [], tell: [], do_not_tell: [], people: [], rules: [],
});

/** What an older server or an older row left out is there, and empty. */
export const wholeBody = (body: Partial<PlanBody>): PlanBody => ({ ...emptyBody(), ...body });

export const isEmptyBody = (body: PlanBody): boolean => Object.values(body).every((list) => list.length === 0);

export const oneLine = (words: string): string => words.replace(/\s+/g, ' ').trim();
const orNull = (words: string | null): string | null => oneLine(words ?? '') || null;

type Placed = { id: string; beside: string | null };

/** Another wording of a line that is gone is a line of its own. */
const unpaired = <T extends Placed>(list: T[]): T[] =>
  list.map((one) => (one.beside && !list.some((other) => other.id === one.beside) ? { ...one, beside: null } : one));

const lines = <T extends Line>(list: T[]): T[] => unpaired(list.map((line) => ({ ...line, text: oneLine(line.text) })).filter((line) => line.text));

const filled = (stage: Stage): boolean => stage.name !== '' || STAGE_LISTS.some((list) => stage[list].length > 0);
/** `unnamed`: what a step is called that has lines but no name yet. */
const tidyStage = (stage: Stage, unnamed: string): Stage[] => {
  const tidied: Stage = { ...stage, name: oneLine(stage.name), signs: lines(stage.signs), mine: lines(stage.mine), workers: lines(stage.workers), others: lines(stage.others) };
  return filled(tidied) ? [{ ...tidied, name: tidied.name || unnamed }] : [];
};

/** As it is sent: without what was begun and left empty, and without doubled spaces. */
export function tidy(body: PlanBody, unnamed: string): PlanBody {
  const tidied = { ...body };
  for (const list of LINE_LISTS) tidied[list] = lines(body[list]);
  tidied.stages = body.stages.flatMap((stage) => tidyStage(stage, unnamed));
  tidied.people = unpaired(
    body.people
      .map((one) => ({ ...one, name: oneLine(one.name), relation: orNull(one.relation), phone: orNull(one.phone), note: orNull(one.note) }))
      .map((one) => ({ ...one, name: one.name || one.relation || one.phone || '' }))
      .filter((one) => one.name),
  );
  tidied.rules = body.rules.map((rule) => ({ ...rule, words: oneLine(rule.words) })).filter((rule) => rule.words && rule.item_id);
  return tidied;
}

const sameRule = (a: Rule, b: Rule): boolean =>
  a.item_id === b.item_id && a.side === b.side && a.value === b.value && a.check_ins === b.check_ins && a.words === b.words && a.at_night === b.at_night;

/** A rule that is new or was changed has to be looked at first; one that was taken out has not. */
export const mustLook = (rules: Rule[], before: Rule[]): boolean => rules.some((rule) => !before.some((old) => old.id === rule.id && sameRule(old, rule)));

export const sameRules = (a: Rule[], b: Rule[]): boolean => a.length === b.length && a.every((rule, place) => rule.id === b[place]?.id && sameRule(rule, b[place]!));
