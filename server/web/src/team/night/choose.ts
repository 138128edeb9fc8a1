// What stands on the night screen, and in what order. Pure.
import type { InboxRow } from '../../shared/wire-team';

const over = (row: InboxRow) => row.contact_request?.state === 'done' || row.flag?.state === 'resolved';

/** Needs somebody now: by its group, because it rings, or because I have it and it is not done. */
export function atNight(rows: readonly InboxRow[], isMe: (worker: InboxRow['owner']) => boolean): InboxRow[] {
  const rung = (row: InboxRow) => (row.contact_request ?? row.flag)?.escalation?.state ?? 'ended';
  // A flag that somebody took by day and follows for weeks is not for the night; one that rang is.
  const mine = (row: InboxRow) => isMe(row.owner) && (row.kind === 'contact_request' || rung(row) === 'held');
  // First what nobody has, then what is mine, then what others have; within each, who has waited longest.
  const rank = (row: InboxRow) => (row.owner === null ? 0 : isMe(row.owner) ? 1 : 2);
  return rows
    .filter((row) => !over(row) && (row.group === 'now' || rung(row) === 'ringing' || mine(row)))
    .sort((a, b) => rank(a) - rank(b) || Date.parse(a.since) - Date.parse(b.since));
}

/** Opened at once, without a list, when it is the only one. */
export const straightTo = (rows: readonly InboxRow[]): string | null => (rows.length === 1 ? (rows[0]?.contact_request?.id ?? null) : null);
