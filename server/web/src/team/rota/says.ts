// A rota in words: a shift of mine, a time that nobody has, a pattern.
import { capital, clock, dayOf, dayWords, daysFrom, shortDay } from '../../shared/time';
import type { Day } from '../../shared/wire';
import { isMe } from '../session.svelte';
import { t } from '../t';
import { says } from '../reminders/says';
import { isOn } from './days';
import type { Hole, PatternBody, Shift, Swap } from './wire';

export function hours(shift: Pick<Shift, 'from' | 'until'>, zone: string): string {
  const [from, until] = [clock(shift.from, zone), clock(shift.until, zone)];
  return from === '00:00' && until === '00:00' ? t('rota.all_day') : t('rota.hours', { from, until });
}

/** "You are on tonight 22:00–08:00, second line.", "Your next shift: Sat 28 Nov, 22:00–08:00, first line." */
export function mine(shift: Shift, now: Date, zone: string): string {
  const line = t(`rota.line.${shift.line}`);
  if (isOn(shift, now)) return t('rota.mine_now', { until: clock(shift.until, zone), line });
  if (daysFrom(dayOf(now, zone), dayOf(shift.from, zone)) > 1) return t('rota.mine_later', { shift: named(shift, zone), line });
  return t('rota.mine_next', { day: dayWords(shift.from, now, zone), hours: hours(shift, zone), line });
}

/** "Sat 28 Nov, 22:00–08:00": one shift among others. */
export const named = (shift: Pick<Shift, 'from' | 'until'>, zone: string): string => `${shortDay(shift.from, zone)}, ${hours(shift, zone)}`;

/** "Tonight: nobody from 22:00 to 08:00, first line." */
export function hole(one: Hole, now: Date, zone: string): string {
  const days = daysFrom(dayOf(one.from, zone), dayOf(one.until, zone));
  const over = days === 0 || (days === 1 && clock(one.until, zone) <= '12:00');
  const until = over ? clock(one.until, zone) : t('rota.until_day', { day: shortDay(one.until, zone), time: clock(one.until, zone) });
  const near = daysFrom(dayOf(now, zone), dayOf(one.from, zone)) < 2;
  const day = near ? capital(dayWords(one.from, now, zone)) : shortDay(one.from, zone);
  const [from, line] = [clock(one.from, zone), t(`rota.line.${one.line}`)];
  if (days === 1 && from === '00:00' && until === '00:00') return t('rota.hole_day', { day, line });
  return t('rota.hole', { day, from, until, line });
}

/** "22:00–08:00. Every Monday and Thursday, from 3 November." */
export const pattern = ({ from, until, starts_on, repeat, ends }: PatternBody, today: Day): string =>
  `${t('rota.hours', { from: from || '…', until: until || '…' })}. ${says({ starts_on, times: [], repeat, ends }, today)}`;

/** Somebody who no longer works here has no name any more. */
export const nameOf = (one: { first_name: string } | null): string => one?.first_name ?? t('rota.somebody');

/** Whose yes a swap waits for, as far as it is mine to give. */
export const waitsForMe = (swap: Swap): boolean => swap.state === 'waiting' && ((isMe(swap.giver) && !swap.giver_yes_at) || (isMe(swap.to) && !swap.taker_yes_at));

/** "Tom takes your shift of Sat 28 Nov, 22:00–08:00. You take Sun 29 Nov, 22:00–08:00 in return." Told to whoever reads it. */
export function swapped(swap: Swap, zone: string): string {
  const shift = t('rota.swap_shift', { shift: named(swap.shift, zone), line: t(`rota.line.${swap.shift.line}`) });
  const names = { giver: nameOf(swap.giver), to: nameOf(swap.to), shift };
  const first = t(isMe(swap.giver) ? 'rota.swap_my_shift' : isMe(swap.to) ? 'rota.swap_to_me' : 'rota.swap_theirs', names);
  if (!swap.in_return) return `${first} ${t('rota.swap_nothing')}`;
  const back = { shift: named(swap.in_return, zone), giver: nameOf(swap.giver), to: nameOf(swap.to) };
  return `${first} ${t(isMe(swap.giver) ? 'rota.swap_i_take' : isMe(swap.to) ? 'rota.swap_they_take_mine' : 'rota.swap_they_take', back)}`;
}
