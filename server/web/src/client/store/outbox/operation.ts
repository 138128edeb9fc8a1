import type { Uuid } from '../../../shared/wire';
import type { Ruled } from './rules';

/** One entry as it travels. */
export type Operation = { id: Uuid; kind: string; body: Record<string, unknown> };

/** Under which name the target of an entry stands in the body of its operation. */
export const TARGET: Record<string, string> = {
  contact_addition: 'contact_request_id', contact_cancel: 'contact_request_id', occurrence: 'occurrence_id', plan_agree: 'version', flag_answer: 'flag_id',
  baseline_answer: 'baseline_id', pack_feedback: 'resource_id', pack_addition_gone: 'addition_id',
};
/** Their bodies carry the entry's own id too, for the single routes; here it stands beside the body. */
export const OWN_ID = ['contact_addition', 'contact_cancel', 'occurrence', 'plan_draft', 'plan_agree', 'flag_answer', 'baseline_answer'];

export function operation({ id, kind, body, target }: Pick<Ruled, 'id' | 'kind' | 'body' | 'target'>): Operation {
  const told = { ...(body as Record<string, unknown>) };
  if (OWN_ID.includes(kind)) delete told.id;
  const name = TARGET[kind];
  return { id, kind, body: name ? { [name]: target, ...told } : told };
}
