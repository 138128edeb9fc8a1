// A promise is a clock time, said to the client as such: "will call by 14:30". So that what was said is what is meant,
// quick choices are rounded up to the next five minutes, and a time already past today means tomorrow.

const MINUTE = 60_000;

/** `minutes` from now, rounded up to the next five minutes. */
export function quickPromise(now: Date, minutes: number): Date {
  const five = 5 * MINUTE;
  return new Date(Math.ceil((now.getTime() + minutes * MINUTE) / five) * five);
}

/** "14:30" on the worker's own clock: today if it is still to come, else tomorrow. Null when it is not a time. */
export function promiseAt(now: Date, text: string): Date | null {
  const m = /^\s*(\d{1,2})[:.]?(\d{2})\s*$/.exec(text);
  if (!m) return null;
  const [hours, minutes] = [Number(m[1]), Number(m[2])];
  if (hours > 23 || minutes > 59) return null;
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate(), hours, minutes);
  if (at.getTime() <= now.getTime()) at.setDate(at.getDate() + 1);
  return at;
}

export function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}
