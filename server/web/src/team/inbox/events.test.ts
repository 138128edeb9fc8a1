import { describe, expect, it } from 'vitest';
import { EventParser, backoff } from './events';

const changed = 'id: 123\nevent: changed\ndata: {"what":"flag"}\n\n';

describe('the stream, read by hand', () => {
  it('gives the same events however the bytes are cut', () => {
    const text = `: hello\n\n${changed}id: 124\r\nevent: changed\r\ndata: a\r\ndata: b\r\n\r\n`;
    const whole = new EventParser().feed(text);
    expect(whole).toEqual([
      { id: '123', event: 'changed', data: '{"what":"flag"}' },
      { id: '124', event: 'changed', data: 'a\nb' },
    ]);
    for (let cut = 1; cut < text.length; cut++) {
      const parser = new EventParser();
      expect([...parser.feed(text.slice(0, cut)), ...parser.feed(text.slice(cut))], `cut at ${cut}`).toEqual(whole);
    }
  });

  it('says nothing for comments, and keeps the last id to resume from', () => {
    const parser = new EventParser();
    parser.feed(changed);
    expect(parser.feed(': still here\n\n')).toEqual([]);
    expect(parser.lastId).toBe('123');
  });

  it('does not hand over an event that never ended', () => {
    expect(new EventParser().feed('id: 9\ndata: half')).toEqual([]);
  });

  it('hears a reset that carries no data', () => {
    expect(new EventParser().feed('event: reset\n\n')[0]?.event).toBe('reset');
  });
});

describe('waiting before another try', () => {
  it('doubles up to thirty seconds and is spread', () => {
    expect([1, 2, 3, 6, 60].map((n) => backoff(n, 1))).toEqual([1000, 2000, 4000, 30_000, 30_000]);
    expect(backoff(3, 0)).toBe(3000);
  });
});
