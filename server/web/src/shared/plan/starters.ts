import type { PlanChange } from '../wire-plan';
import type { Language } from '../wire';
import { cy } from './starters.cy';
import { en } from './starters.en';

/** One part of the plan: what it is called, a question that helps to write it well, and lines that one may begin with. */
export type Starter = { title: string; question: string; hint: string; lines: string[] };
export type Part = PlanChange['where'];

/** The parts of the plan in the words of the person whose plan it is. */
export const startersIn = (language: Language): Record<Part, Starter> => (language === 'cy' ? cy : en);
