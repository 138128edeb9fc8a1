import type { Instant } from './wire';

// What helps a person to read, hear and be understood, named as on the wire (Accessible Information Standard).

export const NEEDS = ['easy_read', 'large_text', 'read_aloud', 'text_not_call', 'relay_call', 'bsl', 'interpreter', 'more_time', 'someone_with_me'] as const;
export type Need = (typeof NEEDS)[number];

export type CommunicationBody = { needs: Need[]; interpreter_language?: string | null; words?: string | null };
/** A newer server may name a need that is not known here. `changed_by`: who of the team wrote it down; null = the client, or nobody yet. */
export type Communication = { needs: (Need | string)[]; interpreter_language: string | null; words: string | null; changed_at: Instant | null; changed_by: string | null };

export const WORDS_AT_MOST = 500;
