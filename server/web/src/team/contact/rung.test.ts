import { expect, it } from 'vitest';
import type { Escalation, Rung } from '../../shared/wire-night';
import { lines, standsAt } from './rung';

const now = Date.parse('2026-11-22T03:05:00Z');
const says = { when: (at: string) => `at ${at.slice(11, 16)}`, clock: (at: string) => at.slice(11, 16) };
const of = (more: Partial<Escalation> = {}): Escalation => ({
  state: 'ringing', step: 2, of: 4, who: 'first_line', since: '2026-11-22T03:00:00Z', next_at: '2026-11-22T03:10:00Z', comes_back_at: null, rung: [], ...more,
});
const ring = (at: string, first_name: string, more: Partial<Rung> = {}): Rung => ({
  at: `2026-11-22T03:${at}Z`, step: 1, who: 'first_line', worker: { id: first_name, name: first_name, first_name }, channel: 'push', heard: 'sent', ...more,
});

it('says which step is rung, and when the next one is', () => {
  expect(standsAt(of(), now, says)).toEqual(['Step 2 of 4: whoever is on first line.', 'If nobody takes it by 03:10, the next step is rung.']);
  expect(standsAt(of({ step: 4, who: 'team_lead' }), now, says)[1]).toBe('This is the last step. It is rung again at 03:10, until somebody takes it.');
});

it('says who is rung where that is no step of the list', () => {
  expect(standsAt(of({ step: null, who: 'holder' }), now, says)).toEqual(['Now: whoever it is with.', 'If nobody takes it by 03:10, the next step is rung.']);
  expect(standsAt(of({ step: null, who: 'anybody' }), now, says)[0]).toBe('Now: whoever there is.');
  expect(lines(of({ rung: [ring('00:00', 'Dee', { worker: null })] }))[0]?.words).toMatch(/^Somebody, notification/);
});

it('says it when a step did not come in time', () => {
  expect(standsAt(of({ next_at: '2026-11-22T03:02:00Z' }), now, says)[1]).toMatch(/was due at 03:02\..*ring somebody yourself/);
});

it('says that it comes back when somebody has it, and that it is over', () => {
  expect(standsAt(of({ state: 'held', comes_back_at: '2026-11-22T03:30:00Z' }), now, says)).toEqual(['Somebody has it, so nobody is rung now.', 'It comes back at 03:30 if it isn’t done by then.']);
  expect(standsAt(of({ state: 'ended' }), now, says)).toEqual(['Nobody is rung about this any more.']);
});

it('lists the rings, newest first, with what is known of each', () => {
  const escalation = of({ rung: [ring('00:00', 'Dee'), ring('05:00', 'Tom', { channel: 'sms', heard: 'failed' }), ring('01:00', 'Dee', { heard: 'delivered' })] });
  expect(lines(escalation).map((one) => one.words)).toEqual(['Tom, text message: did not get through', 'Dee, notification: reached their device', 'Dee, notification: sent, not known to have arrived']);
});

it('shows a step or channel it has never heard of as the server wrote it', () => {
  const escalation = of({ who: 'night_owl' as never, rung: [ring('00:00', 'Dee', { channel: 'carrier_pigeon' as never })] });
  expect(standsAt(escalation, now, says)[0]).toBe('Step 2 of 4: night owl.');
  expect(lines(escalation)[0]?.words).toMatch(/^Dee, carrier pigeon:/);
});
