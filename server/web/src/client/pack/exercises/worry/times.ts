import { clock, dayOf } from '../../../../shared/time';
import { dayAfter, shortly } from '../dates';
import { x } from '../words';

const SLOTS = [
  { key: 'morning', hour: 11 },
  { key: 'lunch', hour: 14 },
  { key: 'tea', hour: 17 },
  { key: 'evening', hour: 19 },
] as const;

/** A time to choose: `saved` is how it is kept, with the day by name; `null` is no time. */
export type Time = { saved: string | null; words: string; tomorrow: boolean };

/** What is still to come today, then tomorrow's, then none. Nothing late at night: that is when worries are largest. */
export function times(now: number, zone: string): Time[] {
  const hour = Number(clock(now, zone).slice(0, 2));
  const today = dayOf(now, zone);
  const on = (day: string, key: 'worry.today' | 'worry.tomorrow', from: number): Time[] =>
    SLOTS.filter((slot) => slot.hour > from).map((slot) => {
      const words = x(`worry.${slot.key}`);
      return { saved: `${shortly(day)}, ${words}`, words: x(key, { slot: words }), tomorrow: key === 'worry.tomorrow' };
    });
  return [...on(today, 'worry.today', hour), ...on(dayAfter(today, 1), 'worry.tomorrow', -1), { saved: null, words: x('worry.no_time'), tomorrow: false }];
}
