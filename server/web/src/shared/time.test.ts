import { afterEach, expect, test } from 'vitest';
import { cy } from './cy';
import { speak } from './i18n.svelte';
import { ago, capital, clock, clockToday, dateName, dayName, daysFrom, exact, partOfDay, said, shortDay } from './time';

afterEach(() => speak('en'));

const LONDON = 'Europe/London';
const now = '2026-11-21T21:30:00Z'; // a Saturday evening, winter time

test('times are said as people say them', () => {
  expect(said('2026-11-21T22:00:00Z', now, LONDON)).toBe('tonight at ten');
  expect(said('2026-11-21T09:07:00Z', now, LONDON)).toBe('this morning at 09:07');
  expect(said('2026-11-22T09:30:00Z', now, LONDON)).toBe('tomorrow at half past nine');
  expect(said('2026-11-22T00:15:00Z', now, LONDON)).toBe('tonight at quarter past twelve');
  expect(said('2026-11-20T19:45:00Z', now, LONDON)).toBe('yesterday evening at quarter to eight');
  expect(said('2026-11-16T12:00:00Z', now, LONDON)).toBe('on Monday at midday');
  expect(said('2026-11-03T12:00:00Z', now, LONDON)).toBe('on 3 November at midday');
});

test('and exactly, where it matters', () => {
  expect(exact('2026-11-21T21:04:00Z', now, LONDON)).toBe('today at 21:04');
  expect(exact('2026-11-22T00:19:00Z', now, LONDON)).toBe('tomorrow at 00:19');
  expect(exact('2025-11-03T08:00:00Z', now, LONDON)).toBe('on 3 November 2025 at 08:00');
  expect(clockToday('2026-11-21T21:04:00Z', now, LONDON)).toBe('21:04');
  expect(ago('2026-11-21T21:26:00Z', now, LONDON)).toBe('4 minutes ago');
});

test("the zone is the person's, and summer time is known", () => {
  expect(clock('2026-07-01T20:00:00Z', LONDON)).toBe('21:00');
  expect(clock('2026-11-21T21:04:00Z', 'Asia/Kolkata')).toBe('02:34');
  expect(clock('2026-11-21T21:04:00Z', 'Not/AZone')).toBe('21:04');
  // The night the clocks go back has 25 hours, and is still one day.
  expect(said('2026-10-25T10:00:00Z', '2026-10-24T21:00:00Z', LONDON)).toBe('tomorrow at ten');
  expect(daysFrom('2026-10-24', '2026-10-26')).toBe(2);
});

test('a greeting fits the hour', () => {
  expect(['06:00', '13:00', '19:00', '02:00'].map((hour) => partOfDay(`2026-11-21T${hour}:00Z`, LONDON))).toEqual(['morning', 'afternoon', 'evening', 'night']);
});

test('in Welsh a time changes the word after it, and a day has its Welsh name in every browser', () => {
  speak('cy', { shared: cy });
  expect(said('2026-11-21T22:00:00Z', now, LONDON)).toBe('heno am ddeg o’r gloch');
  expect(said('2026-11-21T09:07:00Z', now, LONDON)).toBe('y bore yma am 09:07');
  expect(said('2026-11-22T09:30:00Z', now, LONDON)).toBe('yfory am hanner awr wedi naw');
  expect(said('2026-11-20T19:45:00Z', now, LONDON)).toBe('neithiwr am chwarter i wyth');
  expect(said('2026-11-20T13:45:00Z', now, LONDON)).toBe('ddoe am chwarter i ddau');
  expect(said('2026-11-16T11:00:00Z', now, LONDON)).toBe('ddydd Llun am un\u00a0ar\u00a0ddeg o’r gloch');
  expect(capital(exact('2026-11-16T12:00:00Z', now, LONDON))).toBe('Ddydd Llun am 12:00');
  expect(exact('2025-11-03T08:00:00Z', now, LONDON)).toBe('ar 3 Tachwedd 2025 am 08:00');
  expect(dayName('2026-11-19', '2026-11-21')).toBe('dydd Iau');
  expect(dateName('2026-02-01', '2026-11-21')).toBe('1 Chwefror');
  expect(shortDay(now, LONDON)).toBe('Sad 21 Tach');
  expect([1, 2, 5].map((minutes) => ago(Date.parse(now) - minutes * 60_000, now, LONDON))).toEqual(['1 funud yn ôl', '2 funud yn ôl', '5 munud yn ôl']);
});
