import { dictionary } from '../../shared/i18n.svelte';
import type { Entry, Kind } from '../store/outbox';
import { en } from '../words/sending.en';

/** What has been received and what has not; it comes with the views that say it, not with the first load. */
export const s = dictionary('sending', en);

/** Also of a kind that a newer app has left here. */
export const nameOf = (kind: Kind): string => s(`kind.${kind}` in en ? `kind.${kind}` : 'kind.other');

/** What the person put into words, so that it is never lost with what carried it. */
export function wordsOf({ kind, body }: Entry): string | null {
  switch (kind) {
    case 'contact_request':
    case 'contact_addition':
      return body.message ?? null;
    case 'check_in':
      return body.note ?? null;
    case 'flag_answer':
    case 'baseline_answer':
      return body.words ?? null;
    case 'occurrence':
      return body.reason ?? null;
    case 'pack_addition':
      return [body.title, body.text, body.url].filter(Boolean).join('\n') || null;
    default:
      return null;
  }
}
