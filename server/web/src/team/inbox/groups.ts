// The inbox in its three groups, and the rule that makes it readable: while somebody is reading, nothing moves.
// What they read is kept as it stands, each row's own words are brought up to date in place, and news waits behind a quiet bar.
import type { Group, InboxRow } from '../../shared/wire-team';

export const GROUPS: readonly Group[] = ['now', 'today', 'when_you_can'];

export const idOf = (row: InboxRow): string => row.contact_request?.id ?? row.flag?.id ?? '';
export const keyOf = (row: InboxRow): string => `${row.kind}:${idOf(row)}`;

/** One row as it is on the screen. `gone`: it has left the inbox, but somebody may be looking at it. */
export type Shown = { key: string; row: InboxRow; gone: boolean };

const show = (row: InboxRow): Shown => ({ key: keyOf(row), row, gone: false });

/** Within a group contact requests come first (a person asked), then the order the server gave, which is by need. */
export function inGroups(shown: readonly Shown[]): { group: Group; rows: Shown[] }[] {
  const rank = (s: Shown) => (s.row.kind === 'contact_request' ? 0 : 1);
  return GROUPS.map((group) => ({
    group,
    rows: shown.filter((s) => s.row.group === group).sort((a, b) => rank(a) - rank(b)),
  }));
}

/** What to show now that `latest` has come, and which rows wait to be let in. */
export function arrive(
  shown: readonly Shown[],
  latest: readonly InboxRow[],
  reading: boolean,
): { shown: Shown[]; waiting: InboxRow[] } {
  if (!reading) return { shown: latest.map(show), waiting: [] };
  const fresh = new Map(latest.map((row) => [keyOf(row), row]));
  const kept = shown.map((s): Shown => {
    const row = fresh.get(s.key);
    if (!row) return { ...s, gone: true };
    // The group stays as it was while it is read, unless the matter became more urgent: that is news, and waits below.
    return { key: s.key, row: { ...row, group: s.row.group }, gone: false };
  });
  const known = new Map(shown.map((s) => [s.key, s]));
  const waiting = latest.filter((row) => {
    const before = known.get(keyOf(row));
    return !before || GROUPS.indexOf(row.group) < GROUPS.indexOf(before.row.group);
  });
  return { shown: kept, waiting };
}
