import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem, Unreachable } from '../../shared/api';

const post = vi.hoisted(() => vi.fn());
vi.mock('../session.svelte', () => ({ api: { post } }));
const { LookFirst } = await import('./look_first.svelte');

const sooner = { rules: { sensitivity: 'sooner', silence: true } } as const;
const later = { rules: { sensitivity: 'later', silence: true } } as const;
let looks = 0;
beforeEach(() => {
  looks = 0;
  post.mockReset().mockImplementation(async () => ({ from: '', to: '', now: [], then: [], seen: `seen-${++looks}` }));
});

type Sent = { id: string; seen: string; why: string };
const saver = (...answers: (Error | null)[]) => {
  const sent: Sent[] = [];
  const put = async (body: object) => {
    sent.push(body as Sent);
    const answer = answers.shift();
    if (answer) throw answer;
  };
  return { sent, put };
};

describe('look first', () => {
  it('saves nothing that was not looked at', async () => {
    const look = new LookFirst(() => 'c1');
    const { sent, put } = saver();
    expect(await look.save(sooner, { why: 'a' }, put)).toBe(false);
    await look.look(sooner);
    expect(look.isOf(sooner)).toBe(true);
    expect(look.isOf(later)).toBe(false);
    expect(await look.save(later, { why: 'a' }, put)).toBe(false);
    expect(sent).toEqual([]);
    expect(await look.save(sooner, { why: 'a' }, put)).toBe(true);
    expect(sent[0]).toMatchObject({ why: 'a', seen: 'seen-1' });
    expect(look.replay).toBeNull();
  });

  it('shows it again when the server wants another look, and saves with the new one', async () => {
    const look = new LookFirst(() => 'c1');
    const { sent, put } = saver(new Problem(409, { code: 'conflict' }));
    await look.look(sooner);
    expect(await look.save(sooner, { why: 'a' }, put)).toBe(false);
    expect([look.again, look.isOf(sooner), look.saving.error]).toEqual([true, true, null]);
    expect(await look.save(sooner, { why: 'a' }, put)).toBe(true);
    expect(sent.map((one) => one.seen)).toEqual(['seen-1', 'seen-2']);
    expect(look.again).toBe(false);
  });

  it('sends the same under the same id after a lost answer, and anything else under another', async () => {
    const look = new LookFirst(() => 'c1');
    const { sent, put } = saver(new Unreachable(), new Unreachable());
    await look.look(sooner);
    await look.save(sooner, { why: 'a' }, put);
    expect(look.saving.error).toBeInstanceOf(Unreachable);
    await look.save(sooner, { why: 'b' }, put);
    await look.save(sooner, { why: 'b' }, put);
    const ids = sent.map((one) => one.id);
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids[1]).toBe(ids[2]);
  });
});
