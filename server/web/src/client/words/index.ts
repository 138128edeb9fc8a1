import { dictionary, insteadOf } from '../../shared/i18n.svelte';
import { en } from './en';

/** The words of the client's app. */
export const t = dictionary('main', en);
/** A sentence of the server's, in the language now spoken where it is known in it (problems.cy.ts). */
export const serverSays = (sentence: string): string => insteadOf('problems', sentence) ?? sentence;
export type Key = keyof typeof en;
