import { dictionary, speech } from '../../shared/i18n.svelte';
import { startersIn, type Part, type Starter } from '../../shared/plan/starters';
import { en } from '../words/plan.en';

/** The words of the plan; they come with its views, not with the first load. */
export const q = dictionary('plan', en);
export type PlanKey = keyof typeof en;

/** What a part of the plan is called, and what helps to write it, in the language now spoken. */
export const starter = (part: Part): Starter => startersIn(speech.language)[part];
