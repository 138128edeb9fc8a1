// As much of TOML as our front matter needs: keys on lines of their own, one-line strings, numbers, dates, true and false, lists of
// strings, and [[tables]]. Anything else, comments too, is answered with null: whoever asked then leaves the file alone.

export type Value = string | number | boolean | { date: string } | string[];
/** The first table has no name. */
export type Table = { name: string | null; entries: Map<string, Value> };

const ESCAPED: Record<string, string> = { '"': '"', '\\': '\\', n: '\n', t: '\t' };

class Reader {
  at = 0;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** What `pattern` (sticky) finds here, stepped over. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  string(): string | null {
    const literal = this.take(/'([^'\n]*)'/y);
    if (literal) return this.text[this.at] === "'" ? null : literal[1]!;
    const basic = this.take(/"((?:[^"\\\n]|\\[^\n])*)"/y);
    // Three quotes begin a string of several lines.
    if (!basic || this.text[this.at] === '"') return null;
    let known = true;
    const words = basic[1]!.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, one: string) => {
      if (code) return String.fromCharCode(parseInt(code, 16));
      if (!(one in ESCAPED)) known = false;
      return ESCAPED[one] ?? '';
    });
    return known ? words : null;
  }

  list(): string[] | null {
    const items: string[] = [];
    if (!this.take(/\[\s*/y)) return null;
    while (!this.take(/\]/y)) {
      const item = this.string();
      if (item === null) return null;
      items.push(item);
      if (!this.take(/\s*,\s*/y) && !this.take(/\s*(?=\])/y)) return null;
    }
    return items;
  }

  value(): Value | null {
    const first = this.text[this.at];
    if (first === '"' || first === "'") return this.string();
    if (first === '[') return this.list();
    const date = this.take(/\d{4}-\d{2}-\d{2}(?![\d:TtZz-])/y);
    if (date) return { date: date[0] };
    const number = this.take(/(?:0|[1-9]\d*)(?![\d._-])/y);
    if (number) return Number(number[0]);
    const word = this.take(/(?:true|false)(?!\w)/y);
    return word ? word[0] === 'true' : null;
  }
}

export function values(text: string): Table[] | null {
  const reader = new Reader(text);
  const tables: Table[] = [{ name: null, entries: new Map() }];
  while (reader.take(/\s*/y) && reader.at < text.length) {
    const head = reader.take(/\[\[([a-z_]+)\]\]/y);
    if (head) {
      tables.push({ name: head[1]!, entries: new Map() });
    } else {
      const key = reader.take(/([a-z_]+)[ \t]*=[ \t]*/y)?.[1];
      const { entries } = tables.at(-1)!;
      if (!key || entries.has(key)) return null;
      const value = reader.value();
      if (value === null) return null;
      entries.set(key, value);
    }
    // Nothing else may stand on the line.
    if (!reader.take(/[ \t]*(?:\n|$)/y)) return null;
  }
  return tables;
}
