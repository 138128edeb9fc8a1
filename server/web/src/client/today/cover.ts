import type { Cover, Instant } from '../../shared/wire';

// Who is there, honestly: an answer that is older than a few minutes is no longer one, and with no signal nobody can know.

const FRESH = 3 * 60_000;

export type There = { is: 'watched'; by: string | null; until: Instant } | { is: 'nobody'; next: Instant | null } | { is: 'unknown' };

export function there(cover: Cover | null, at: Instant | null, now: number, online: boolean): There {
  const age = at ? now - Date.parse(at) : Infinity;
  // A clock that was put back makes an answer seem to come from later: that says nothing of its age.
  if (!cover || !online || age >= FRESH || age < -FRESH) return { is: 'unknown' };
  const { watched_now, by, until, next } = cover;
  if (watched_now && until && Date.parse(until) > now) return { is: 'watched', by, until };
  // Somebody was there when this was asked, and is not by now: who comes next was not said.
  if (watched_now) return { is: 'unknown' };
  return { is: 'nobody', next: next && Date.parse(next) > now ? next : null };
}
