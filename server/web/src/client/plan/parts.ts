import { LINE_LISTS } from '../../shared/plan/body';
import type { Part } from '../../shared/plan/starters';
import type { LineList, PlanBody } from '../../shared/wire-plan';

/** What is written on one page, in the order of the pages: the first list gives the page its name. */
export const PAGES: readonly Part[][] = [
  ['keeps_well'], ['important'], ['triggers'], ['stages'], ['works', 'does_not_work'], ['people'], ['want', 'do_not_want'], ['tell', 'do_not_tell'], ['rules'],
];

export const isLineList = (part: Part): part is LineList => (LINE_LISTS as readonly Part[]).includes(part);

/** How many things are written on a page. */
export const countOn = (body: PlanBody, page: Part[]): number =>
  page.reduce((sum, part) => sum + (isLineList(part) || part === 'stages' || part === 'people' || part === 'rules' ? body[part].length : 0), 0);
