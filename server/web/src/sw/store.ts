// IndexedDB in a few lines: a service worker starts anew for each push, and should be there at once.

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

function open(name: string, stores: string[] | null): Promise<IDBDatabase> {
  const request = stores ? indexedDB.open(name, 1) : indexedDB.open(name);
  request.onupgradeneeded = () => {
    // The app's own store is only ever made by the app: an empty one would be taken for it.
    if (!stores) request.transaction?.abort();
    for (const store of stores ?? []) request.result.createObjectStore(store, { autoIncrement: true });
  };
  return asked(request);
}

/** `stores`: what to make in it where it is new; null for what belongs to the app. It is closed again at once: an app may be waiting to widen it. */
export async function within<T>(name: string, stores: string[] | null, mode: IDBTransactionMode, store: string, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const db = await open(name, stores);
  try {
    const tx = db.transaction(store, mode);
    const over = new Promise<void>((done, fail) => {
      tx.oncomplete = () => done();
      tx.onabort = tx.onerror = () => fail(tx.error);
    });
    const result = await work(tx.objectStore(store));
    await over;
    return result;
  } finally {
    db.close();
  }
}

export { asked };
