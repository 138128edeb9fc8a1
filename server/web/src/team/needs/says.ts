import { NEEDS, type Communication, type Need } from '../../shared/wire-needs';
import { t, word } from '../t';

// What a worker must know before they get in touch, as what to do. How to reach somebody comes first, then how to write to them.

export const TO_READ: Need[] = ['easy_read', 'large_text', 'read_aloud'];
export const TO_TALK: Need[] = NEEDS.filter((need) => !TO_READ.includes(need));
const ORDER: string[] = [...TO_TALK, ...TO_READ];

const place = (need: string) => (ORDER.includes(need) ? ORDER.indexOf(need) : ORDER.length);

/** One line for each need; one that a newer server names and this page does not know is shown as it came. */
export const doing = ({ needs, interpreter_language }: Communication): string[] =>
  [...needs]
    .sort((a, b) => place(a) - place(b))
    .map((need) => (need === 'interpreter' && interpreter_language ? t('needs.interpreter_in', { language: interpreter_language }) : word('needs', need)));

/** Only what counts before the phone is picked up. */
export const toTalk = (record: Communication | undefined): string[] =>
  record ? doing({ ...record, needs: record.needs.filter((need) => !TO_READ.some((one) => one === need)) }) : [];

export const isSilent = (record: Communication | undefined): boolean => !record || (record.needs.length === 0 && !record.words);

/** They are not to be rung, by the rule that the server has too (clients/communication.rs): a text is what stands out. */
export const notRung = (record: Communication | undefined): boolean =>
  record !== undefined && (record.needs.includes('text_not_call') || (record.needs.includes('bsl') && !record.needs.includes('relay_call')));

/** The number as it is to be dialled: by the relay service for somebody who is called through it. */
export const dialled = (phone: string, record: Communication | undefined): string =>
  `${record?.needs.includes('relay_call') ? '18002' : ''}${phone.replaceAll(' ', '')}`;
