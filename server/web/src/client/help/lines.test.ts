import { expect, test } from 'vitest';
import bundled from '../../../../../mobile-shared/data/crisis_lines.json';
import type { CrisisLine, Me } from '../../shared/wire';
import { me } from '../store/about';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import type { StoredSession } from '../store/stored';
import { asRung, linesFor, relayed, tel } from './lines';

const lines = bundled as CrisisLine[];
const ids = (few: boolean, textFirst: boolean) => linesFor(lines, { few, textFirst }).map(({ id }) => id);

test('among a few lines one can always be written to, and it comes first for whoever does not ring', () => {
  expect(ids(true, false)).toEqual(['samaritans', 'nhs_111_england', 'shout']);
  expect(ids(true, true)).toEqual(['shout', 'samaritans', 'nhs_111_england']);
  expect(ids(false, true)[0]).toBe('shout');
  expect(ids(false, true)).toHaveLength(lines.length);
});

test('through Relay UK a number is dialled as at home; what has no such form is left as it is', () => {
  expect([relayed('01632 960 001'), relayed('+44 1632 960001'), relayed('+44 (0)1632 960001')]).toEqual(['18001 01632 960 001', '18001 01632 960001', '18001 01632 960001']);
  expect(tel(relayed('+44 1632 960001')!)).toBe('tel:1800101632960001');
  expect([relayed('+353 1 496 0000'), relayed('999'), relayed('111')]).toEqual([null, null, null]);
});

test('the team is rung through it by whoever asked for that, and by nobody else', async () => {
  expect(asRung('01632 960 001')).toBe('01632 960 001');
  await writeSession(await db(), { client_id: 'rhian', language: 'en', over: null } as unknown as StoredSession);
  await me.set('rhian', { communication: { needs: ['relay_call'] } } as unknown as Me);
  expect([asRung('01632 960 001'), asRung('+353 1 496 0000')]).toEqual(['18001 01632 960 001', '+353 1 496 0000']);
});
