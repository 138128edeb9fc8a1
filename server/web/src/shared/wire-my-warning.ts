import type { Instant, Uuid } from './wire';
import type { Baseline, Sensitivity } from './wire-warning';

// Early warning as the client's own phone knows it, named as on the wire.

/** Of who proposed it a client learns the first name. */
export type MyBaseline = Omit<Baseline, 'proposed_by'> & { proposed_by: string | null };
/** `history` is newest first and holds them all. */
export type MyBaselines = { current: MyBaseline | null; proposed: MyBaseline | null; history: MyBaseline[] };

export type BaselineAnswer = 'agree' | 'not_my_usual';
export type BaselineAnswerBody = { id: Uuid; answer: BaselineAnswer; words?: string };

/** How readily the team is told. Theirs to choose and the client's to read; `changed_at` is null where nobody has chosen. */
export type Warning = { sensitivity: Sensitivity; silence: boolean; changed_at: Instant | null; changed_by: string | null };

/** What the client chose. All but the first may be missing: what this phone remembers can be from an older server. */
export type Sharing = { pack_counted: boolean; flags_shown?: boolean; silence_counts?: boolean; reminders_shared?: boolean; warning?: Warning };
export type Choice = 'pack_counted' | 'flags_shown' | 'silence_counts' | 'reminders_shared';

export type { BaselineItem } from './wire-warning';
