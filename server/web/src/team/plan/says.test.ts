import { expect, it } from 'vitest';
import type { PlanItem, PlanVersion } from '../../shared/wire-plan';
import type { ClientPage } from '../../shared/wire-team';
import { emptyBody, rule } from './body';
import { missing, planWords, point, ruleSays } from './says';

const client = { preferred_name: 'Rhian', time_zone: 'Europe/London' } as ClientPage;
const version = (some: Partial<PlanVersion>): PlanVersion => ({
  id: 'v', number: null, body: emptyBody(), based_on: null, written_at: '2025-11-02T10:00:00Z', by: { who: 'worker', name: 'Dee' }, merged: false, doubled: 0, client_agreed: null, worker_agreed: null, current: false, ...some,
});
const byWorker = { at: '2025-11-03T10:00:00Z', by: 'Dee' };

it('says who agreed, how, and whose yes is missing', () => {
  const words = planWords(client);
  expect([missing(version({})), words.agreed(version({}))]).toEqual(['both', '']);
  const mine = version({ worker_agreed: byWorker });
  expect([missing(mine), words.agreed(mine)]).toEqual(['client', 'Dee agreed it on 3 November 2025.']);
  const theirs = version({ client_agreed: { at: '2025-11-04T10:00:00Z', how: 'on_phone', worker: null } });
  expect([missing(theirs), words.agreed(theirs)]).toEqual(['worker', 'Rhian agreed it on the phone on 4 November 2025.']);
  const together = version({ worker_agreed: byWorker, client_agreed: { at: '2025-11-03T10:00:00Z', how: 'together', worker: 'Dee' } });
  expect([missing(together), words.agreed(together)]).toEqual([null, 'Rhian and Dee agreed it together on 3 November 2025.']);
  expect(words.written(version({ by: { who: 'client', name: 'anything' } }))).toBe('Written by Rhian on 2 November 2025.');
});

const sleep: PlanItem = { item_id: 'i2', text: 'How have you been sleeping?', short: 'sleep', sign: false, scale: { min: 1, max: 7, labels: { low: 'Badly', middle: 'So-so', high: 'Well' }, higher_is: 'better' } };

it('puts a rule in plain words, and nothing before it is whole', () => {
  expect([1, 2, 4, 7].map((n) => point(sleep.scale, n))).toEqual(['1 (Badly)', '2', '4 (So-so)', '7 (Well)']);
  const one = { ...rule(), words: 'Ring me' };
  expect(ruleSays(one, [sleep])).toBeNull();
  expect(ruleSays({ ...one, item_id: 'i2' }, [sleep])).toBeNull();
  expect(ruleSays({ ...one, item_id: 'i2', value: 2 }, [sleep])).toBe('When “How have you been sleeping?” is 2 or lower on 3 days with an answer, one after the other.');
  expect(ruleSays({ ...one, item_id: 'i2', value: 7, side: 'at_least', check_ins: 1 }, [sleep])).toBe('When “How have you been sleeping?” is 7 (Well) or higher on one day with an answer.');
  expect(ruleSays({ ...one, item_id: 'old', value: 2 }, [sleep])).toBe('This question is no longer asked, so the rule can’t be met.');
  expect(ruleSays({ ...one, item_id: 'i2', value: 2 }, [{ ...sleep, asked: false }])).toMatch(/no longer asked/);
});
