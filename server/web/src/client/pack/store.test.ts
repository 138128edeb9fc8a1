import { beforeEach, describe, expect, test } from 'vitest';
import type { Api } from '../../shared/api';
import type { MyPackAnswer } from '../../shared/wire-my-pack';
import type { Block, Text } from '../../shared/wire-pack';
import { db } from '../store/db';
import { wipe } from '../store/forgetting';
import { writeSession } from '../store/own';
import { get, put, remembered } from '../store/rows';
import { keep, mine } from '../store/outbox';
import { doubtParts, readBook } from '../store/outbox/disk';
import { session } from '../store/session.svelte';
import { UNMARKED } from './changes';
import { acceptPackEntry, pack } from './store.svelte';
import type { StoredSession } from '../store/stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const text = (title: string, blocks: Block[] = []): Text => ({
  title, summary: '', topics: ['sleep'], stage: 'any', minutes: 1, helps_with: [], search_words: [], sources: [], written_on: '2026-11-22', reviewed: null, awaiting_native_review: false, blocks,
});
const piece = (id: string, hash: string) => ({ id, slug: id, kind: 'article' as const, exercise: null, retired: false, editions: { en: hash } });
const answer = (hashes: Record<string, string>, texts: Record<string, Text>): MyPackAnswer => ({
  resources: Object.entries(hashes).map(([id, hash]) => piece(id, hash)), texts, chosen: [], additions: [], first_aid: null, marks: {},
});

/** A server with one pack; it writes down what it was asked. */
function server(now: { pack: MyPackAnswer; etag: string }) {
  const asked: { path: string; etag: string | null }[] = [];
  const api = {
    getIfNew: async (path: string, etag: string | null) => {
      asked.push({ path, etag });
      if (etag === now.etag) return null;
      const have = new URLSearchParams(path.split('?')[1]).get('have')?.split(',') ?? [];
      return { data: { ...now.pack, texts: Object.fromEntries(Object.entries(now.pack.texts).filter(([hash]) => !have.includes(hash))) }, etag: now.etag };
    },
    blob: async (path: string) => {
      asked.push({ path, etag: null });
      return { type: 'image/jpeg', arrayBuffer: async () => new ArrayBuffer(4) }; // jsdom's own blobs cannot be read
    },
  } as unknown as Api;
  return { now, asked, api };
}

const hashes = async () => (await (await db()).getAllKeys('texts')).sort();

beforeEach(async () => {
  const store = await db();
  for (const name of ['texts', 'images', 'photos', 'cache', 'outbox'] as const) await store.clear(name);
  await writeSession(store, JO);
  session.current = JO;
  pack.clear();
  await shown();
});

const shown = async () => pack.show('jo', await remembered(await db(), 'jo'), null);

