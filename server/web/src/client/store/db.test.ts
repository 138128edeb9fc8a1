import { openDB } from 'idb';
import { expect, test } from 'vitest';
import { open } from './db';

test('an older store is widened and loses nothing', async () => {
  const old = await openDB('older', 1, {
    upgrade(db) {
      db.createObjectStore('kept');
      for (const [store, keyPath] of [['cache', ['client_id', 'name']], ['outbox', 'id'], ['requests', 'id']] as const) {
        db.createObjectStore(store, { keyPath: keyPath as string }).createIndex('client', 'client_id');
      }
    },
  });
  await old.put('kept', { language: 'cy' }, 'preferences');
  await old.put('cache', { client_id: 'jo', name: 'me', data: { a: 1 } });
  await old.put('outbox', { id: 'e', client_id: 'jo', kind: 'check_in' });
  old.close();

  const now = await open('older');
  expect(await now.get('kept', 'preferences')).toEqual({ language: 'cy' });
  expect(await now.getAll('cache')).toHaveLength(1);
  expect(await now.getAllKeysFromIndex('outbox', 'client', 'jo')).toEqual(['e']);
  expect([...now.objectStoreNames].sort()).toEqual(['cache', 'images', 'kept', 'outbox', 'photos', 'requests', 'texts']);
});
