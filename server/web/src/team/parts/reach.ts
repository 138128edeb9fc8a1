import type { Reach } from '../../shared/wire-team';
import { t } from '../t';

const RATHER = { call: 'how.Call', text: 'reach.text_first', visit: 'reach.visit_first' } as const;

/** What whoever is about to call must not miss, as a few short words each. */
export const musts = ({ how, not_at_work, leave_message }: Reach): string[] => [
  ...(how ? [t(RATHER[how])] : []),
  ...(not_at_work ? [t('reach.not_at_work')] : []),
  ...(leave_message === false ? [t('reach.no_message')] : []),
];
