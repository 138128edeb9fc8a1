import { describe, expect, it } from 'vitest';
import { arrive, inGroups } from './groups';
import type { Group, InboxRow } from '../../shared/wire-team';

const row = (kind: 'contact_request' | 'flag', id: string, group: Group, sentence = '') =>
  ({ kind, group, since: '', client: {}, sentence, owner: null, [kind]: { id } }) as unknown as InboxRow;
const keys = (rows: { key: string }[]) => rows.map((r) => r.key);

describe('the inbox', () => {
  const ask = row('contact_request', 'a', 'now');
  const flag = row('flag', 'f', 'today');

  it('puts contact requests on top of each group and keeps the order of the server', () => {
    const { shown } = arrive([], [row('flag', 'g', 'today'), flag, row('contact_request', 'b', 'today'), ask], false);
    expect(inGroups(shown).map((g) => keys(g.rows))).toEqual([
      ['contact_request:a'],
      ['contact_request:b', 'flag:g', 'flag:f'],
      [],
    ]);
  });

  it('moves nothing while somebody reads: news waits, words are brought up to date, what went stays and says so', () => {
    const before = arrive([], [ask, flag], false).shown;
    const { shown, waiting } = arrive(before, [row('contact_request', 'b', 'now'), row('flag', 'f', 'today', 'eased')], true);
    expect(keys(shown)).toEqual(['contact_request:a', 'flag:f']);
    expect(shown.map((s) => s.gone)).toEqual([true, false]);
    expect(shown[1]?.row.sentence).toBe('eased');
    expect(waiting.map((w) => w.contact_request?.id)).toEqual(['b']);
  });

  it('counts a row that became more urgent as news, and leaves it where it is read', () => {
    const before = arrive([], [ask, flag], false).shown;
    const { shown, waiting } = arrive(before, [ask, row('flag', 'f', 'now')], true);
    expect(shown[1]?.row.group).toBe('today');
    expect(waiting.map((w) => w.flag?.id)).toEqual(['f']);
  });
});
