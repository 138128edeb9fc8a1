import { createApi } from '../shared/api';
import { onlyOne } from '../shared/locks';
import { bodyOf } from '../shared/push/subscription';
import { uuidv7 } from '../shared/uuid';
import { changeSession, session } from './own';
import { asked, within } from './store';

// The browser gave this phone a new address while no page was open. The server is told with the app's own session, under the
// app's own locks, so that it never is renewed twice at once. With a lock on the app the page does it when it is opened.

const kept = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => Promise<T>) => within('companion', null, mode, 'kept', work);

export async function tellServer(subscription: PushSubscription): Promise<void> {
  const before = await kept('readonly', (store) => asked(store.get('push'))) as { owner: string } | undefined;
  const owner = before?.owner;
  if (!owner || !(await session(owner))) return;
  const change = (change: Parameters<typeof changeSession>[1]) => changeSession(owner, change);
  const api = createApi('client', { read: () => session(owner), write: change, ended: () => change({ over: 'ended' }) });
  await onlyOne('push/me', async () => {
    const id = uuidv7();
    await api.put(`/me/push-subscriptions/${id}`, bodyOf(subscription));
    await kept('readwrite', (store) => asked(store.put({ owner, id, endpoint: subscription.endpoint }, 'push')));
  });
}
