import { Problem, send, Unreachable, type Api } from '../../shared/api';
import type { CheckIn, ContactByKey, ContactRequest, Flag } from '../../shared/wire';
import type { MyBaseline } from '../../shared/wire-my-warning';
import { acceptBaseline } from '../baseline/store.svelte';
import { acceptCheckIn } from '../check_ins/store.svelte';
import { heard, heardByKey } from '../contact/requests.svelte';
import { acceptFlag } from '../flags/store.svelte';
import { sendPackEntry } from '../pack/store.svelte';
import { sendAct } from '../reminders/acts';
import { sendPlanEntry } from '../plan/store.svelte';
import { markRevoked, session } from './session.svelte';
import type { Entry, EntryOf, Outcome } from './outbox';

// How each kind of entry travels. What the server answers is stored before the entry leaves the outbox, so a crash
// between the two only means sending the same once more, which is free.

/** The phone's clock at the moment of sending, which lets the server put a wrong one right. */
const sentAt = () => ({ 'Companion-Sent-At': new Date().toISOString() });

export async function sendEntry(api: Api, entry: Entry): Promise<Outcome> {
  try {
    if (entry.kind === 'contact_request') return await sendContactRequest(api, entry);
    if (session.current?.over) return 'later';
    switch (entry.kind) {
      case 'contact_addition':
        await heard(await api.post<ContactRequest>(`/me/contact-requests/${entry.target}/additions`, entry.body));
        break;
      case 'contact_cancel':
        await heard(await api.post<ContactRequest>(`/me/contact-requests/${entry.target}/cancel`, entry.body));
        break;
      case 'flag_answer':
        await acceptFlag(entry.client_id, await api.post<Flag>(`/me/flags/${entry.target}/answer`, entry.body));
        break;
      case 'baseline_answer':
        await acceptBaseline(entry.client_id, await api.post<MyBaseline>(`/me/baseline/${entry.target}/answer`, entry.body));
        break;
      case 'check_in':
        await acceptCheckIn(entry.client_id, await api.put<CheckIn>(`/me/check-ins/${entry.id}`, entry.body, sentAt()));
        break;
      case 'occurrence':
        await sendAct(api, entry);
        break;
      case 'plan_draft':
      case 'plan_agree':
        await sendPlanEntry(api, entry);
        break;
      default:
        await sendPackEntry(api, entry, sentAt());
    }
    return 'sent';
  } catch (error) {
    const outcome = outcomeOf(error);
    // A mark on a page that is gone, a search the server does not want: nothing that the person has to know or could mend.
    const unheard = typeof outcome === 'object' && entry.kind.startsWith('pack_') && entry.kind !== 'pack_addition';
    return unheard ? 'sent' : outcome;
  }
}

async function sendContactRequest(api: Api, entry: EntryOf<'contact_request'>): Promise<Outcome> {
  if (!session.current?.over) {
    try {
      await heard(await api.put<ContactRequest>(`/me/contact-requests/${entry.id}`, entry.body, sentAt()));
      return 'sent';
    } catch (error) {
      const outcome = outcomeOf(error);
      // Reaching out fails open: whatever stopped the session, short of no network, the key may still get through.
      if (outcome !== 'later') return outcome;
    }
  }
  return sendByKey(entry);
}

/** Create-only and repeatable, so the same call later asks how it stands. */
export async function sendByKey(entry: Pick<EntryOf<'contact_request'>, 'id' | 'client_id' | 'body'>): Promise<Outcome> {
  const own = session.current;
  if (own?.client_id !== entry.client_id || own.over === 'revoked') return 'later';
  try {
    const answer = await send<ContactByKey>('PUT', `/contact-requests/${entry.id}`, { body: entry.body, token: own.contact_key, headers: sentAt() });
    await heardByKey(entry.client_id, answer);
    return 'sent';
  } catch (error) {
    if (error instanceof Problem && error.status === 401) await markRevoked(entry.client_id, error.code);
    return outcomeOf(error);
  }
}

/** A refusal is an answer about this entry. Anything about the session, the rate or the server's health is not. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Unreachable) return 'unreachable';
  if (!(error instanceof Problem)) throw error;
  const passing = error.status === 401 || error.status === 403 || error.status === 408 || error.status === 425 || error.status === 429;
  return passing || error.status >= 500 ? 'later' : { refused: error.message };
}
