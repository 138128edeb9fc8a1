import { beforeEach, expect, test } from 'vitest';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import type { StoredSession } from '../store/stored';
import { session } from '../store/session.svelte';
import { finish, isAt, loadWay, stepOf, way } from './way';

const joined = async (client_id: string) => {
  const row = { client_id, access_token: '', refresh_token: '', contact_key: '', preferred_name: 'Rhian', language: 'en', time_zone: 'Europe/London', over: null } as unknown as StoredSession;
  await writeSession(await db(), row);
  session.current = row;
};

beforeEach(async () => {
  await (await db()).clear('cache');
  way.clear();
});

test('somebody who left half-way finds the place again, and somebody who is through is not sent back', async () => {
  await joined('rhian');
  await isAt('sees');
  way.clear();
  await loadWay();
  expect(way.data).toEqual({ step: 'sees', done: false });
  await finish();
  way.clear();
  await loadWay();
  await isAt('hello');
  expect(way.data).toMatchObject({ done: true });
});

test('it is each person’s own: another who joins on this phone begins at the beginning', async () => {
  await joined('rhian');
  await finish();
  await joined('mei');
  await loadWay();
  expect(way.data).toBeNull();
  expect(stepOf('')).toBe('hello');
  expect(stepOf('no-such')).toBe('hello');
});
