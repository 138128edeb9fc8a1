// What changed from one text to another: the longest common run of lines, then of words within lines that belong together.

export type Change<T> = { what: 'same' | 'out' | 'in'; item: T };

/** Longest common subsequence. What is the same at both ends is set aside first, which leaves little for the table. */
export function diff<T>(before: readonly T[], after: readonly T[]): Change<T>[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  // length[i][j] = how much of a from i and of b from j is common.
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      length[at] = a[i] === b[j] ? length[at + width + 1]! + 1 : Math.max(length[at + width]!, length[at + 1]!);
    }
  }
  const same = (item: T): Change<T> => ({ what: 'same', item });
  const changes = before.slice(0, head).map(same);
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const at = i * width + j;
    if (i < a.length && j < b.length && a[i] === b[j]) {
      changes.push(same(a[i]!));
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && length[at + width]! >= length[at + 1]!)) {
      changes.push({ what: 'out', item: a[i]! });
      i += 1;
    } else {
      changes.push({ what: 'in', item: b[j]! });
      j += 1;
    }
  }
  return [...changes, ...before.slice(before.length - tail).map(same)];
}

/** Words of a line with a mark on those that are only in this one of the two. */
export type Marked = { text: string; changed: boolean }[];
export type Row = { what: 'same'; lines: string[] } | { what: 'out' | 'in'; words: Marked };

/** Two texts for reading side by side: runs that are the same, lines taken out, lines put in. */
export function rows(before: string[], after: string[]): Row[] {
  const found: Row[] = [];
  let [out, put]: [string[], string[]] = [[], []];
  const settle = () => {
    // The first line taken out belongs to the first put in, as far as they go and as far as they are alike.
    const pairs = out.map((line, n) => (put[n] === undefined ? null : alike(line, put[n])));
    out.forEach((line, n) => found.push({ what: 'out', words: pairs[n]?.before ?? plainly(line) }));
    put.forEach((line, n) => found.push({ what: 'in', words: pairs[n]?.after ?? plainly(line) }));
    [out, put] = [[], []];
  };
  for (const { what, item } of diff(before, after)) {
    if (what === 'out') out.push(item);
    else if (what === 'in') put.push(item);
    else {
      if (out.length + put.length > 0) settle();
      const last = found.at(-1);
      if (last?.what === 'same') last.lines.push(item);
      else found.push({ what: 'same', lines: [item] });
    }
  }
  settle();
  return found;
}

const plainly = (line: string): Marked => [{ text: line, changed: false }];

/** Words marked in both, or null when the lines have too little in common for marks to help. */
function alike(before: string, after: string): { before: Marked; after: Marked } | null {
  const cut = (line: string) => line.match(/\s+|[^\s]+/g) ?? [];
  const changes = diff(cut(before), cut(after));
  const kept = changes.filter((one) => one.what === 'same' && one.item.trim()).length;
  if (kept * 2 < Math.min(cut(before).length, cut(after).length) / 2) return null;
  const side = (what: 'out' | 'in'): Marked => {
    const marked: Marked = [];
    for (const one of changes) {
      if (one.what !== 'same' && one.what !== what) continue;
      const changed = one.what === what;
      const last = marked.at(-1);
      if (last && last.changed === changed) last.text += one.item;
      else marked.push({ text: one.item, changed });
    }
    return marked;
  };
  return { before: side('out'), after: side('in') };
}
