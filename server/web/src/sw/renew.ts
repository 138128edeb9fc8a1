import { createApi, type Session } from '../shared/api';
import { onlyOne } from '../shared/locks';
import { bodyOf } from '../shared/push/subscription';
import { uuidv7 } from '../shared/uuid';
import { asked, within } from './store';

// The browser gave this phone a new address while no page was open. The server is told with the app's own session, under the
// app's own locks, so that it never is renewed twice at once.

type Stored = Session & { client_id: string; over: string | null };
const kept = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => Promise<T>) => within('companion', null, mode, 'kept', work);
const joined = (id: string) => kept('readonly', async (store) => {
  const row = (await asked(store.get('session'))) as Stored | undefined;
  return row?.client_id === id && !row.over ? row : null;
});

export async function tellServer(subscription: PushSubscription): Promise<void> {
  const before = await kept('readonly', (store) => asked(store.get('push'))) as { owner: string } | undefined;
  const owner = before?.owner;
  if (!owner || !(await joined(owner))) return;
  const change = (change: Partial<Stored>) =>
    kept('readwrite', async (store) => {
      const row = (await asked(store.get('session'))) as Stored | undefined;
      if (row?.client_id === owner) await asked(store.put({ ...row, ...change }, 'session'));
    });
  const api = createApi('client', { read: () => joined(owner), write: change, ended: () => change({ over: 'ended' }) });
  await onlyOne('push/me', async () => {
    const id = uuidv7();
    await api.put(`/me/push-subscriptions/${id}`, bodyOf(subscription));
    await kept('readwrite', (store) => asked(store.put({ owner, id, endpoint: subscription.endpoint }, 'push')));
  });
}
