// @vitest-environment node
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kind } from '../outbox';
import { sealWithoutThreads } from './crypto.test-only';
import { History, type Step } from './history.test-only';
import type { Fate } from './phone.test-only';

// Promise 1 and 2, seen from the phone: every tap ends received or visibly not sent, and nothing is taken twice, whatever happens in between.

const RUNS = Number(import.meta.env.TEST_HISTORIES || 2_000);
/** 2,000 take about a third of this on a quiet machine. */
const TOO_LONG = Math.max(120_000, RUNS * 150);
const SEED = Number(import.meta.env.TEST_SEED || Date.now() % 2 ** 31);

const CONTACT: Kind[] = ['contact_request', 'contact_cancel', 'contact_addition'];
const KINDS: Kind[] = [
  ...CONTACT, 'check_in', 'flag_answer', 'baseline_answer', 'occurrence', 'plan_draft', 'plan_agree',
  'pack_addition', 'pack_addition_gone', 'pack_first_aid', 'pack_feedback', 'pack_search',
];
const FATES: Fate[] = ['through', 'lost', 'answer lost', 'delayed', 'late', 'twice', 'busy', 'broken', 'dies'];

const phone = fc.constantFrom(0, 0, 0, 1);
const of = fc.nat({ max: 5 });
const line = fc.array(fc.constantFrom(...FATES, 'through' as const, 'through' as const), { maxLength: 4 });
const killedAfter = fc.nat({ max: 24 });
const sends = fc.oneof(fc.record({ sends: phone, line }), fc.record({ sends: phone, line, killedAfter }), fc.record({ twoTabsSend: phone, line }), fc.record({ twoTabsSend: phone, line, killedAfter }));
const tap = (kinds: Kind[]) => fc.record({ tap: fc.constantFrom(...kinds), phone, of });
/** What waited in an app of before. */
const older = fc.constantFrom(0, 0, 0, 2);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: tap(KINDS) },
  // What somebody said last counts, so it is said again and again.
  { weight: 4, arbitrary: tap(CONTACT) },
  { weight: 9, arbitrary: sends },
  { weight: 2, arbitrary: fc.record({ arrivesLate: of }) },
  { weight: 2, arbitrary: fc.record({ minutes: fc.constantFrom(1, 15, 61, 60 * 24, 60 * 24 * 20, 60 * 24 * 100) }) },
  { weight: 1, arbitrary: fc.record({ clockIsOff: fc.constantFrom(-20, -1, 0, 1, 30), phone }) },
  { weight: 1, arbitrary: fc.record({ restarts: phone }) },
  { weight: 1, arbitrary: fc.record({ signsOutAndJoins: phone }) },
  { weight: 1, arbitrary: fc.record({ sessionEnds: phone }) },
  { weight: 1, arbitrary: fc.record({ joinsAgain: phone }) },
  { weight: 1, arbitrary: fc.record({ backsUp: fc.constant(true as const) }) },
  { weight: 3, arbitrary: fc.record({ restores: of }) },
  { weight: 1, arbitrary: fc.record({ poison: fc.constantFrom('refused' as const, 'never' as const, 'breaks' as const), phone, of }) },
  { weight: 1, arbitrary: fc.record({ full: fc.boolean(), phone }) },
);

test(`promise: nothing is lost and nothing is claimed, in ${RUNS} histories`, { timeout: TOO_LONG + 30_000 }, async () => {
  sealWithoutThreads();
  let told = 0;
  const histories = fc.asyncProperty(older, fc.array(step, { minLength: 3, maxLength: 24 }), async (before, steps) => {
    const history = new History();
    await history.begin(before);
    for (const one of steps) {
      await history.step(one);
      if (!('minutes' in one || 'backsUp' in one)) await history.isTrue();
    }
    await history.endsWell();
    told++;
  });
  await fc.assert(histories, { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: TOO_LONG, markInterruptAsFailure: true }).finally(() => console.log(`histories: ${told} of ${RUNS}, COMPANION_TEST_SEED=${SEED}`));
  expect(told, 'histories told to their end').toBeGreaterThanOrEqual(RUNS);
});