describe('the pack on this phone', () => {
  test('keeps a pack with its texts, asks only for new ones, and lets go of those that nothing names', async () => {
    const { api, now, asked } = server({ pack: answer({ sleep: 'h1', money: 'h2' }, { h1: text('Sleep'), h2: text('Money') }), etag: '1' });
    await pack.refresh(api, 'jo');
    expect(await hashes()).toEqual(['h1', 'h2']);

    Object.assign(now, { pack: answer({ sleep: 'h3', money: 'h2' }, { h2: text('Money'), h3: text('Sleep, better') }), etag: '2' });
    await pack.refresh(api, 'jo');
    expect(asked.at(-1)?.path).toBe('/me/pack?have=h1,h2');
    expect(await hashes()).toEqual(['h2', 'h3']);
  });

  test('is read from the phone alone after a restart', async () => {
    await pack.refresh(server({ pack: answer({ sleep: 'h1' }, { h1: text('Sleep') }), etag: '1' }).api, 'jo');
    pack.clear();
    await shown();
    await pack.open();
    expect(pack.data?.resources.map((one) => one.slug)).toEqual(['sleep']);
    expect(pack.texts?.get('h1')?.title).toBe('Sleep');
  });

  test('pays for one header while nothing changes, and for the texts when one was lost', async () => {
    const { api, asked } = server({ pack: answer({ sleep: 'h1' }, { h1: text('Sleep') }), etag: '1' });
    await pack.refresh(api, 'jo');
    await pack.refresh(api, 'jo');
    expect(asked.at(-1)?.etag).toBe('1');
    await (await db()).delete('texts', 'h1');
    await pack.refresh(api, 'jo');
    expect(asked.at(-1)?.etag).toBeNull();
    expect(await hashes()).toEqual(['h1']);
  });

  test('takes an index of texts that it has, and asks for the others together with it', async () => {
    const { api, now, asked } = server({ pack: answer({ sleep: 'h1' }, { h1: text('Sleep') }), etag: '1' });
    await pack.refresh(api, 'jo');
    const before = asked.length;
    /** As sync hands it over. */
    const told = async (index: MyPackAnswer, at: string) => pack.take('jo', index, at, await doubtParts(await db(), 'jo', ['pack']));
    await told({ ...answer({ sleep: 'h1' }, {}), first_aid: ['sleep'] }, '2026-11-22T10:00:00Z');
    expect([pack.data?.first_aid, pack.at, await hashes(), asked.length]).toEqual([['sleep'], '2026-11-22T10:00:00Z', ['h1'], before]);

    Object.assign(now, { pack: answer({ sleep: 'h3' }, { h3: text('Sleep, better') }), etag: '2' });
    await told(answer({ sleep: 'h3' }, {}), '2026-11-22T10:01:00Z');
    expect(await hashes(), 'the list is shown with the texts that it had').toEqual(['h1']);
    await pack.complete(api, 'jo');
    expect([asked.at(-1)?.path, await hashes()]).toEqual(['/me/pack?have=h1', ['h3']]);
  });

  test('is in doubt where it is other than the list that was told: a change, or other texts than were due', async () => {
    await put(await db(), 'cache', { client_id: 'jo', name: 'sync', data: { doubts: {} }, etag: null, at: '' });
    const doubt = async () => (await readBook(await db(), 'jo')).doubts.pack;
    const told = async (index: MyPackAnswer) => pack.take('jo', index, '2026-11-22T10:00:00Z', await doubtParts(await db(), 'jo', ['pack']));
    const { api, now } = server({ pack: answer({ sleep: 'h1' }, { h1: text('Sleep') }), etag: '1' });
    expect(await told(answer({ sleep: 'h1' }, {}))).toBe(true);
    let before = await doubt();
    await pack.complete(api, 'jo');
    expect([await hashes(), await doubt()], 'the texts of that very list').toEqual([['h1'], before]);

    await told(answer({ sleep: 'h2' }, {}));
    before = await doubt();
    Object.assign(now, { pack: answer({ sleep: 'h3' }, { h3: text('Sleep, better') }), etag: '2' });
    await pack.complete(api, 'jo');
    expect([await hashes(), (await doubt())! > before!], 'changed again meanwhile').toEqual([['h3'], true]);

    await told(answer({ sleep: 'h4' }, {}));
    before = await doubt();
    await pack.complete(api, 'jo');
    expect([await hashes(), (await doubt())! > before!], 'put back meanwhile').toEqual([['h3'], true]);

    Object.assign(now, { pack: answer({ sleep: 'h5' }, { h5: text('Sleep, again') }), etag: '3' });
    await told(answer({ sleep: 'h5' }, {}));
    const slow = { ...api, getIfNew: async (path: string, etag: string | null) => {
      const got = await api.getIfNew<MyPackAnswer>(path, etag);
      await told(answer({ sleep: 'h6' }, {}));
      before = await doubt();
      return got;
    } } as Api;
    await pack.complete(slow, 'jo');
    expect([await hashes(), (await doubt())! > before!], 'another tab was told of a newer list').toEqual([['h5'], true]);
    expect(await get(await db(), 'cache', ['jo', 'pack_due']), 'whose texts are still due').toBeDefined();
    Object.assign(now, { pack: answer({ sleep: 'h3' }, { h3: text('Sleep, better') }), etag: '4' });
    await pack.complete(api, 'jo');
    expect([await hashes(), await get(await db(), 'cache', ['jo', 'pack_due'])]).toEqual([['h3'], undefined]);

    before = await doubt();
    await pack.learn('jo', (known) => ({ ...known, first_aid: ['sleep'] }));
    expect((await doubt())! > before!).toBe(true);
    expect(await pack.take('jo', answer({ sleep: 'h3' }, {}), '2026-11-22T10:00:00Z', { pack: before! }), 'what was told before that').toBe(false);
    expect(pack.data?.first_aid).toEqual(['sleep']);
  });

  test('keeps nothing that comes after signing out', async () => {
    await (await db()).delete('kept', 'session');
    await pack.refresh(server({ pack: answer({ sleep: 'h1' }, { h1: text('Sleep') }), etag: '1' }).api, 'jo');
    expect(await hashes()).toEqual([]);
    expect(pack.data).toBeNull();
  });

  test('does not let an older answer undo what the server has just said', async () => {
    const { api, now } = server({ pack: answer({ sleep: 'h1' }, { h1: text('Sleep') }), etag: '1' });
    await pack.refresh(api, 'jo');
    const late = { ...api, getIfNew: async (path: string) => {
      const old = await api.getIfNew(path, null);
      await pack.learn('jo', (one) => ({ ...one, first_aid: ['sleep'] }));
      return old;
    } } as Api;
    await pack.refresh(late, 'jo');
    expect(pack.data?.first_aid).toEqual(['sleep']);
    Object.assign(now, { etag: '2', pack: { ...now.pack, first_aid: ['sleep'] } });
    await pack.refresh(api, 'jo');
    expect(pack.data?.first_aid).toEqual(['sleep']);
  });

  test('does not undo what another tab has heard since', async () => {
    await pack.refresh(server({ pack: answer({ sleep: 'h1' }, { h1: text('Sleep') }), etag: '1' }).api, 'jo');
    await pack.open();
    const store = await db();
    const { texts: _, ...newer } = answer({ sleep: 'h2' }, {});
    await put(store, 'cache', { client_id: 'jo', name: 'pack', data: newer, etag: '2', at: '2026-11-22T10:00:00Z' });
    await store.put('texts', { hash: 'h2', text: text('Sleep, better') });
    await store.delete('texts', 'h1');
    await pack.learn('jo', (one) => ({ ...one, first_aid: ['sleep'] }));
    expect((await get(store, 'cache', ['jo', 'pack']))?.data).toEqual({ ...newer, first_aid: ['sleep'] });
    expect(pack.data?.resources[0]?.editions.en).toBe('h2');
    expect(pack.texts?.get('h2')?.title).toBe('Sleep, better');
  });

  test('does not show what was read before over what was heard since, nor to somebody who has left', async () => {
    await pack.refresh(server({ pack: answer({ sleep: 'h1' }, { h1: text('Sleep') }), etag: '1' }).api, 'jo');
    await pack.open();
    const older = await remembered(await db(), 'jo');
    const showing = pack.show('jo', older, null);
    await pack.learn('jo', (one) => ({ ...one, first_aid: ['sleep'] }));
    await showing;
    expect(pack.data?.first_aid).toEqual(['sleep']);
    const again = pack.show('jo', older, null);
    pack.clear();
    await again;
    expect([pack.data, pack.texts]).toEqual([null, null]);
  });

  test('keeps the pictures of its texts and the own photos, and lets go of them with what showed them', async () => {
    const shown = answer({ sleep: 'h1' }, { h1: text('Sleep', [{ kind: 'image', image_id: 'moon', alt: 'The moon' }]) });
    const own = { id: 'dog', kind: 'photo' as const, title: 'Dog', text: null, url: null, exercise: null, has_photo: true, made_at: '', shared: false };
    const { api, now, asked } = server({ pack: { ...shown, additions: [own] }, etag: '1' });
    await pack.refresh(api, 'jo');
    expect(await (await db()).getAllKeys('images')).toEqual(['moon']);
    expect(await (await db()).getAllKeys('photos')).toEqual(['dog']);
    const before = asked.length;
    Object.assign(now, { etag: '2' });
    await pack.refresh(api, 'jo');
    expect(asked.slice(before).filter(({ path }) => path.includes('photo') || path.includes('image'))).toEqual([]);

    Object.assign(now, { pack: answer({ sleep: 'h2' }, { h2: text('Sleep') }), etag: '3' });
    await pack.refresh(api, 'jo');
    expect(await (await db()).getAllKeys('images')).toEqual([]);
    expect(await (await db()).getAllKeys('photos')).toEqual([]);
  });

  test('signing out forgets what is personal and keeps the texts, which are everybody’s', async () => {
    const own = { id: 'dog', kind: 'photo' as const, title: 'Dog', text: null, url: null, exercise: null, has_photo: true, made_at: '', shared: false };
    await pack.refresh(server({ pack: { ...answer({ sleep: 'h1' }, { h1: text('Sleep') }), additions: [own] }, etag: '1' }).api, 'jo');
    await wipe(await db(), 'jo');
    const store = await db();
    expect([await store.getAll('cache'), await store.getAllKeys('photos')]).toEqual([[], []]);
    expect(await hashes()).toEqual(['h1']);
  });

  test('takes the server’s word about a mark', async () => {
    await pack.refresh(server({ pack: answer({ sleep: 'h1' }, { h1: text('Sleep') }), etag: '1' }).api, 'jo');
    const stored = { ...UNMARKED, bookmarked: true, changed_at: '2026-11-22T10:00:00Z' };
    const entry = { id: 'e', client_id: 'jo', kind: 'pack_feedback' as const, target: 'sleep', body: { ...stored, bookmarked: false }, created_at: '', state: 'waiting' as const, reason: null };
    await keep(await db(), entry);
    await acceptPackEntry(entry, stored);
    expect(pack.data?.marks.sleep).toEqual(stored);
    expect(await mine(await db(), 'jo')).toHaveLength(1);
  });
});
