import type { Reach } from '../../shared/wire-team';
import { t } from '../t';

const RATHER = { call: 'how.Call', text: 'reach.text_first', visit: 'reach.visit_first' } as const;

/** What whoever is about to call must not miss, as a few short words each. `notRung`: what helps them to be understood says not to ring (needs/says.ts), and that is above a call they once liked better. */
export const musts = ({ how, not_at_work, leave_message }: Reach, notRung = false): string[] => [
  ...(how && !(notRung && how === 'call') ? [t(RATHER[how])] : []),
  ...(not_at_work ? [t('reach.not_at_work')] : []),
  ...(leave_message === false ? [t('reach.no_message')] : []),
];
