// The team's live stream is read with fetch, because a token never goes into a URL and EventSource cannot set headers.
// So we parse the stream ourselves. Only what the server sends is understood: id, event, data, and comments.

export type StreamEvent = { id: string; event: string; data: string };

/** Feed it text as it arrives, in whatever pieces; it hands back each whole event. A comment counts as a sign of life. */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  /** The last id seen, kept across events as the standard says: it is what we resume from. */
  lastId = '';

  feed(text: string): StreamEvent[] {
    const found: StreamEvent[] = [];
    this.rest += text;
    let end: number;
    while ((end = this.rest.search(/\r\n|\n|\r/)) >= 0) {
      // A lone \r at the very end may be half of \r\n: wait for the next piece.
      if (this.rest[end] === '\r' && end === this.rest.length - 1) break;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + (this.rest.startsWith('\r\n', end) ? 2 : 1));
      const whole = this.line(line);
      if (whole) found.push(whole);
    }
    return found;
  }

  private line(line: string): StreamEvent | null {
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) return null;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.lastId = value;
    return null;
  }

  private dispatch(): StreamEvent | null {
    const event = { id: this.lastId, event: this.event || 'message', data: this.data.join('\n') };
    // `reset` may come without data, and must still be heard.
    const said = this.data.length > 0 || this.event !== '';
    this.event = '';
    this.data = [];
    return said ? event : null;
  }
}

/** How long to wait before the nth try to reconnect: 1, 2, 4 … 30 s, spread by up to a quarter so that
 *  a whole team does not come back in the same second. `chance` is 0..1 and comes in as an argument. */
export function backoff(tries: number, chance: number): number {
  const base = Math.min(30_000, 1000 * 2 ** Math.max(0, tries - 1));
  return Math.round(base * (0.75 + chance * 0.25));
}
